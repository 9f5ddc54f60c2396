"""Addresses: their parts, and the country that they tell."""

import pytest

from tradepost.crm.cards.fields.places import country_code, read_address


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
