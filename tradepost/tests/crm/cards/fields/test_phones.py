"""Telephone numbers of a line: which, in E.164 (rule 30), and of which kind."""

import pytest

from tradepost.crm.cards.fields.phones import e164_of, kind_before, kind_of, phones_in, region_of


@pytest.mark.parametrize(
    ("written", "region", "e164"),
    [
        ("+49 (0)175 4590715", None, "+491754590715"),
        ("0175/5537609", "DE", "+491755537609"),
        ("+49 421 / 67586017", None, "+4942167586017"),
        ("[0175) 306 97 25", "DE", "+491753069725"),
        ("(415) 846-2162", "US", "+14158462162"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+33 (0)3.96.09.72.23", None, "+33396097223"),
        ("8 (495) 400-83-16", "RU", "+74954008316"),
        ("0049 175 4590715", None, "+491754590715"),
        ("007 495 4008316", "RU", "+74954008316"),
        ("0175 4590715", None, None),
        ("12", "DE", None),
    ],
)
def test_a_number_is_brought_to_e164(written: str, region: str | None, e164: str | None) -> None:
    """Rule 30: E.164 beside the text as written; the country is explicit."""
    assert e164_of(written, region) == e164


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tel.+49 421/67586017", ["+4942167586017"]),
        ("Tel. +1 (212) 829-4476 | +1 (212) 766-5277", ["+12128294476", "+12127665277"]),
        ("T. +1 212 829 4476 / +1 212 766 5277", ["+12128294476", "+12127665277"]),
        ("+1 212 829 4476 +1 212 766 5277", ["+12128294476", "+12127665277"]),
        ("Telefon: 069/5283331, Mobil: 0151 24932755", ["+49695283331", "+4915124932755"]),
        ("Tel. 212-829-4476 ext. 123", ["+12128294476"]),
        ("Amalia-Schottin-Straße 728, 71104 Deggendorf", []),
        ("USt-IdNr. DE123456789", []),
        ("Reg. No. 819214399", []),
        ("ИНН 3631353598", []),
        ("SIRET 123456789", []),
        ("write to a1234567@example.com", []),
    ],
)
def test_numbers_of_a_line(text: str, numbers: list[str]) -> None:
    region = "US" if "212" in text else "DE"
    assert [one.e164 for one in phones_in(text, region)] == numbers


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("Tel.: ", "work"), ("Phone: ", "work"), ("T ", "work"), ("тел. ", "work"), ("Büro: ", "work"),
        ("Mobil: ", "mobile"), ("Port. : ", "mobile"), ("M ", "mobile"), ("моб.: ", "mobile"), ("Cell: ", "mobile"),
        ("Fax: ", "fax"), ("Télécopie : ", "fax"), ("F ", "fax"), ("факс: ", "fax"), ("Telefax: ", "fax"),
        ("", None), ("Foundry Lane ", None),
    ],
)  # fmt: skip
def test_the_word_before_a_number_tells_its_kind(before: str, kind: str | None) -> None:
    assert kind_before(before) == kind


def test_a_kind_belongs_to_the_number_after_it() -> None:
    found = phones_in("Tel. 069 5283331 Fax 069 5283332", "DE")
    assert [one.kind for one in found] == ["work", "fax"]


def test_a_mobile_range_tells_the_kind_where_no_word_does() -> None:
    assert [kind_of("+491754590715"), kind_of("+496924932755"), kind_of(None)] == ["mobile", "work", "work"]


def test_an_extension_is_no_part_of_the_number() -> None:
    (found,) = phones_in("212-829-4476 ext. 123", "US")
    assert (found.written, found.end) == ("212-829-4476", 21)


def test_a_number_tells_its_country() -> None:
    assert [region_of("+491754590715"), region_of("+12128294476"), region_of("+442079460958")] == ["DE", "US", "GB"]
