"""What the parts of two contacts say."""

import pytest

from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress
from tradepost.crm.matching.evidence import (
    compare_companies,
    life_reasons,
    phone_reasons,
    place_reasons,
    web_reasons,
    work_reasons,
)
from tradepost.crm.matching.profile import profile

MOBILE = Phone("1", "+79161234567")
OTHER_MOBILE = Phone("1", "+79160000000")
LANDLINE = Phone("1", "+74951234567")


def phones(one: Phone, other: Phone, kind: str = "person") -> list[str]:
    first = ContactRecord("A", "company" if kind == "company" else "person", phones=(one,))
    second = ContactRecord("B", "company" if kind == "company" else "person", phones=(other,))
    return [reason.code for reason in phone_reasons(profile(first), profile(second))]


def test_a_mobile_is_one_persons_and_a_landline_a_companys() -> None:
    """Rule 30."""
    assert phones(MOBILE, MOBILE) == ["same_mobile"]
    assert phones(MOBILE, MOBILE, "company") == ["same_phone"]
    assert phones(LANDLINE, LANDLINE) == ["same_phone"]
    assert phones(MOBILE, OTHER_MOBILE) == ["different_mobile"]
    assert phones(MOBILE, OTHER_MOBILE, "company") == []
    assert phones(LANDLINE, Phone("123 45 67")) == ["same_phone_ending"]
    assert phones(LANDLINE, MOBILE) == []


def test_addresses_of_one_person_and_of_a_role_weigh_differently() -> None:
    """Rule 31."""

    def codes(one: str, other: str) -> list[str]:
        first, second = (profile(ContactRecord("A", emails=(Email(address),))) for address in (one, other))
        return [reason.code for reason in web_reasons(first, second)]

    assert codes("Anna@romashka.ru", "anna@ROMASHKA.ru") == ["same_email", "same_website"]
    assert codes("info@romashka.ru", "info@romashka.ru") == ["same_shared_email", "same_website"]
    assert codes("anna@romashka.ru", "olga@romashka.ru") == ["different_email", "same_website"]
    assert codes("anna@gmail.com", "olga@gmail.com") == []


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("ООО «Ромашка»", "Romashka LLC", "same_company"),
        ("Romashka Trade", "Trade Romashka", "same_company"),
        ("Romashka", "Romaschka", "similar_company"),
        ("Romashka", "Gazprom", "different_company"),
    ],
)
def test_companies_are_compared_without_legal_form(one: str, other: str, code: str) -> None:
    first, second = profile(ContactRecord("A", company=one)), profile(ContactRecord("B", company=other))
    assert [reason.code for reason in work_reasons(first, second)] == [code]


def test_an_equal_title_is_a_small_reason() -> None:
    one = profile(ContactRecord("A", title="Head of Sales"))
    assert [(reason.code, reason.value) for reason in work_reasons(one, one)] == [("same_title", "head of sales")]


def test_similar_companies_are_never_taken_for_equal() -> None:
    assert compare_companies(("a" * 40,), ("a" * 39 + "b",)) < 0.999


def test_birthdays_and_suffixes_tell_father_from_son() -> None:
    father = profile(ContactRecord("Hans Meier sr.", foreign=(ForeignProperty("BDAY:19500101"),)))
    son = profile(ContactRecord("Hans Meier jr.", foreign=(ForeignProperty("BDAY:19800101"),)))
    assert [reason.code for reason in life_reasons(father, son)] == ["different_birthday", "different_suffix"]
    assert [reason.code for reason in life_reasons(father, father)] == ["same_birthday"]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("", "Hauptstraße 5", "10115", "Berlin"), ("", "Hauptstr. 5", "10115", "Berlin"), "same_address"),
        (("", "Hauptstraße 5", "10115", "Berlin"), ("", "Haupstr. 7", "10115", "Berlin"), "similar_address"),
        (("", "Hauptstraße 5", "10115", "Berlin"), ("", "Nebenweg 5", "10115", "Berlin"), "similar_address"),
        (("", "Lange Gasse 5", "", ""), ("", "Lange Gasse 5", "10115", "Berlin Mitte"), "similar_address"),
        (("", "Am Ring 5", "10115", "Berlin"), ("", "Lange Zeile 17", "10999", "Berlin"), "same_city"),
        (("", "Am Ring 5", "10115", "Berlin"), ("", "Lange Zeile 17", "10115", "Berlin"), "same_city"),
        (("", "Am Ring 5", "10115", "Berlin"), ("", "Sadovaya 17", "101000", "Moskva"), "different_address"),
    ],
)
def test_addresses_are_near_or_far(one: tuple[str, str, str, str], other: tuple[str, str, str, str], code: str) -> None:
    first, second = (profile(ContactRecord("A", addresses=(PostalAddress(*parts),))) for parts in (one, other))
    assert [reason.code for reason in place_reasons(first, second)] == [code]


def test_the_nearest_of_several_addresses_counts() -> None:
    home = PostalAddress("", "Am Ring 5", "10115", "Berlin")
    work = PostalAddress("", "Sadovaya 17", "101000", "Moskva")
    one, other = profile(ContactRecord("A", addresses=(work, home))), profile(ContactRecord("B", addresses=(home,)))
    assert [reason.code for reason in place_reasons(one, other)] == ["same_address"]
