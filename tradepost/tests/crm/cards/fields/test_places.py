"""Addresses: their parts, and the country that they tell."""

import pytest

from tradepost.crm.cards.fields.places import country_code, mended, read_address


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (["Amalia-Schottin-Straße 7", "D-71104 Deggendorf"], ("Amalia-Schottin-Straße 7", "71104", "Deggendorf", "")),
        (["14, rue du Moulin", "75739 Rossi Cedex", "France"], ("14, rue du Moulin", "75739", "Rossi", "France")),
        (["749 Mill Road Apt. 356, Leeton, AK 79367"], ("749 Mill Road Apt. 356", "79367", "Leeton", "")),
        (
            ["14 Foundry Lane", "Leeds LS1 4AP", "United Kingdom"],
            ("14 Foundry Lane", "LS1 4AP", "Leeds", "United Kingdom"),
        ),
        (["Россия, 095897, г. Казань", "наб. Осенняя, д. 35"], ("наб. Осенняя, д. 35", "095897", "Казань", "Россия")),
        (["Wielochallee 4 / 84697 Crailsheim"], ("Wielochallee 4", "84697", "Crailsheim", "")),
        (["Foundry Lane"], ("", "", "", "")),
    ],
)
def test_an_address_is_divided_where_it_is_sure(lines: list[str], parts: tuple[str, ...]) -> None:
    address = read_address(lines)
    assert (address.street, address.postcode, address.city, address.country) == parts
    assert address.text == "\n".join(lines)


def test_an_american_address_names_its_state() -> None:
    assert read_address(["749 Mill Road", "Leeton, AK 79367"]).region == "AK"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("75739 Rossi, France", "FR"),
        ("422034, г. Екатеринбург", "RU"),
        ("Leeton, AK 79367", "US"),
        ("Leeds LS1 4AP", "GB"),
        ("84697 Crailsheim", None),
    ],
)
def test_an_address_tells_its_country(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("892640, Томск, ул. Урожайное, 9. 106", "892640, Томск, ул. Урожайное, д. 106"),
        ("746336, г. Самара, пр-т Смирнова, 0. 16, cmp. 2", "746336, г. Самара, пр-т Смирнова, д. 16, стр. 2"),
        ("Россия, 792617, г. Калининград, уа. 9 мая, д. 52", "Россия, 792617, г. Калининград, ул. 9 мая, д. 52"),
        ("Я 560364, г. Уфа, ул. Нагорная, д. 54", "560364, г. Уфа, ул. Нагорная, д. 54"),
        ("9Nadeshda-Kranz-Ring 5-2, D-48481 Hohenmölsen", "Nadeshda-Kranz-Ring 5-2, D-48481 Hohenmölsen"),
    ],
)
def test_slips_of_recognition_that_the_form_gives_away_are_put_right(read: str, right: str) -> None:
    assert mended(read) == right


@pytest.mark.parametrize(
    "text",
    [
        "892640, Томск, ул. 9 Мая, д. 9, оф. 9",
        "749 Mill Road Apt. 356, Leeton, AK 79367",
        "5, avenue Bernard, 97214 Sainte-René",
        "4Seasons Building, Leeds LS1 4AP",
        "Hauptstr. 9. 2. OG, 10115 Berlin",
    ],
)
def test_an_address_that_is_right_stays_as_it_is(text: str) -> None:
    assert mended(text) == text
