"""Whether two contacts are the same."""

import pytest
from contacts_made import records
from hypothesis import given

from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress
from tradepost.crm.matching.keys import keys
from tradepost.crm.matching.scoring import score, verdict

OFFICE = Phone("+7 495 123-45-67", "+74951234567")
MOBILE = Phone("+7 916 123-45-67", "+79161234567", "mobile")
HOME = PostalAddress("", "Hauptstraße 5", "10115", "Berlin")
ANNA = ContactRecord(
    "Анна Петрова", company="ООО Ромашка", phones=(OFFICE, MOBILE), emails=(Email("anna@romashka.ru"),)
)


def codes(one: ContactRecord, other: ContactRecord) -> set[str]:
    return {reason.code for reason in score(one, other).reasons}


@pytest.mark.parametrize(
    ("other", "least"),
    [
        (ContactRecord("Anna Petrova", phones=(MOBILE,)), "certain"),
        (ContactRecord("Petrova Anya", emails=(Email("Anna@Romashka.RU"),)), "certain"),
        (ContactRecord("Anna Petrowa", company="Romashka LLC", phones=(OFFICE,)), "certain"),
        (ContactRecord("A. Petrova", company="Romashka", phones=(OFFICE,)), "likely"),
        (ContactRecord("Anna Petrova", company="Romashka"), "likely"),
        (ContactRecord("Anna Petrova"), "likely"),
        (ContactRecord("Anna Sidorova", phones=(MOBILE,)), "likely"),
        (ContactRecord("", phones=(MOBILE,), emails=(Email("anna@romashka.ru"),)), "certain"),
    ],
)
def test_the_same_person_is_found(other: ContactRecord, least: str) -> None:
    assert score(ANNA, other).verdict == least


@pytest.mark.parametrize(
    "other",
    [
        ContactRecord("Olga Petrova", company="Romashka", phones=(OFFICE,), emails=(Email("olga@romashka.ru"),)),
        ContactRecord("Marina Petrova", company="Romashka", phones=(OFFICE,)),
        ContactRecord("Anna Sidorova", company="Romashka", phones=(OFFICE,)),
        ContactRecord("A. Petrenko", company="Romashka", phones=(OFFICE,)),
        ContactRecord("Ivan Kuznetsov", company="Romashka", phones=(OFFICE,), emails=(Email("info@romashka.ru"),)),
    ],
)
def test_colleagues_in_one_office_are_no_duplicates(other: ContactRecord) -> None:
    match = score(ANNA, other)
    assert match.verdict == "unlikely"
    assert "different_person_same_office" in codes(ANNA, other)


def test_an_equal_name_with_other_employer_and_other_mobile_is_somebody_else() -> None:
    other = ContactRecord("Анна Петрова", company="Газпром", phones=(Phone("1", "+79169999999"),))
    match = score(ANNA, other)
    assert match.verdict == "unlikely"
    assert {"different_company", "different_mobile"} <= codes(ANNA, other)


def test_a_couple_with_one_mailbox_is_at_most_likely() -> None:
    hans = ContactRecord("Hans Müller", emails=(Email("mueller@web.de"),), phones=(OFFICE,), addresses=(HOME,))
    greta = ContactRecord("Greta Müller", emails=(Email("mueller@web.de"),), phones=(OFFICE,), addresses=(HOME,))
    assert score(hans, greta).verdict != "certain"


def test_a_person_and_a_company_are_at_most_likely() -> None:
    person = ContactRecord("Romashka LLC", phones=(OFFICE,), emails=(Email("info@romashka.ru"),))
    company = ContactRecord("ООО Ромашка", kind="company", phones=(OFFICE,), emails=(Email("info@romashka.ru"),))
    assert score(person, company).verdict == "likely"


def test_a_company_is_found_without_its_legal_form() -> None:
    one = ContactRecord("ООО «Ромашка»", kind="company", phones=(OFFICE,))
    other = ContactRecord("Romashka LLC", kind="company", phones=(OFFICE,))
    assert score(one, other).verdict == "certain"


def test_reasons_say_what_was_alike_and_how() -> None:
    match = score(ANNA, ContactRecord("Anya Petrova", phones=(MOBILE,)))
    name = next(reason for reason in match.reasons if reason.code == "name_similar")
    assert (name.how, name.transliterated) == ("nickname", True)
    assert name.similarity is not None
    assert 0.9 < name.similarity < 1
    assert match.reasons[0].code == "same_mobile"
    assert match.reasons[0].value == "+79161234567"


@pytest.mark.parametrize(
    ("result", "meaning"), [(0.95, "certain"), (0.949, "likely"), (0.5, "likely"), (0.49, "unlikely")]
)
def test_thresholds_divide_certain_likely_and_unlikely(result: float, meaning: str) -> None:
    assert verdict(result) == meaning


def test_two_empty_contacts_are_not_the_same() -> None:
    assert score(ContactRecord(""), ContactRecord("")).verdict == "unlikely"


@given(records(), records())
def test_the_order_of_the_two_does_not_matter(one: ContactRecord, other: ContactRecord) -> None:
    assert score(one, other) == score(other, one)


@given(records())
def test_whoever_can_be_found_is_certainly_themselves(record: ContactRecord) -> None:
    match = score(record, record)
    assert match.verdict == "certain" or not keys(record)


@given(records(), records())
def test_a_score_is_between_0_and_1_and_has_reasons_of_finite_weight(one: ContactRecord, other: ContactRecord) -> None:
    match = score(one, other)
    assert 0 <= match.score <= 1
    assert all(reason.points != 0 or reason.code for reason in match.reasons)
