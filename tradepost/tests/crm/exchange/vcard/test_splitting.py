"""Cards of a file."""

import pytest

from tradepost.crm.exchange.entry import ExchangeProblem, Rejected
from tradepost.crm.exchange.vcard.splitting import (
    LARGEST_CARD,
    LONGEST_PREFACE,
    MOST_KEPT,
    MOST_NOTICES,
    MOST_PROPERTIES,
    RawCard,
    Splitter,
)
from tradepost.crm.exchange.vcard.unfolding import RawProperty


def raw(text: str, size: int | None = None, number: int = 1) -> RawProperty:
    """Return a property; `size` is how long it was before it was cut."""
    return RawProperty(number, bytearray(text.encode()), len(text) if size is None else size)


def cards_of(*properties: str | RawProperty) -> list[RawCard | Rejected]:
    """Return what a file of these properties holds."""
    splitter = Splitter(most_cards=100)
    found: list[RawCard | Rejected] = []
    for number, one in enumerate(properties, start=1):
        found += splitter.take(raw(one, number=number) if isinstance(one, str) else one)
    return [*found, *splitter.end()]


def reasons_of(*properties: str | RawProperty) -> list[str]:
    """Return the codes of the reasons against the cards of a file, empty for accepted ones."""
    found = cards_of(*properties)
    return [one.reason.code if isinstance(one, Rejected) else "" for one in found]


def test_cards_are_counted_and_know_their_line() -> None:
    first, second = cards_of("BEGIN:VCARD", "VERSION:2.1", "N:A", "END:VCARD", "begin:vcard ", "N:B", "End:VCard")
    assert isinstance(first, RawCard)
    assert isinstance(second, RawCard)
    assert (first.number, first.line, first.is_old, [one.name for one in first.properties]) == (1, 1, True, ["N"])
    assert (second.number, second.line, second.is_old) == (2, 5, False)


def test_a_card_without_an_end_is_one_rejected_entry() -> None:
    """Rule 35."""
    assert reasons_of("BEGIN:VCARD", "N:A", "BEGIN:VCARD", "N:B", "END:VCARD", "BEGIN:VCARD") == [
        "no_end",
        "",
        "no_end",
    ]


def test_the_card_of_an_agent_is_left_out() -> None:
    agent = ["AGENT:", "BEGIN:VCARD", "N:Agent", "AGENT:", "BEGIN:VCARD", "END:VCARD", "END:VCARD"]
    [card] = cards_of("BEGIN:VCARD", "N:A", *agent, "TEL:1", "END:VCARD")
    assert isinstance(card, RawCard)
    assert [one.name for one in card.properties] == ["N", "TEL"]
    assert [notice.code for notice in card.notices] == ["agent_left_out"]


def test_cards_within_cards_within_cards_are_refused_and_the_rest_is_read() -> None:
    deep = ["AGENT:", "BEGIN:VCARD"] * 10 + ["END:VCARD"] * 10
    assert reasons_of("BEGIN:VCARD", *deep, "END:VCARD", "BEGIN:VCARD", "END:VCARD") == ["nested_too_deep", ""]


def test_many_beginnings_are_as_many_broken_cards() -> None:
    assert reasons_of(*["BEGIN:VCARD"] * 50) == ["no_end"] * 50


def test_a_picture_that_is_too_large_is_left_out_with_a_notice() -> None:
    [card] = cards_of("BEGIN:VCARD", raw("PHOTO;ENCODING=b:AAAA", 100_000), "N:A", "END:VCARD")
    assert isinstance(card, RawCard)
    assert ([notice.code for notice in card.notices], len(card.properties)) == (["binary_left_out"], 1)


def test_a_text_that_is_too_long_refuses_its_card() -> None:
    assert reasons_of("BEGIN:VCARD", raw("NOTE:x", 100_000), "N:A", "END:VCARD") == ["property_too_long"]


def test_cards_have_limits() -> None:
    photo = raw("PHOTO:x", LARGEST_CARD)
    assert reasons_of("BEGIN:VCARD", photo, photo, "END:VCARD") == ["card_too_large"]
    assert reasons_of("BEGIN:VCARD", *["TEL:1"] * (MOST_PROPERTIES + 1), "END:VCARD") == ["card_too_large"]
    assert reasons_of("BEGIN:VCARD", *["X-A:" + "x" * 60_000] * (MOST_KEPT // 60_000 + 1), "END:VCARD") == [
        "card_too_large"
    ]


def test_notices_are_few() -> None:
    [card] = cards_of("BEGIN:VCARD", *[raw("PHOTO:x", 100)] * 50, "END:VCARD")
    assert isinstance(card, RawCard)
    assert len(card.notices) == MOST_NOTICES


@pytest.mark.parametrize("properties", [(), ("N:A", "END:VCARD"), (raw("x", LONGEST_PREFACE + 1), "BEGIN:VCARD")])
def test_a_file_without_cards_is_no_vcard_file(properties: tuple[str | RawProperty, ...]) -> None:
    with pytest.raises(ExchangeProblem, match="no vCard file"):
        cards_of(*properties)


def test_a_file_has_a_limit_of_cards() -> None:
    with pytest.raises(ExchangeProblem, match="more than 100 cards"):
        cards_of(*["BEGIN:VCARD", "END:VCARD"] * 101)


def test_a_line_that_does_not_end_is_refused() -> None:
    splitter = Splitter()
    assert list(splitter.take(raw("BEGIN:VCARD"))) == []
    splitter.check_size(LARGEST_CARD)
    with pytest.raises(ExchangeProblem, match="line of more than"):
        splitter.check_size(LARGEST_CARD + 1)
