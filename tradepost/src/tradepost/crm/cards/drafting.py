"""Makes the draft of a contact from a reading: what a form is filled with, each value with the boxes it came from."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tradepost.crm.cards.answers import MOST_BOXES, MOST_FIELDS, CardBox, CardContact, CardField
from tradepost.crm.cards.joining import same_value, values_of
from tradepost.crm.cards.quad import Point, Quad
from tradepost.crm.cards.reading import CardReading, FieldKind, FieldReading, Spot
from tradepost.crm.exchange.record import ContactRecord, PostalAddress
from tradepost.crm.schemas import LONGEST_NOTES, MOST_ADDRESSES, MOST_EMAILS, MOST_PHONES, MOST_WEBSITES

LONGEST_TEXT: Final = 2000
# What a QR code says was not read but decoded.
CERTAIN: Final = 1.0
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_PARTS: Final = ("street", "postcode", "city", "region", "country")


@dataclass(frozen=True, slots=True)
class CardDraft:
    """What a reviewer begins with; `place` is where the card lies in the upright picture."""

    place: Sequence[Sequence[float]]
    code: str
    boxes: list[CardBox]
    fields: list[CardField]
    contact: CardContact


def draft_of(reading: CardReading) -> CardDraft:
    """Return the draft of a card that was read."""
    boxes = [
        CardBox(
            id=at,
            text=_line(line.spot.text, LONGEST_TEXT),
            quad=_corners(line.spot.photo),
            confidence=_share(line.confidence),
            engine=line.engine,
        )
        for at, line in enumerate(reading.lines[:MOST_BOXES])
    ]
    contact = _contact(reading.to_record())
    fields = _fields(contact, reading)
    return CardDraft(_corners(reading.place), _lines(reading.code, LONGEST_NOTES), boxes, fields, contact)


def empty_draft(width: int, height: int) -> CardDraft:
    """Return the draft of a picture that could not be read, so that it can be typed by hand."""
    return CardDraft(_corners(Quad.box(0, 0, width, height)), "", [], [], CardContact())


def _contact(record: ContactRecord) -> CardContact:
    """Return a contact with what a contact can have; what is too long is cut, what is too much is left out."""
    facts: dict[str, Any] = {
        "kind": record.kind,
        "name": _line(record.name, 300),
        "given": _line(record.given, 200) or None,
        "family": _line(record.family, 200) or None,
        "middle": _line(record.middle, 200) or None,
        "prefix": _line(record.prefix, 100) or None,
        "suffix": _line(record.suffix, 100) or None,
        "company_name": (_line(record.company, 300) or None) if record.kind == "person" else None,
        "title": _line(record.title, 200) or None,
        "department": _line(record.department, 200) or None,
        "language": record.language if LANGUAGE.fullmatch(record.language) else None,
        "notes": _lines(record.notes, LONGEST_NOTES),
        "phones": [
            {"written": written, "kind": one.kind} for one in record.phones if (written := _line(one.written, 100))
        ][:MOST_PHONES],
        "emails": [
            {"address": address, "kind": one.kind} for one in record.emails if (address := _line(one.address, 320))
        ][:MOST_EMAILS],
        "websites": [{"url": url} for one in record.websites if (url := _line(one.url, 2000))][:MOST_WEBSITES],
        "addresses": [_address(one) for one in record.addresses if _lines(one.text, 2000)][:MOST_ADDRESSES],
    }
    return CardContact.model_validate(facts)


def _address(one: PostalAddress) -> dict[str, str]:
    parts = {part: _line(getattr(one, part), 300) for part in _PARTS}
    return {"text": _lines(one.text, 2000), "kind": one.kind, **parts}


def _fields(contact: CardContact, reading: CardReading) -> list[CardField]:
    """Return a field for each value of the contact: as sure as what was read, certain where only a code says it."""
    printed = _printed(reading, is_company=contact.kind == "company")
    fields = []
    for (kind, index), value in values_of(contact).items():
        source = next((one for one in printed.get(kind, ()) if same_value(kind, one.value, value)), None)
        if source is None and kind == "address" and reading.address and not (reading.coded and reading.coded.addresses):
            source = reading.address.field
        confidence = _share(source.confidence) if source else CERTAIN
        box_ids = _box_ids(source.spots, reading) if source else []
        fields.append(CardField(kind=kind, index=index, value=value, confidence=confidence, box_ids=box_ids))
    return fields[:MOST_FIELDS]


def _printed(reading: CardReading, *, is_company: bool) -> dict[FieldKind, list[FieldReading]]:
    """Return what was read, by the kind that it has in the contact: a company's card has its name as the name."""
    name = reading.company if is_company else reading.name
    found: dict[FieldKind, Iterable[FieldReading | None]] = {
        "name": [name],
        "title": [reading.title],
        "department": [reading.department],
        "company": [reading.company],
        "phone": [one.field for one in reading.phones],
        "email": reading.emails,
        "website": reading.websites,
        "address": [reading.address.field if reading.address else None],
    }
    return {kind: [one for one in fields if one] for kind, fields in found.items()}


def _box_ids(spots: Sequence[Spot], reading: CardReading) -> list[int]:
    """Return the lines in which places lie: the same line, or the one whose middle is next to the place's."""
    lines = reading.lines[:MOST_BOXES]
    if not lines:
        return []
    found = []
    for spot in spots:
        middle = _middle(spot.photo)
        nearest = min(range(len(lines)), key=lambda at: _distance(lines[at].spot.photo, middle))
        found.append(nearest)
    return sorted(set(found))


def _distance(quad: Quad, point: Point) -> float:
    """Return how far a point lies outside of the box around a shape, and within it how far from its middle, less."""
    x, y = point
    outside = math.hypot(max(quad.left - x, 0, x - quad.right), max(quad.top - y, 0, y - quad.bottom))
    return outside + math.dist(_middle(quad), point) / 1_000_000


def _middle(quad: Quad) -> Point:
    return sum(x for x, _ in quad.corners) / 4, sum(y for _, y in quad.corners) / 4


def _corners(quad: Quad) -> list[list[float]]:
    return [[x, y] for x, y in quad.corners]


def _share(confidence: float) -> float:
    return round(min(max(confidence, 0.0), 1.0), 3)


def _line(text: str, longest: int) -> str:
    return " ".join(_lines(text, longest).split())[:longest].strip()


def _lines(text: str, longest: int) -> str:
    """Return a text in NFC without control characters, not longer than it may be; every letter stays (rule 33)."""
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept).strip()[:longest].strip()
