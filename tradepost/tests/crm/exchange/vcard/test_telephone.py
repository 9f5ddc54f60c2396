"""Telephone numbers of cards."""

import pytest

from tradepost.crm.exchange.record import Phone
from tradepost.crm.exchange.vcard.content_line import ContentLine
from tradepost.crm.exchange.vcard.telephone import number_parameter, read_phone


@pytest.mark.parametrize(
    ("value", "written", "e164"),
    [
        ("tel:+49-30-1234", "+49-30-1234", "+49301234"),
        ("TEL:+1(418)%20262.6501", "+1(418) 262.6501", "+14182626501"),
        ("tel:+1-418-656-9254;ext=10%32", "+1-418-656-9254 ext. 102", None),
        ("tel:030-1234;phone-context=+49", "030-1234", None),
        ("+49 30 1234", "+49 30 1234", None),
        ("+49 (0)30\\, Zentrale", "+49 (0)30, Zentrale", None),
    ],
)
def test_e164_is_what_the_card_states_and_nothing_guessed(value: str, written: str, e164: str | None) -> None:
    """Rule 30."""
    assert read_phone(ContentLine("TEL", value), "work") == Phone(written, e164)


@pytest.mark.parametrize(("stated", "e164"), [("+49301234", "+49301234"), ("030", None), ("+1234567890123456", None)])
def test_our_own_parameter_is_believed_where_it_is_a_number(stated: str, e164: str | None) -> None:
    """Rule 30."""
    line = ContentLine("TEL", "030 1234", (("X-E164", (stated,)),))
    assert read_phone(line, "home") == Phone("030 1234", e164, "home")


def test_a_number_that_is_known_is_written_beside_the_text() -> None:
    assert number_parameter(Phone("1", "+491")) == (("X-E164", ("+491",)),)
    assert number_parameter(Phone("1")) == ()
