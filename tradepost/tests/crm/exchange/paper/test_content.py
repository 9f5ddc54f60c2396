"""What stands on a printed sheet, before it is drawn."""

from datetime import date

import pytest

from tradepost.crm.exchange.paper.content import Around, Entry, Grouping, Language, make_sheet
from tradepost.crm.exchange.record import ContactRecord, Email, Phone

AROUND = Around("Quay", date(2026, 3, 9), "en", "FR")


def headings(names: list[str], grouping: Grouping = "letter") -> list[str]:
    """Return the headings over contacts in this order."""
    records = [ContactRecord(name, company=name[::-1]) for name in names]
    return [group.heading for group in make_sheet(records, AROUND, grouping).groups]


def test_names_stand_under_their_first_letter_as_the_list_sorts_them() -> None:
    """Rule 33: the script of a name is kept, its heading is that of its place in the list."""
    assert headings(["=1+1", "12", "Ann", "Ärger", "Борис", "bob", "გიორგი", "田中 さくら", "田"]) == [
        "#", "A", "B", "გ", "田",
    ]  # fmt: skip


def test_people_stand_under_their_company_and_companies_under_their_own_name() -> None:
    records = [
        ContactRecord("Quay", kind="company"),
        ContactRecord("Ann", company="Quay"),
        ContactRecord("Bob"),
    ]
    groups = make_sheet(records, AROUND, "company").groups
    assert [(group.heading, len(group.entries)) for group in groups] == [("Quay", 2), ("Without a company", 1)]


def test_without_grouping_there_is_one_group_without_a_heading() -> None:
    assert headings(["Zoë", "Ann"], "none") == [""]


def test_an_entry_holds_what_a_contact_is_reached_by() -> None:
    record = ContactRecord(
        "Zoë", company="Quay", title="Buyer", department="Wine", phones=(Phone("12"),), emails=(Email("z@q.example"),)
    )
    assert make_sheet([record], AROUND, "none").groups[0].entries == (
        Entry("Zoë", ("Buyer, Wine", "Quay"), ("12", "z@q.example")),
    )


def test_signs_that_turn_the_direction_do_not_turn_what_follows() -> None:
    [group] = make_sheet([ContactRecord("\u202eevil\u2066 Ann\u2069")], AROUND, "none").groups
    assert group.entries[0].name == "evil Ann"


@pytest.mark.parametrize(
    ("language", "title", "day"), [("en", "Contacts", "9 March 2026"), ("ru", "Контакты", "9 марта 2026 г.")]
)
def test_the_words_are_in_the_language_that_was_asked_for(language: Language, title: str, day: str) -> None:
    sheet = make_sheet([], Around("Quay", AROUND.day, language, None), "none")
    assert (sheet.title, sheet.subtitle, sheet.day) == (title, "Quay", day)


@pytest.mark.parametrize(("country", "paper"), [("FR", "a4"), (None, "a4"), ("US", "us-letter")])
def test_the_paper_is_that_of_the_country(country: str | None, paper: str) -> None:
    assert make_sheet([], Around("", AROUND.day, "en", country), "none").paper == paper
