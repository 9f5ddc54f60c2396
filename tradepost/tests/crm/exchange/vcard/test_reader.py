"""Whole files of cards, as other programs write them."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.exchange.vcard.reader import VCardReader, read_vcards

APPLE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 14.5//EN
N:Grün;Anna;Maria;Dr.;
FN:Dr. Anna Maria Grün
ORG:Holz & Söhne\\; Partner;Einkauf
TITLE:Leiterin
EMAIL;type=INTERNET;type=WORK;type=pref:anna@holz.example
item1.EMAIL;type=INTERNET:a.gruen@privat.example
item1.X-ABLabel:_$!<Home>!$_
TEL;type=CELL;type=VOICE;type=pref:+49 170 1234567
item2.TEL:+49 30 1234567
item2.X-ABLabel:_$!<WorkFAX>!$_
item3.ADR;type=WORK;type=pref:;;Lange Straße 5\\nHinterhaus;Berlin;;10115;Deutschland
item3.X-ABADR:de
item4.URL;type=pref:https\\://holz.example
item4.X-ABLabel:_$!<HomePage>!$_
item5.X-ABDATE;type=pref:2010-05-01
item5.X-ABLabel:_$!<Anniversary>!$_
NOTE:Messe\\, Halle 4\\nKaffee ohne Milch
CATEGORIES:Lieferanten,Messe
REV:2024-05-01T10:00:00Z
UID:7E5A-1
X-ABUID:7E5A-1:ABPerson
END:VCARD
"""
GOOGLE = """BEGIN:VCARD
VERSION:3.0
FN:Kaffeerösterei Süd
N:;;;;
item1.ORG:Kaffeerösterei Süd
item1.X-ABLabel:
item2.URL:http\\://www.google.com/profiles/1
item2.X-ABLabel:PROFILE
TEL;TYPE=WORK:089 1234
PHOTO:https://lh3.example/photo.jpg
CATEGORIES:myContacts
END:VCARD
"""
OUTLOOK = """BEGIN:VCARD
VERSION:2.1
X-MS-OL-DEFAULT-POSTAL-ADDRESS:2
N;LANGUAGE=de;CHARSET=Windows-1252:Müller;Jörg
FN;CHARSET=Windows-1252:Jörg Müller
ORG;CHARSET=Windows-1252:Bäckerei, Müller & Co
TEL;WORK;VOICE:(089) 123-4
TEL;WORK;FAX:(089) 123-5
ADR;WORK;PREF;CHARSET=Windows-1252:;;Königstr. 1;München;Bayern;80331;Deutschland
LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE;CHARSET=Windows-1252:K=F6nigstr. 1=0D=0A=
80331 M=FCnchen=0D=0A=
Deutschland
X-MS-OL-DESIGN;CHARSET=utf-8:<card xmlns="http://schemas.microsoft.com/office/outlook/12/electronicbusinesscards"/>
PHOTO;TYPE=JPEG;ENCODING=BASE64:
 /9j/4AAQ
 SkZJRgAB

X-MS-OL-BIRTHDAY;VALUE=DATE:19700101
REV:20240501T100000Z
END:VCARD
"""
NOKIA = """BEGIN:VCARD
VERSION:2.1
N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=9F=
=D1=91=D1=82=D1=80
TEL;CELL:+79161234567
TEL;X-CUSTOM;PREF:8 495 1
END:VCARD
"""
RFC6350 = """BEGIN:VCARD
VERSION:4.0
FN:Simon Perreault
N:Perreault;Simon;;;ing. jr,M.Sc.
BDAY:--0203
GENDER:M
LANG;PREF=1:fr
LANG;PREF=2:en
ORG;TYPE=work:Viagenie
ADR;TYPE=work:;Suite D2-630;2875 Laurier;
 Quebec;QC;G1V 2M2;Canada
TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102
TEL;VALUE=uri;TYPE="work,cell,voice,video,text":tel:+1-418-262-6501
EMAIL;TYPE=work:simon.perreault@viagenie.ca
GEO;TYPE=work:geo:46.772673,-71.282945
URL;TYPE=home:http://nomis80.org
END:VCARD
"""


def read(text: str | bytes, size: int = 1000) -> list[Read | Rejected]:
    """Return what came of the cards of a file that is fed in pieces."""
    content = text.encode() if isinstance(text, str) else text
    return list(read_vcards(content[start : start + size] for start in range(0, len(content), size)))


def record_of(text: str | bytes) -> ContactRecord:
    """Return the contact of a file's only card."""
    [found] = read(text)
    assert isinstance(found, Read)
    return found.record


def card(*lines: str, version: str = "3.0") -> str:
    """Return a card of these lines."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_card_of_apple_is_read(end: str) -> None:
    """Rule 32."""
    assert record_of(APPLE.replace("\n", end)) == ContactRecord(
        "Dr. Anna Maria Grün",
        given="Anna",
        family="Grün",
        middle="Maria",
        prefix="Dr.",
        company="Holz & Söhne; Partner",
        title="Leiterin",
        department="Einkauf",
        notes="Messe, Halle 4\nKaffee ohne Milch",
        uid="7E5A-1",
        phones=(Phone("+49 170 1234567", kind="mobile"), Phone("+49 30 1234567", kind="fax")),
        emails=(Email("anna@holz.example"), Email("a.gruen@privat.example", "home")),
        websites=(Website("https://holz.example"),),
        addresses=(
            PostalAddress(
                "Lange Straße 5\nHinterhaus\n10115 Berlin\nDeutschland",
                street="Lange Straße 5\nHinterhaus",
                postcode="10115",
                city="Berlin",
                country="Deutschland",
            ),
        ),
        tags=("Lieferanten", "Messe"),
        foreign=(
            ForeignProperty("item3.X-ABADR:de"),
            ForeignProperty("item5.X-ABDATE;TYPE=pref:2010-05-01"),
            ForeignProperty("item5.X-ABLabel:_$!<Anniversary>!$_"),
            ForeignProperty("X-ABUID:7E5A-1:ABPerson"),
        ),
    )


def test_a_card_of_google_is_read() -> None:
    """Rule 32."""
    assert record_of(GOOGLE) == ContactRecord(
        "Kaffeerösterei Süd",
        "company",
        phones=(Phone("089 1234"),),
        websites=(Website("http://www.google.com/profiles/1"),),
        foreign=(ForeignProperty("PHOTO:https://lh3.example/photo.jpg"),),
    )


@pytest.mark.parametrize("codec", ["cp1252", "utf-8"])
def test_a_card_of_outlook_is_read(codec: str) -> None:
    """Rule 32: with the encoding it states, and where it states none."""
    text = OUTLOOK if codec == "cp1252" else OUTLOOK.replace(";CHARSET=Windows-1252:M", ":M")
    text = text if codec == "cp1252" else text.replace("Windows-1252:", "x-none:").replace("=F6", "=C3=B6")
    record = record_of(text.replace("=FC", "=FC" if codec == "cp1252" else "=C3=BC").encode(codec))
    assert record == ContactRecord(
        "Jörg Müller",
        given="Jörg",
        family="Müller",
        company="Bäckerei, Müller & Co",
        phones=(Phone("(089) 123-4"), Phone("(089) 123-5", kind="fax")),
        addresses=(
            PostalAddress(
                "Königstr. 1\n80331 München\nDeutschland",
                street="Königstr. 1",
                postcode="80331",
                city="München",
                region="Bayern",
                country="Deutschland",
            ),
        ),
        foreign=(
            ForeignProperty("X-MS-OL-DEFAULT-POSTAL-ADDRESS:2"),
            ForeignProperty(
                'X-MS-OL-DESIGN:<card xmlns="http://schemas.microsoft.com/office/outlook/12/electronicbusinesscards"/>'
            ),
            ForeignProperty("PHOTO;TYPE=JPEG;ENCODING=b:/9j/4AAQSkZJRgAB"),
            ForeignProperty("X-MS-OL-BIRTHDAY;VALUE=DATE:19700101"),
        ),
    )


def test_a_card_of_an_old_phone_is_read() -> None:
    """Rule 32: 2.1, quoted-printable with a character set, a name in Cyrillic and no FN."""
    assert record_of(NOKIA) == ContactRecord(
        "Пётр Иванов",
        given="Пётр",
        family="Иванов",
        phones=(Phone("8 495 1", kind="other"), Phone("+79161234567", kind="mobile")),
    )


def test_the_card_of_the_standard_is_read() -> None:
    """Rule 32: RFC 6350, section 8, shortened."""
    record = record_of(RFC6350)
    assert (record.name, record.suffix, record.language) == ("Simon Perreault", "ing. jr, M.Sc.", "fr")
    assert record.phones == (
        Phone("+1-418-656-9254 ext. 102"),
        Phone("+1-418-262-6501", "+14182626501", "mobile"),
    )
    assert record.addresses[0].text == "Suite D2-630\n2875 Laurier\nG1V 2M2 Quebec\nQC\nCanada"
    assert [one.line for one in record.foreign] == [
        "BDAY:--0203",
        "GENDER:M",
        "LANG;PREF=2:en",
        "GEO;TYPE=work:geo:46.772673,-71.282945",
    ]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_text_is_read_in_any_encoding_that_programs_write(codec: str) -> None:
    assert record_of(card("FN:Щукин Олег").encode(codec)).name == "Щукин Олег"


def test_a_card_without_a_version_is_read() -> None:
    assert record_of("BEGIN:VCARD\nFN:A\nEND:VCARD").name == "A"


def test_a_name_that_is_not_split_stays_whole() -> None:
    """Rule 33."""
    record = record_of(card("FN:山田太郎", "N:山田太郎;;;;"))
    assert (record.name, record.family, record.given) == ("山田太郎", "", "")


@pytest.mark.parametrize(
    ("line", "name"),
    [("ORG:ACME;Sales", "ACME"), ("NICKNAME:Ann", "Ann"), ("EMAIL:a@b.c", "a@b.c"), ("TEL:112", "112")],
)
def test_a_card_without_a_name_is_called_by_what_it_has(line: str, name: str) -> None:
    assert record_of(card("N:;;;;", line)).name == name


def test_accepted_and_rejected_cards_are_all_that_were_read() -> None:
    """Rule 35: a broken card is one rejected entry with its number, line and reason; the rest is read."""
    cards = [card("FN:A"), card("NOTE:nobody"), "BEGIN:VCARD\r\nFN:cut\r\n", card("FN:B", "no property", "TEL:1")]
    found = read("".join(cards))
    assert [(one.number, one.line, isinstance(one, Read)) for one in found] == [
        (1, 1, True),
        (2, 5, False),
        (3, 9, False),
        (4, 11, True),
    ]
    assert [one.reason.code for one in found if isinstance(one, Rejected)] == ["no_name", "no_end"]
    assert [notice.code for one in found if isinstance(one, Read) for notice in one.notices] == ["line_left_out"]


def test_a_file_that_is_cut_off_ends_with_a_rejected_card() -> None:
    """Rule 35."""
    [first, second] = read(card("FN:A") + "BEGIN:VCARD\r\nFN:B")
    assert isinstance(first, Read)
    assert isinstance(second, Rejected)
    assert second.reason.code == "no_end"


@given(st.binary(max_size=300), st.integers(1, 40))
def test_any_bytes_are_accounted_for_in_any_pieces(content: bytes, size: int) -> None:
    """Rule 35."""
    found = read(b"BEGIN:VCARD\nFN:A\n" + content + b"\nEND:VCARD\n", size)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert found == read(b"BEGIN:VCARD\nFN:A\n" + content + b"\nEND:VCARD\n", 1000)


def test_hostile_text_is_kept_as_harmless_text() -> None:
    record = record_of(card("FN:=cmd|' /C calc'!A0\u202eexe\0", "NOTE:<script>\x1b[31m"))
    assert (record.name, record.notes) == ("=cmd|' /C calc'!A0\u202eexe", "<script>[31m")


def endless(beginning: bytes, size: int) -> Iterator[bytes]:
    """Give a file that is one line after its beginning."""
    yield beginning
    piece = b"x" * 65_536
    for _ in range(size // len(piece)):
        yield piece


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [(b"", "no vCard file"), (b"BEGIN:VCARD\n", "a line of more than"), (b"PHOTO:", "no vCard file")],
)
def test_a_line_of_a_hundred_megabytes_is_refused_with_flat_memory(beginning: bytes, sentence: str) -> None:
    tracemalloc.start()
    with pytest.raises(ExchangeProblem, match=sentence):
        list(read_vcards(endless(beginning, 100_000_000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_thousands_of_cards_are_read_with_flat_memory() -> None:
    reader = VCardReader()
    piece = card("FN:A", "PHOTO;ENCODING=b:" + "A" * 100_000).encode()
    tracemalloc.start()
    accepted = sum(isinstance(one, Read) for _ in range(2_000) for one in reader.feed(piece))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (accepted, reader.count, list(reader.end())) == (2000, 2000, [])
    assert peak < 2_000_000
