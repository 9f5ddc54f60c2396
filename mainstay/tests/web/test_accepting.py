"""What a caller takes: by name and not by a wildcard, unless it says that it wants none."""

import pytest

from mainstay.web.accepting import LONGEST, names

CHROMIUM = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "is_taken"),
    [
        (CHROMIUM, True),
        ("image/webp, IMAGE/AVIF ; q=0.5", True),
        ("image/avif;q=0", False),
        ("image/avif; q=0.000, */*", False),
        ("image/avif;q=0.001", True),
        ("image/*,*/*;q=0.8", False),
        ("image/avifs", False),
        ("text/html", False),
        ("", False),
        (None, False),
        ("x," * LONGEST + "image/avif", False),
    ],
)
def test_a_type_is_taken_by_whoever_names_it(accept: str | None, is_taken: bool) -> None:
    assert names(accept, "image/avif") == is_taken
