"""A contact as it is compared."""

from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, Website
from tradepost.crm.matching.profile import profile


def test_titles_are_no_names() -> None:
    found = profile(ContactRecord("Herr Prof. Dr. Hans Meier jr."))
    assert [word.folded for word in found.name] == ["hans", "meier"]
    assert found.suffix == "jr"


def test_a_name_of_titles_alone_is_kept() -> None:
    assert [word.folded for word in profile(ContactRecord("Miss")).name] == ["miss"]


def test_parts_serve_where_there_is_no_whole_name() -> None:
    found = profile(ContactRecord("", given="Anna", family="Thomas"))
    assert [(word.folded, word.is_given) for word in found.name] == [("anna", True), ("thomas", False)]


def test_mobiles_landlines_and_numbers_without_a_country_are_told_apart() -> None:
    """Rule 30: E.164 where there is one, the ending of what was written where not."""
    phones = (
        Phone("a", "+79161234567"),
        Phone("b", "+74951234567"),
        Phone("c", "+12025550123", "mobile"),
        Phone("٧٦٥-43-21"),
        Phone("123"),
    )
    found = profile(ContactRecord("Anna", phones=phones))
    assert found.mobiles == {"+79161234567", "+12025550123"}
    assert found.landlines == {"+74951234567"}
    assert found.loose == {"7654321"}
    assert found.endings == {"7654321", "1234567", "5550123"}


def test_personal_and_shared_addresses_are_told_apart_and_free_mail_is_no_domain() -> None:
    """Rule 31."""
    emails = (Email("Anna@Romashka.ru"), Email("info@romashka.ru"), Email("anna@gmail.com"), Email("broken"))
    found = profile(ContactRecord("Anna", emails=emails, websites=(Website("www.anna.example"),)))
    assert found.emails == {"anna@romashka.ru", "anna@gmail.com"}
    assert found.shared_emails == {"info@romashka.ru"}
    assert found.domains == {"romashka.ru", "anna.example"}


def test_a_birthday_is_found_in_what_the_card_said() -> None:
    assert (
        profile(ContactRecord("Anna", foreign=(ForeignProperty("BDAY;VALUE=date:1980-02-29"),))).birthday == "19800229"
    )


def test_a_company_has_no_legal_form_and_no_suffix() -> None:
    found = profile(ContactRecord("Müller II GmbH", kind="company"))
    assert [word.folded for word in found.name] == ["muller", "ii"]
    assert found.suffix == ""


def test_nothing_to_compare_is_known() -> None:
    assert profile(ContactRecord("", notes="only notes")).is_empty
    assert not profile(ContactRecord("Anna")).is_empty


def test_the_script_of_a_name_is_known() -> None:
    assert profile(ContactRecord("Анна")).script
    assert not profile(ContactRecord("Zoë Ångström")).script
