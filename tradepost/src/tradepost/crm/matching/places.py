"""Postal addresses for comparison: street without "street", house number, postcode and town."""

import re
from dataclasses import dataclass

from tradepost.crm.exchange.record import PostalAddress
from tradepost.crm.matching import vocabulary
from tradepost.crm.matching.folding import words

STREET_KINDS = frozenset(vocabulary.STREET_KINDS.split())
STREET_ENDINGS = ("strasse", "str")
POSTCODE = re.compile(r"\b\d{4,6}\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


@dataclass(frozen=True, slots=True)
class Place:
    """An address in comparable parts; what is unknown is empty."""

    street: str
    number: str
    postcode: str
    city: str
    whole: str  # every word once, sorted: for addresses whose parts stand in other fields


def place_of(address: PostalAddress) -> Place:
    """Return the comparable parts of an address; one that came unsplit is taken apart where digits tell."""
    whole = address.street or address.text
    postcode = address.postcode
    if not postcode and (found := POSTCODE.findall(address.text.upper())):
        postcode = found[-1]
    code = "".join(words(postcode))
    parts = [word for word in words(whole) if word != code]
    numbers = [word for word in parts if any(letter.isdigit() for letter in word)]
    street = [_street_name(word) for word in parts if word not in numbers and word not in STREET_KINDS]
    city = words(address.city)
    everything = {*words(address.text), *parts, *city, code} - STREET_KINDS - {""}
    return Place(" ".join(street), numbers[0] if numbers else "", code, " ".join(city), " ".join(sorted(everything)))


def _street_name(word: str) -> str:
    for ending in STREET_ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word
