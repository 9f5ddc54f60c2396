"""Latin letters for comparing."""

import pytest

from tradepost.crm.cards.fields.latin import latin, likeness


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Щукина Юлия", "schukina yuliya"),
        ("Müller & Söhne", "mueller soehne"),
        ("Benoît", "benoit"),
        ("Groß-Łódź", "gross lodz"),
    ],
)
def test_every_script_has_its_latin_letters(text: str, plain: str) -> None:
    assert latin(text) == plain


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [("kestrel", "kestreltools", 1.0), ("abcd", "xxabxx", 0.5), ("a", "a", 0.0), ("xy", "ab", 0.0)],
)
def test_likeness_is_the_share_of_the_longest_common_run(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == likeness(other, one) == share
