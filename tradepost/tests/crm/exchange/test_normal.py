"""The normal form of contacts."""

from hypothesis import given
from hypothesis import strategies as st
from rolodex import contacts

from tradepost.crm.exchange.normal import normal, one_line, plain, some_lines
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website


@given(contacts())
def test_the_normal_form_is_its_own(record: ContactRecord) -> None:
    assert normal(record) == record


@given(st.text(st.characters()))
def test_no_text_holds_what_a_database_refuses(text: str) -> None:
    assert not set(plain(text)) & set("\0\x1b\ud800\udfff\ufffe")
    assert plain(text).encode().decode() == plain(text)


def test_names_are_composed_and_keep_their_script_and_direction() -> None:
    """Rule 33."""
    assert one_line("  Zoe\u0308  \u200fמשה\x00 ") == "Zoë \u200fמשה"


def test_notes_keep_their_lines() -> None:
    assert some_lines("a \r\n\rb\u2028c\t\n") == "a\n\nb\nc"


def test_a_family_name_that_is_the_whole_name_is_an_unsplit_name() -> None:
    """Rule 33."""
    assert normal(ContactRecord("山田太郎", family="山田太郎")) == ContactRecord("山田太郎")
    split = ContactRecord("Müller", family="Müller", prefix="Dr.")
    assert normal(split) == split


def test_a_company_has_no_name_in_parts() -> None:
    assert normal(ContactRecord("ACME", "company", given="A", company="ACME")) == ContactRecord("ACME", "company")


def test_an_address_in_parts_is_read_street_first() -> None:
    address = PostalAddress("", street="Lange Str. 5", postcode="12345", city="Berlin", country="Deutschland")
    [found] = normal(ContactRecord("A", addresses=(address,))).addresses
    assert found.text == "Lange Str. 5\n12345 Berlin\nDeutschland"


def test_what_is_empty_or_stands_twice_is_dropped() -> None:
    record = ContactRecord(
        "A",
        phones=(Phone("1"), Phone(" 1 "), Phone("\0")),
        emails=(Email(" "), Email("a@b")),
        websites=(Website(""),),
        addresses=(PostalAddress(""),),
        tags=("x", "", "x"),
    )
    assert normal(record) == ContactRecord("A", phones=(Phone("1"),), emails=(Email("a@b"),), tags=("x",))
