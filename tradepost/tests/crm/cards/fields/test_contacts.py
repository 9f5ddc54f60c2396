"""Taking contact data out of lines, and what is left."""

from collections.abc import Sequence

import pytest

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.fields.contacts import Contacts, guess_region, take_contacts
from tradepost.crm.cards.fields.segments import Segment, segments_of
from tradepost.crm.cards.quad import Quad


def segments(*texts: str | tuple[str, str]) -> list[Segment]:
    lines = [
        TextLine(Quad.box(50, 40 * at, 450, 40 * at + 30), text, 0.95, "engine", also)
        for at, (text, also) in enumerate((one, "") if isinstance(one, str) else one for one in texts)
    ]
    return segments_of(lines)


def taken(*texts: str | tuple[str, str]) -> Contacts:
    return take_contacts(segments(*texts))


def numbers(contacts: Contacts) -> Sequence[tuple[str | None, str]]:
    return [(one.e164, one.kind) for one in contacts.phones]


def test_contact_data_go_and_the_rest_stays_free() -> None:
    found = taken("Odalys Fennimore", "Mobil: +49 175 4590715", "E-Mail: odalys@kestrel.de", "www.kestrel.de")
    assert [one.text for one in found.free] == ["Odalys Fennimore"]
    assert numbers(found) == [("+491754590715", "mobile")]
    assert [one.value for one in found.emails] == ["odalys@kestrel.de"]
    assert [one.value for one in found.websites] == ["www.kestrel.de"]


def test_several_data_of_one_line_are_parted() -> None:
    found = taken("Tel.: 069/5283331 / Mobil +49.151.24932755 · odalys@kestrel.de | www.kestrel.de")
    assert numbers(found) == [("+49695283331", "work"), ("+4915124932755", "mobile")]
    assert [one.value for one in (*found.emails, *found.websites)] == ["odalys@kestrel.de", "www.kestrel.de"]
    assert found.free == ()


def test_an_address_beside_a_number_stays_free() -> None:
    found = taken("14 Foundry Lane, Leeds LS1 4AP | Phone: 020 7946 0958")
    assert [one.text for one in found.free] == ["14 Foundry Lane, Leeds LS1 4AP"]
    assert found.free[0].quad.right < 350


def test_digits_come_from_the_engine_that_reads_them_better() -> None:
    found = taken(("факс: +7 846 403 0183", "Φakc: +7 846 403 01 33"))
    assert [(one.written, one.e164, one.kind) for one in found.phones] == [("+7 846 403 01 33", "+78464030133", "fax")]


def test_the_word_for_fax_counts_in_latin_letters_too() -> None:
    found = taken(("Фхс +7 846 403 01 33", "φakc +7 846 403 01 33"))
    assert numbers(found) == [("+78464030133", "fax")]


@pytest.mark.parametrize(
    "text", ["USt-IdNr. DE123456789", "SIRET 123456789", "ИНН 3631353598", "@odalys", "Skype: odalys.f", "t.me/odalys"]
)
def test_other_data_are_neither_fields_nor_free(text: str) -> None:
    found = taken(text)
    assert (found.phones, found.websites, found.free) == ((), (), ())
    assert len(found.other) == 1


def test_a_label_however_it_was_read_is_no_line() -> None:
    assert taken("Tcl +49 175 4590715").free == ()


def test_what_is_printed_twice_counts_once() -> None:
    found = taken("+49 175 4590715", "0175 4590715", "www.Kestrel.de", "www.kestrel.de")
    assert len(found.phones) == 1
    assert [one.value for one in found.websites] == ["www.Kestrel.de"]


@pytest.mark.parametrize(
    ("texts", "region"),
    [
        (("+33 3 96 09 72 23",), "FR"),
        (("749 Mill Road, Leeton, AK 79367",), "US"),
        (("Вострикова Милана", "Инженер"), "RU"),
        (("odalys@kestrel.de",), "DE"),
        (("Lindauplatz 36", "D-93917 Bad Liebenwerda"), "DE"),
        (("14 rue du Moulin",), "FR"),
        (("(212) 829-4476",), "US"),
        (("Kestrel",), None),
        (("Nordwerk Beratung", "Telefon"), "DE"),
    ],
)
def test_the_country_of_numbers_is_guessed(texts: tuple[str, ...], region: str | None) -> None:
    """Rule 30: without a country no number becomes E.164."""
    assert guess_region(segments(*texts)) == region
