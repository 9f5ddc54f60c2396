"""The filter of stolen passwords: it knows them whatever their case, few others, and loads quickly."""

import pytest

from mainstay import crypto
from mainstay.modules.identity.service import breached
from mainstay.modules.identity.service.breached import is_known


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y7u8i",
        "qwertyuiopasdfghjkl",
        "QWERTYUIOPASDFGHJKL",
        "123456789qwerty",
        "iloveyou1234567",
        "michaeljackson7",
        "correcthorsebatterystaple",
        "йцукенгшщзхъфыва",
    ],
)
def test_a_stolen_password_is_known_whatever_its_case(password: str) -> None:
    assert is_known(password)


def test_hardly_any_other_is_taken_for_one() -> None:
    """One in 4,096 by its size: of ten thousand, two or three. Twelve happen once in 30,000 runs."""
    assert sum(is_known(crypto.new_token(16)) for _ in range(10_000)) < 12


def test_the_file_is_compact_and_holds_more_than_a_million() -> None:
    content, size = breached._filter()

    assert size / 17.32 > 1_000_000
    assert len(content) < 8_000_000
