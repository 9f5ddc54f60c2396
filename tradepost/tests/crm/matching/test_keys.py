"""Blocking keys."""

import pytest
from contacts_made import records
from hypothesis import given

from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.matching.keys import KEYS_PER_CONTACT, VALUE_LENGTH, Key, keys

PAIRS = [
    (ContactRecord("Юлия Щербакова"), ContactRecord("Scherbakowa Julia")),
    (ContactRecord("Саша Иванов"), ContactRecord("Alexander Ivanov")),
    (ContactRecord("Bob Miller"), ContactRecord("Robert Miller")),
    (ContactRecord("Jürgen Müller"), ContactRecord("Juergen Mueller")),
    (ContactRecord("J. Smith"), ContactRecord("John Smith")),
    (ContactRecord("Thomas Kaufmann"), ContactRecord("Tomas Kaufman")),
    (ContactRecord("Michail Antonov"), ContactRecord("Mikail Antonov")),
    (ContactRecord("A", phones=(Phone("1", "+74951234567"),)), ContactRecord("B", phones=(Phone("123-45-67"),))),
    (ContactRecord("A", emails=(Email("Anna@Example.com"),)), ContactRecord("B", emails=(Email("anna@EXAMPLE.com"),))),
    (
        ContactRecord("A", emails=(Email("anna.petrova@example.com"),)),
        ContactRecord("B", emails=(Email("annapetrova@gmail.com"),)),
    ),
    (ContactRecord("ООО Ромашка", kind="company"), ContactRecord("Romashka LLC", kind="company")),
    (ContactRecord("", company="ООО Ромашка"), ContactRecord("Romashka LLC", kind="company")),
    (ContactRecord("Anna Xu", company="Romashka LLC"), ContactRecord("Anna Brandt", company="ООО Ромашка")),
    (
        ContactRecord("A", websites=(Website("https://www.example.com/a"),)),
        ContactRecord("B", emails=(Email("info@example.com"),)),
    ),
    (
        ContactRecord("A", addresses=(PostalAddress("", "Hauptstraße 5", "10115", "Berlin"),)),
        ContactRecord("B", addresses=(PostalAddress("", "Hauptstr. 5", "10115", "Berlin"),)),
    ),
    (
        ContactRecord("Anna A", foreign=(ForeignProperty("BDAY:19800229"),)),
        ContactRecord("Anna B", foreign=(ForeignProperty("BDAY:1980-02-29"),)),
    ),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_who_may_be_the_same_has_a_key_in_common(one: ContactRecord, other: ContactRecord) -> None:
    assert set(keys(one)) & set(keys(other))


def test_two_strangers_have_no_key_in_common() -> None:
    one = ContactRecord("Anna Petrova", company="Romashka", emails=(Email("anna@gmail.com"),))
    other = ContactRecord("Hans Meier", company="Meier GmbH", emails=(Email("hans@gmail.com"),))
    assert not set(keys(one)) & set(keys(other))


def test_a_contact_without_anything_has_no_keys() -> None:
    assert keys(ContactRecord("")) == ()
    assert keys(ContactRecord("", kind="company")) == ()


def test_the_telling_keys_come_first() -> None:
    record = ContactRecord("Anna Petrova", phones=(Phone("1", "+74951234567"),))
    assert keys(record)[0] == Key("phone", "+74951234567")


@given(records())
def test_keys_are_few_short_and_each_there_once(record: ContactRecord) -> None:
    found = keys(record)
    assert len(found) == len(set(found)) <= KEYS_PER_CONTACT
    assert all(0 < len(key.value) <= VALUE_LENGTH for key in found)
    assert found == keys(record)
