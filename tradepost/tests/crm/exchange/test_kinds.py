"""Kinds of phones and places, in the words of other programs."""

import pytest

from tradepost.crm.exchange.kinds import phone_kind, place_kind
from tradepost.crm.exchange.record import PhoneKind, PlaceKind


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["cell", "voice", "pref"], "mobile"),
        (["work", "fax"], "fax"),
        (["_$!<HomeFAX>!$_"], "fax"),
        (["_$!<Mobile>!$_"], "mobile"),
        (["iPhone"], "mobile"),
        (["* Work"], "work"),
        (["WORK", "VOICE"], "work"),
        (["home"], "home"),
        (["pager"], "pager"),
        (["Рабочий"], "work"),
        (["Мобильный"], "mobile"),
        (["Geschäftlich"], "work"),
        (["_$!<Main>!$_"], "other"),
        ([], "other"),
    ],
)
def test_phones_are_told_apart(words: list[str], kind: PhoneKind) -> None:
    assert phone_kind(words) == kind


@pytest.mark.parametrize(
    ("words", "kind"), [(["internet", "home"], "home"), (["* Work"], "work"), (["Домашний"], "home"), (["x"], "other")]
)
def test_places_are_told_apart(words: list[str], kind: PlaceKind) -> None:
    assert place_kind(words) == kind
