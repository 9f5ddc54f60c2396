"""A contact between two programs: what any of the forms can say of a person or a company, and no more."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "company"]
PhoneKind = Literal["work", "mobile", "home", "fax", "pager", "other"]
PlaceKind = Literal["work", "home", "other"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was written, and in E.164 where it is one (rule 30)."""

    written: str
    e164: str | None = None
    kind: PhoneKind = "work"


@dataclass(frozen=True, slots=True)
class Email:
    """An address as it was typed (rule 31)."""

    address: str
    kind: PlaceKind = "work"


@dataclass(frozen=True, slots=True)
class Website:
    """A page as it was written, such as `example.com` or `https://example.com/me`."""

    url: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A place: in parts where they are known; `text` is the address as one reads it, lines apart by line feeds."""

    text: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    kind: PlaceKind = "work"


@dataclass(frozen=True, slots=True)
class ForeignProperty:
    """A vCard property that this program does not know, kept for the way out: its line, unfolded (rule 32)."""

    line: str


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A person or a company; for a company `name` is its own name and `company` is empty.

    `name` is the whole name as it is written, in its script; the parts are empty where the name came unsplit (rule 33).
    """

    name: str
    kind: Kind = "person"
    given: str = ""
    family: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    company: str = ""
    title: str = ""
    department: str = ""
    language: str = ""  # BCP 47, such as `de`
    notes: str = ""
    uid: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    websites: tuple[Website, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    tags: tuple[str, ...] = ()
    foreign: tuple[ForeignProperty, ...] = ()
