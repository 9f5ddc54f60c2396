"""Puts the fields of a card together: contact data by their form, the other lines by their roles."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tradepost.crm.cards.fields import lexicon
from tradepost.crm.cards.fields.agreement import agreed
from tradepost.crm.cards.fields.contacts import Contacts, NetItem, PhoneItem, take_contacts
from tradepost.crm.cards.fields.features import Surroundings
from tradepost.crm.cards.fields.language import language_of
from tradepost.crm.cards.fields.latin import latin
from tradepost.crm.cards.fields.net import domain_of
from tradepost.crm.cards.fields.places import mended, read_address
from tradepost.crm.cards.fields.roles import Role, roles_of
from tradepost.crm.cards.fields.segments import Segment
from tradepost.crm.exchange.record import PostalAddress

# How sure a value is whose form says what it is, beside how well it was read.
BY_FORM: Final = 0.99
GLUED: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]{3,})|(?<=\w\w\.)(?=[A-ZÀ-ÞА-Я])")


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value, how sure it is, and the lines it came from."""

    text: str
    confidence: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """All that the lines of a card say."""

    name: Value | None
    prefix: str
    title: Value | None
    department: Value | None
    company: Value | None
    phones: tuple[tuple[Value, PhoneItem], ...]
    emails: tuple[Value, ...]
    websites: tuple[Value, ...]
    address: tuple[Value, PostalAddress] | None
    language: str


def fields_of(segments: Sequence[Segment], width: float, height: float) -> Fields:
    """Return the fields of a card of this size from its lines in the order of reading."""
    contacts = take_contacts(segments)
    roles = roles_of(contacts.free, surroundings(contacts, width, height))
    by_role: dict[str, list[tuple[Segment, Role]]] = {}
    for segment, role in zip(contacts.free, roles, strict=True):
        by_role.setdefault(role.name, []).append((segment, role))
    name = _name(_joined(by_role.get("name", [])))
    address = _mended(_joined(by_role.get("address", []), ", "))
    texts = [one.text for one in segments]
    company = _whole_form(_joined(by_role.get("company", [])), contacts.free)
    contacts = agreed(contacts, name.text if name else "", company.text if company else "")
    return Fields(
        name=name,
        prefix=prefix_of(name.text) if name else "",
        title=_joined(by_role.get("title", [])),
        department=_joined(by_role.get("department", [])),
        company=company,
        phones=tuple((Value(one.written, _sure(one.segment), (one.segment,)), one) for one in contacts.phones),
        emails=tuple(_of_net(one) for one in contacts.emails),
        websites=tuple(_of_net(one) for one in contacts.websites),
        address=(address, read_address(_lines(address))) if address else None,
        language=language_of(texts),
    )


def surroundings(contacts: Contacts, width: float, height: float) -> Surroundings:
    """Return what the model of roles is told of the card around its free lines."""
    mailboxes = tuple(latin(one.value.partition("@")[0]).replace(" ", "") for one in contacts.emails)
    domains = {domain_of(one.value).rpartition(".")[0] for one in (*contacts.websites, *contacts.emails)}
    places = [one.segment for one in contacts.phones] + [one.segment for one in (*contacts.emails, *contacts.websites)]
    return Surroundings(
        width=max(width, 1),
        height=max(height, 1),
        contacts=tuple(places),
        mailboxes=mailboxes,
        domains=tuple(sorted(latin(domain).replace(" ", "") for domain in domains)),
    )


def prefix_of(name: str) -> str:
    """Return the titles before a name, such as `Prof. Dr.`; none where nothing would be left."""
    found = lexicon.HONORIFICS.match(name)
    return found[0].strip() if found and found.end() < len(name) else ""


def _joined(found: Sequence[tuple[Segment, Role]], between: str = " ") -> Value | None:
    if not found:
        return None
    text = between.join(segment.text.strip(" ,;|") for segment, _ in found)
    text = re.sub(r"(?<=\w)- (?=[a-zа-яà-ÿ])", "-", text)
    sure = min(segment.confidence * role.confidence for segment, role in found)
    return Value(text, _rounded(sure), tuple(segment for segment, _ in found))


def _name(value: Value | None) -> Value | None:
    """Return a name with the spaces that an engine lost: `BenoîtBRUNEL`, `Dr.Destiny`."""
    if value is None:
        return None
    return replace(value, text=GLUED.sub(" ", value.text))


def _mended(value: Value | None) -> Value | None:
    return replace(value, text=mended(value.text)) if value else None


def _lines(address: Value) -> list[str]:
    return mended("\n".join(one.text for one in address.segments)).split("\n")


def _whole_form(value: Value | None, lines: Sequence[Segment]) -> Value | None:
    """Return a company with the second half of its legal form, which often stands on a line of its own."""
    if value is None or not lexicon.HALF_FORM.search(value.text):
        return value
    for line in lines:
        if lexicon.OTHER_HALF.fullmatch(line.text.strip()):
            return replace(value, text=f"{value.text} {line.text.strip()}", segments=(*value.segments, line))
    return value


def _of_net(one: NetItem) -> Value:
    return Value(one.value, _sure(one.segment), (one.segment,))


def _sure(segment: Segment) -> float:
    return _rounded(segment.confidence * BY_FORM)


def _rounded(value: float) -> float:
    return math.floor(max(0.0, min(1.0, value)) * 1000) / 1000
