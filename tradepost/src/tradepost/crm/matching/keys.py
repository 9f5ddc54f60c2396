"""Blocking keys: two contacts that may be the same have one in common, and so few others do that all can be compared.

The values are short folded texts for an index; they are never shown. A caller ignores a block (all contacts with one
key) with more than `BLOCK_CAP` members: a key that many share tells nobody apart.
"""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Literal, NamedTuple

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.matching.places import Place
from tradepost.crm.matching.profile import TAIL_DIGITS, Profile, Word, profile

KeyKind = Literal[
    "phone", "phone_end", "email", "mailbox", "domain", "name", "formal", "sound", "company", "work", "place", "near",
    "home", "birth",
]  # fmt: skip

KEYS_PER_CONTACT = 48
BLOCK_CAP = 200
VALUE_LENGTH = 80
# Words of a name that take part in pairs: given, family, and two more.
PAIRED_WORDS = 4
LONG_MAILBOX = 6
STREET_LETTERS = 6


class Key(NamedTuple):
    """What contacts are looked up by."""

    kind: KeyKind
    value: str


def keys(record: ContactRecord) -> tuple[Key, ...]:
    """Return the blocking keys of a contact, the most telling first, at most `KEYS_PER_CONTACT`, each once."""
    return keys_of(profile(record))


def keys_of(one: Profile) -> tuple[Key, ...]:
    """Return the blocking keys of a profile, as `keys` does."""
    found = (Key(kind, value[:VALUE_LENGTH]) for kind, value in _all_keys(one) if value)
    return tuple(dict.fromkeys(found))[:KEYS_PER_CONTACT]


def _all_keys(one: Profile) -> Iterator[tuple[KeyKind, str]]:
    yield from _numbers_and_addresses(one)
    if one.kind == "company":
        yield from _company_keys(tuple(word.folded for word in one.name))
        if one.name:
            yield "sound", "co " + " ".join(sorted(word.skeletons[0] for word in one.name[:2]))
    else:
        yield from _name_keys(one.name)
        yield from _work_keys(one)
    yield from _place_keys(one)
    for domain in sorted(one.domains):
        yield "domain", domain
    if one.birthday:
        yield from (("birth", f"{one.birthday} {word.skeletons[0]}") for word in one.name)


def _numbers_and_addresses(one: Profile) -> Iterator[tuple[KeyKind, str]]:
    for number in sorted(one.mobiles | one.landlines):
        yield "phone", number
        yield "phone_end", number[-TAIL_DIGITS:]
    for ending in sorted(one.loose):
        yield "phone_end", ending
    for email in sorted(one.emails | one.shared_emails):
        yield "email", email
    for email in sorted(one.emails):
        local = "".join(filter(str.isalnum, email.partition("@")[0]))
        if len(local) >= LONG_MAILBOX:
            yield "mailbox", local


def _name_keys(name: tuple[Word, ...]) -> Iterator[tuple[KeyKind, str]]:
    if len(name) == 1:
        yield "name", name[0].german
        yield "sound", name[0].skeletons[0]
    for one, other in combinations(name[:PAIRED_WORDS], 2):
        yield "name", _pair(one.german, other.german)
        for formal, their in product(_formal(one), _formal(other)):
            yield "formal", _pair(formal, their)
        for sound, their in product(one.skeletons, other.skeletons):
            yield "sound", _pair(sound, their)
        # One word as it sounds and the beginning of the other: J. Smith; a slip in either word.
        yield "sound", _pair(one.skeletons[0], other.german[:1] + "-")
        yield "sound", _pair(other.skeletons[0], one.german[:1] + "-")


def _formal(word: Word) -> list[str]:
    return sorted(word.formal)[:3] or [word.german]


def _pair(one: str, other: str) -> str:
    return " ".join(sorted((one, other)))


def _company_keys(core: tuple[str, ...]) -> Iterator[tuple[KeyKind, str]]:
    if core:
        yield "company", " ".join(sorted(core))


def _work_keys(one: Profile) -> Iterator[tuple[KeyKind, str]]:
    """Yield each word of the name with the employer: the other words may be missing, shortened or mistyped."""
    if one.company:
        for word in one.name[:PAIRED_WORDS]:
            yield "work", f"{word.skeletons[0]} {max(one.company, key=lambda part: (len(part), part))}"
    for domain in sorted(one.domains)[:2]:
        for word in one.name[:PAIRED_WORDS]:
            yield "work", f"{word.skeletons[0]} {domain}"
    if not one.name:
        yield from _company_keys(one.company)


def _place_keys(one: Profile) -> Iterator[tuple[KeyKind, str]]:
    for place in one.places[:3]:
        if place.street and place.number:
            yield "place", f"{place.number} {place.street[:STREET_LETTERS]} {place.postcode[:2]}"
        if place.postcode and place.number:
            yield "place", f"{place.number} {place.postcode}"
        if place.street and place.postcode:
            yield "place", f"{place.street[:STREET_LETTERS]} {place.postcode}"
        for word in one.name[:PAIRED_WORDS]:
            yield from _near(word, place)


def _near(word: Word, place: Place) -> Iterator[tuple[KeyKind, str]]:
    if place.postcode:
        yield "near", f"{word.skeletons[0]} {place.postcode}"
    if place.city:
        yield "home", f"{word.german} {place.city}"
    if place.street:
        yield "home", f"{word.skeletons[0]} {place.street[:STREET_LETTERS]}"
