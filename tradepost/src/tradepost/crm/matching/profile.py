"""A contact as it is compared: its name in words, its numbers and addresses in normal form, made once per contact."""

import re
import unicodedata
from dataclasses import dataclass

from tradepost.crm.exchange.record import ContactRecord, Kind, Phone
from tradepost.crm.matching import vocabulary
from tradepost.crm.matching.companies import core_words
from tradepost.crm.matching.folding import words
from tradepost.crm.matching.mailboxes import is_shared, normal_email, own_domain
from tradepost.crm.matching.nicknames import formal_names
from tradepost.crm.matching.places import Place, place_of
from tradepost.crm.matching.spelling import plain, skeletons, without_umlauts

# A contact with more is a list, not a person; the rest is not compared.
MOST_WORDS = 6
MOST_VALUES = 8
TAIL_DIGITS = 7
TITLES = frozenset(vocabulary.TITLES.split())
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# Beginnings of mobile numbers where a country has its own for them; a card often says only "Tel.".
MOBILE = (
    "+79", "+77", "+4915", "+4916", "+4917", "+447", "+336", "+337", "+436", "+417", "+316", "+324", "+346", "+347",
    "+393", "+3805", "+3806", "+3807", "+3809", "+3598", "+3816", "+3069", "+4206", "+4207", "+485", "+486", "+487",
)  # fmt: skip
NOT_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
BIRTHDAY = re.compile(r"^(?:\w+\.)?BDAY[^:]*:(\d{4})-?(\d{2})-?(\d{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: folded, in one spelling, with German's second key, how it sounds, and what it is short for."""

    folded: str
    plain: str
    german: str
    skeletons: tuple[str, ...]
    formal: frozenset[str]
    is_given: bool  # a first name: said by the record, or known as one


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a contact; sets hold normal forms, `loose` the last digits of numbers that have none,
    `endings` those of all.
    """

    kind: Kind
    name: tuple[Word, ...]
    name_order: str  # names are compared the smaller first, so that the order of two contacts does not matter
    script: bool  # whether the name has letters outside the Latin script
    suffix: str
    mobiles: frozenset[str]
    landlines: frozenset[str]
    loose: frozenset[str]
    endings: frozenset[str]
    emails: frozenset[str]
    shared_emails: frozenset[str]
    domains: frozenset[str]
    company: tuple[str, ...]
    title: str
    places: tuple[Place, ...]
    birthday: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare."""
        reachable = self.endings or self.emails or self.shared_emails or self.domains or self.places
        return not (self.name or self.company or self.birthday or reachable)


def word_of(folded: str, *, is_given: bool | None = None) -> Word:
    """Return what is compared of one word of a name; whether it is a first name is looked up when it is not said."""
    formal = formal_names(folded)
    is_given = bool(formal) if is_given is None else is_given
    return Word(folded, plain(folded), without_umlauts(folded), skeletons(folded), formal, is_given)


def profile(record: ContactRecord) -> Profile:
    """Return what is compared of a contact."""
    emails = {normal_email(email.address).casefold() for email in record.emails[:MOST_VALUES]} - {""}
    shared = {email for email in emails if is_shared(email)}
    sources = [*sorted(emails), *(site.url for site in record.websites[:MOST_VALUES])]
    mobiles, landlines, loose = _numbers(record.phones[:MOST_VALUES])
    name = _name(record)
    return Profile(
        kind=record.kind,
        name=name,
        name_order=" ".join(word.folded for word in name),
        script=NOT_LATIN.search(record.name) is not None,
        suffix=_suffix(record),
        mobiles=mobiles,
        landlines=landlines,
        loose=loose,
        endings=loose | {number[-TAIL_DIGITS:] for number in mobiles | landlines},
        emails=frozenset(emails - shared),
        shared_emails=frozenset(shared),
        domains=frozenset(filter(None, map(own_domain, sources))),
        company=core_words(record.company)[:MOST_WORDS],
        title=" ".join(words(record.title)),
        places=tuple(sorted({place_of(place) for place in record.addresses[:MOST_VALUES]}, key=str)),
        birthday=next(("".join(found.groups()) for one in record.foreign if (found := BIRTHDAY.match(one.line))), ""),
    )


def _name(record: ContactRecord) -> tuple[Word, ...]:
    if record.kind == "company":
        return tuple(map(word_of, core_words(record.name)[:MOST_WORDS]))
    written = record.name or f"{record.given} {record.middle} {record.family}"
    found = words(written)
    kept = [word for word in found if word not in TITLES] or found
    given, family = words(record.given), words(record.family)
    return tuple(word_of(word, is_given=_is_given(word, given, family)) for word in kept[:MOST_WORDS])


def _is_given(word: str, given: list[str], family: list[str]) -> bool | None:
    return True if word in given else False if word in family else None


def _suffix(record: ContactRecord) -> str:
    found = [word for word in words(f"{record.name} {record.suffix}") if word in SUFFIXES]
    return found[0] if found and record.kind == "person" else ""


def _numbers(phones: tuple[Phone, ...]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    mobiles, landlines, loose = set(), set(), set()
    for phone in phones:
        if phone.e164 is None:
            digits = "".join(str(unicodedata.decimal(letter)) for letter in phone.written if letter.isdecimal())
            if len(digits) >= TAIL_DIGITS:
                loose.add(digits[-TAIL_DIGITS:])
        elif phone.kind == "mobile" or (phone.kind != "fax" and phone.e164.startswith(MOBILE)):
            mobiles.add(phone.e164)
        else:
            landlines.add(phone.e164)
    return frozenset(mobiles), frozenset(landlines), frozenset(loose)
