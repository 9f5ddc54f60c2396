"""Two sides of one card are one contact: what the first says stays, what only the other says is added."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tradepost.crm.cards.answers import CardContact, CardField
from tradepost.crm.cards.reading import FieldKind
from tradepost.crm.schemas import MOST_ADDRESSES, MOST_EMAILS, MOST_PHONES, MOST_WEBSITES, ContactIn

# What a field of each kind is in a contact: of single ones the attribute, of lists also where its text is.
SINGLE: Final[dict[FieldKind, str]] = {
    "name": "name", "title": "title", "department": "department", "company": "company_name",
}  # fmt: skip
LISTS: Final[dict[FieldKind, tuple[str, str, int]]] = {
    "phone": ("phones", "written", MOST_PHONES),
    "email": ("emails", "address", MOST_EMAILS),
    "website": ("websites", "url", MOST_WEBSITES),
    "address": ("addresses", "text", MOST_ADDRESSES),
}
# What belongs to a name and is taken with it or not at all.
OF_NAME: Final = ("kind", "given", "family", "middle", "prefix", "suffix")
Key = tuple[FieldKind, int]


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of a card says."""

    contact: CardContact
    fields: list[CardField]


def values_of(contact: CardContact | ContactIn) -> dict[Key, str]:
    """Return the values of a contact that a card can have, by kind and index; those that are not there are absent."""
    found: dict[Key, str] = {}
    for kind, attribute in SINGLE.items():
        if value := getattr(contact, attribute):
            found[kind, 0] = value
    for kind, (attribute, part, _) in LISTS.items():
        for index, one in enumerate(getattr(contact, attribute)):
            found[kind, index] = getattr(one, part)
    return found


def joined(first: Side, other: Side) -> Side:
    """Return the first side with what only the other one says; the added fields have no boxes in its picture."""
    changes: dict[str, object] = {}
    added: list[CardField] = []
    known = {(field.kind, field.index): field for field in other.fields}
    for kind, attribute in SINGLE.items():
        value = getattr(other.contact, attribute)
        if value and not getattr(first.contact, attribute):
            changes[attribute] = value
            added.append(_moved(known.get((kind, 0)), kind, 0, value))
            if kind == "name":
                changes |= {part: getattr(other.contact, part) for part in OF_NAME}
    for kind, (attribute, part, most) in LISTS.items():
        own = list(getattr(first.contact, attribute))
        have = {_key(kind, getattr(one, part)) for one in own}
        for index, one in enumerate(getattr(other.contact, attribute)):
            value = getattr(one, part)
            if _key(kind, value) in have or len(own) >= most:
                continue
            have.add(_key(kind, value))
            added.append(_moved(known.get((kind, index)), kind, len(own), value))
            own.append(one)
        changes[attribute] = own
    if first.contact.kind == "person" and changes.get("kind") == "company":
        # A company has no company of its own.
        changes["company_name"] = None
        added = [field for field in added if field.kind != "company"]
    if not first.contact.language:
        changes["language"] = other.contact.language
    return Side(first.contact.model_copy(update=changes), [*first.fields, *added])


def all_joined(first: Side, others: Iterable[Side]) -> Side:
    """Return the first side with what each of the others adds."""
    for other in others:
        first = joined(first, other)
    return first


def _moved(field: CardField | None, kind: FieldKind, index: int, value: str) -> CardField:
    confidence = field.confidence if field else 1.0
    return CardField(kind=kind, index=index, value=value, confidence=confidence, box_ids=[])


def same_value(kind: FieldKind, one: str, other: str) -> bool:
    """Whether two values of one kind mean the same."""
    return _key(kind, one) == _key(kind, other)


def _key(kind: FieldKind, value: str) -> str:
    """Return what is equal when two values mean the same."""
    if kind == "phone":
        return re.sub(r"\D", "", value).lstrip("0") or value
    if kind == "website":
        return re.sub(r"^(?:https?://)?(?:www\.)?", "", value.lower()).rstrip("/")
    return " ".join(value.lower().split())
