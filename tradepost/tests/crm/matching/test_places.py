"""Postal addresses for comparison."""

from tradepost.crm.exchange.record import PostalAddress
from tradepost.crm.matching.places import Place, place_of


def test_a_street_is_known_without_the_word_street() -> None:
    long = place_of(PostalAddress("Hauptstraße 5, 10115 Berlin", "Hauptstraße 5", "10115", "Berlin"))
    short = place_of(PostalAddress("Hauptstr. 5\n10115 Berlin", "Hauptstr. 5", "10115", "Berlin"))
    assert (long.street, long.number, long.postcode, long.city) == ("haupt", "5", "10115", "berlin")
    assert (short.street, short.number, short.postcode, short.city) == ("haupt", "5", "10115", "berlin")


def test_cyrillic_and_latin_addresses_meet() -> None:
    cyrillic = place_of(PostalAddress("", "ул. Ленина, д. 7", "101000", "Москва"))
    latin = place_of(PostalAddress("", "ul. Lenina 7", "101000", "Moskva"))
    assert cyrillic == latin


def test_an_unsplit_address_gives_up_number_and_postcode() -> None:
    place = place_of(PostalAddress("12 Baker Street, London NW1 6XE"))
    assert (place.number, place.postcode) == ("12", "nw16xe")


def test_an_empty_address_has_empty_parts() -> None:
    assert place_of(PostalAddress("")) == Place("", "", "", "", "")
