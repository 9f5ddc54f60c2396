"""What was read from one card: its fields with confidence and the places they came from; plain data, easy to pickle."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from tradepost.crm.cards.quad import Quad
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PhoneKind, PostalAddress, Website

FieldKind = Literal["name", "title", "department", "company", "phone", "email", "website", "address"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with print: on the flat card (pixels of it) and in the upright photo (pixels of the original)."""

    card: Quad
    photo: Quad
    text: str


@dataclass(frozen=True, slots=True)
class FieldReading:
    """A value as it is printed, how sure it is (0 to 1), and where it stands; of a QR code there are no spots."""

    kind: FieldKind
    value: str
    confidence: float
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """A number as printed, in E.164 where it is one (rule 30), and its kind."""

    field: FieldReading
    e164: str | None
    kind: PhoneKind


@dataclass(frozen=True, slots=True)
class AddressReading:
    """An address as printed, with its parts where they are sure."""

    field: FieldReading
    address: PostalAddress


@dataclass(frozen=True, slots=True)
class LineReading:
    """A printed line of the card, in the order of reading, whether or not a field came from it."""

    spot: Spot
    confidence: float
    engine: str


@dataclass(frozen=True, slots=True)
class EngineCall:
    """One engine that was asked for the text of a card: how long it took, and the code of its failure or nothing."""

    engine: str
    milliseconds: int
    failure: str = ""


@dataclass(frozen=True, slots=True)
class CardReading:
    """One card of a photo; `place` is where it lies in the upright photo, `width` and `height` are the flat card's.

    `certainty` says how clearly the card stood out from its ground, 0 for a scan that fills the frame. `engines` names
    the engines and their versions. `code` is the text of a QR code on the card, `coded` the contact that it speaks of.
    `calls` are the engines that were asked, in their order; for one that failed the next one stood in.
    """

    place: Quad
    certainty: float
    width: int
    height: int
    lines: tuple[LineReading, ...]
    name: FieldReading | None
    prefix: str
    title: FieldReading | None
    department: FieldReading | None
    company: FieldReading | None
    phones: tuple[PhoneReading, ...]
    emails: tuple[FieldReading, ...]
    websites: tuple[FieldReading, ...]
    address: AddressReading | None
    language: str
    engines: str
    code: str = ""
    coded: ContactRecord | None = None
    calls: tuple[EngineCall, ...] = ()

    def to_record(self) -> ContactRecord:
        """Return the contact that the card speaks of, what a code says before what was read."""
        printed = self._printed()
        return printed if self.coded is None else _joined(self.coded, printed)

    def _printed(self) -> ContactRecord:
        """Return what was read; a card without a person's name is a company's."""
        name, company = _value(self.name), _value(self.company)
        is_person = bool(name) or not company
        return ContactRecord(
            name=name if is_person else company,
            kind="person" if is_person else "company",
            prefix=self.prefix,
            company=company if is_person else "",
            title=_value(self.title),
            department=_value(self.department),
            language=self.language,
            phones=tuple(Phone(one.field.value, one.e164, one.kind) for one in self.phones),
            emails=tuple(Email(one.value) for one in self.emails),
            websites=tuple(Website(one.value) for one in self.websites),
            addresses=(self.address.address,) if self.address else (),
        )


def _joined(coded: ContactRecord, printed: ContactRecord) -> ContactRecord:
    """Return the union of two contacts, single values and split names of the first where it has them."""
    base = printed if not coded.name else replace(coded, prefix=coded.prefix or printed.prefix)
    numbers = {phone.e164 or phone.written for phone in coded.phones}
    mail = {email.address.lower() for email in coded.emails}
    pages = {_page(website.url) for website in coded.websites}
    return replace(
        base,
        title=coded.title or printed.title,
        department=coded.department or printed.department,
        company=coded.company or printed.company,
        language=coded.language or printed.language,
        notes=coded.notes,
        phones=coded.phones + tuple(one for one in printed.phones if (one.e164 or one.written) not in numbers),
        emails=coded.emails + tuple(one for one in printed.emails if one.address.lower() not in mail),
        websites=coded.websites + tuple(one for one in printed.websites if _page(one.url) not in pages),
        addresses=coded.addresses or printed.addresses,
    )


def _page(url: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", url.lower()).rstrip("/")


def _value(field: FieldReading | None) -> str:
    return field.value if field else ""
