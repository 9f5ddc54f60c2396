"""Cards written, and read again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rolodex import LINES, contacts

from tradepost.crm.exchange.entry import Read
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.exchange.vcard.reader import read_vcards
from tradepost.crm.exchange.vcard.writer import LONGEST_LINE, Version, fold, write_vcard, write_vcards

PERSON = ContactRecord(
    "Anna Grün",
    given="Anna",
    family="Grün",
    company="Holz; Söhne",
    title="Leiterin, Einkauf",
    department="Einkauf",
    language="de",
    notes="Halle 4\nKaffee",
    uid="urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
    phones=(Phone("030 1234", "+49301234"), Phone("0170 1", kind="mobile"), Phone("1", kind="other")),
    emails=(Email("anna@holz.example"), Email("a@x.example", "other")),
    websites=(Website("https://holz.example/?a=1,2;b"),),
    addresses=(
        PostalAddress("Hof\n10115 Berlin", street="Lange Str. 5", city="Berlin"),
        PostalAddress("Paris", kind="home"),
    ),
    tags=("Messe", "a,b"),
    foreign=(
        ForeignProperty("item1.X-SKYPE:anna"),
        ForeignProperty("BDAY:1970-02-01"),
        ForeignProperty("PHOTO;TYPE=JPEG;ENCODING=b:AAAA"),
        ForeignProperty("CLASS:PUBLIC"),
        ForeignProperty("GENDER:F"),
    ),
)


def again(record: ContactRecord, version: Version) -> ContactRecord:
    """Return a contact that was written and read."""
    [found] = read_vcards([write_vcard(record, version).encode()])
    assert isinstance(found, Read)
    return found.record


@given(contacts())
def test_any_contact_survives_version_4(record: ContactRecord) -> None:
    """Rule 32."""
    assert again(record, "4.0") == record


@given(contacts())
def test_any_contact_survives_version_3(record: ContactRecord) -> None:
    """Rule 32."""
    assert again(record, "3.0") == record


def test_a_card_of_version_4_is_as_the_standard_says() -> None:
    """Rule 32."""
    assert write_vcard(PERSON).replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "KIND:individual",
        "N:Grün;Anna;;;",
        "EMAIL;TYPE=work:anna@holz.example",
        "EMAIL:a@x.example",
        "ADR;LABEL=Hof\\n10115 Berlin;TYPE=work:;;Lange Str. 5;Berlin;;;",
        "ADR;TYPE=home:;;Paris;;;;",
        "FN:Anna Grün",
        "ORG:Holz\\; Söhne;Einkauf",
        "TITLE:Leiterin\\, Einkauf",
        "LANG:de",
        "NOTE:Halle 4\\nKaffee",
        "TEL;TYPE=work;X-E164=+49301234:030 1234",
        "TEL;TYPE=cell:0170 1",
        "TEL:1",
        "URL:https://holz.example/?a=1,2;b",
        "CATEGORIES:Messe,a\\,b",
        "item1.X-SKYPE:anna",
        "BDAY:19700201",
        "PHOTO:data:image/jpeg;base64,AAAA",
        "GENDER:F",
        "END:VCARD",
        "",
    ]


def test_a_card_of_version_3_is_as_the_standard_says() -> None:
    """Rule 32."""
    assert write_vcard(PERSON, "3.0").replace("\r\n ", "").split("\r\n")[:10] == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "N:Grün;Anna;;;",
        "EMAIL;TYPE=internet,work:anna@holz.example",
        "EMAIL;TYPE=internet:a@x.example",
        "address1.ADR;TYPE=work:;;Lange Str. 5;Berlin;;;",
        "address1.LABEL;TYPE=work:Hof\\n10115 Berlin",
        "ADR;TYPE=home:;;Paris;;;;",
        "FN:Anna Grün",
    ]


def test_an_unsplit_name_has_an_n_only_where_it_must() -> None:
    """Rule 33."""
    record = ContactRecord("山田太郎")
    assert "\r\nN:" not in write_vcard(record)
    assert "\r\nN:山田太郎;;;;\r\n" in write_vcard(record, "3.0")


@pytest.mark.parametrize(("version", "sign"), [("4.0", "KIND:org"), ("3.0", "N:;;;;\r\nORG:ACME;Sales\r\n")])
def test_a_company_says_that_it_is_one(version: Version, sign: str) -> None:
    record = ContactRecord("ACME", "company", department="Sales")
    text = write_vcard(record, version).replace("FN:ACME\r\n", "")
    assert sign in text
    assert again(record, version) == record


def test_a_uid_that_is_no_uri_is_said_to_be_text() -> None:
    assert "\r\nUID;VALUE=text:a\\;b\r\n" in write_vcard(ContactRecord("A", uid="a;b"))


def test_nothing_is_put_between_the_lines_of_a_card() -> None:
    line = ForeignProperty("X-A:1\r\nEND:VCARD\r\nBEGIN:VCARD")
    record = ContactRecord(
        "A\r\nEND:VCARD", uid="a\nb", notes="x\rEND:VCARD", foreign=(line, ForeignProperty("END:VCARD"))
    )
    frame = [line for line in re.split("[\r\n]+", write_vcard(record)) if line in {"BEGIN:VCARD", "END:VCARD"}]
    assert frame == ["BEGIN:VCARD", "END:VCARD"]


def test_cards_stand_one_after_another() -> None:
    text = "".join(write_vcards([ContactRecord("A"), ContactRecord("B")]))
    assert [one.record.name for one in read_vcards([text.encode()]) if isinstance(one, Read)] == ["A", "B"]


@given(st.one_of(LINES, st.text(st.sampled_from("a日😀é"), min_size=60, max_size=200)).filter(str.isprintable))
def test_lines_are_short_and_no_character_is_cut(text: str) -> None:
    lines = fold(text).encode().removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert "".join(line.decode().removeprefix(" " if place else "") for place, line in enumerate(lines)) == text
