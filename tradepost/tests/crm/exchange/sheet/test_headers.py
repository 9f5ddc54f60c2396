"""What columns hold, told from their headers."""

import pytest

from tradepost.crm.exchange.sheet.headers import guess_targets
from tradepost.crm.exchange.sheet.target import SINGLE, Target


def text_of(target: Target) -> str:
    """Return a target as text: `name`, `phone.mobile.1`, `street..2`."""
    return target.field if target.field in SINGLE else f"{target.field}.{target.kind}.{target.slot}"


def targets_of(header: str) -> list[str]:
    """Return the targets of a header whose columns are parted by semicolons."""
    return ["" if target is None else text_of(target) for target in guess_targets(tuple(header.split(";")))]


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        ("First Name;Last name;E-mail;Phone;Company", "given;family;email..1;phone..1;company"),
        ("Vorname;Nachname;Firma;Straße;PLZ;Ort;Land", "given;family;company;street..1;postcode..1;city..1;country..1"),
        ("Telefon geschäftlich;Handy;Telefon privat;Fax", "phone.work.1;phone.mobile.1;phone.home.1;phone.fax.1"),
        ("ФИО;Телефон;Мобильный телефон;Эл. почта;Город", "name;phone..1;phone.mobile.1;email..1;city..1"),
        ("Prénom;Nom;Société;Téléphone;Code postal;Ville", "given;family;company;phone..1;postcode..1;city..1"),
        ("email_2;Phone 3;Web-Site", "email..2;phone..3;website..1"),
        ("Title;Job Title;Notes;Categories", "prefix;title;notes;tags"),
        ("Title;Name;Full name", "title;name;"),
        ("Street 2;Business Address PO Box", "street..1;street.work.1"),
        ("Birthday;Assistant's Phone;E-mail Display Name;Manager's Name;", ";;;;"),
    ],
)
def test_plain_headers_are_understood(header: str, targets: str) -> None:
    assert targets_of(header) == targets.split(";")


def test_both_forms_of_google_are_understood() -> None:
    header = "Name;Given Name;E-mail 1 - Type;E-mail 1 - Value;Phone 2 - Label;Address 1 - Extended Address;Labels"
    assert targets_of(header) == [
        "name",
        "given",
        "email_label..1",
        "email..1",
        "phone_label..2",
        "street..1",
        "labels",
    ]
    assert targets_of("Organization 1 - Name;Phone 1 - Nose;Group Membership") == ["company", "", "labels"]


def test_the_columns_of_outlook_are_understood() -> None:
    header = (
        "Title;First Name;Company;Job Title;Business Street;Business Street 2;Business Country/Region;Home Postal Code"
        ";Other City;Business Fax;Company Main Phone;Mobile Phone;E-mail 2 Address;Personal Web Page;Other Phone"
    )
    assert targets_of(header) == [
        "prefix",
        "given",
        "company",
        "title",
        "street.work.1",
        "street.work.1",
        "country.work.1",
        "postcode.home.1",
        "city.other.1",
        "phone.fax.1",
        "phone.work.1",
        "phone.mobile.1",
        "email..2",
        "website.home.1",
        "phone.other.1",
    ]
