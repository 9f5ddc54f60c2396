"""What may be entered for a contact, and what is derived from it: E.164, keys, texts to search (rules 30 and 31).

What a person wrote is kept as it is; nothing is guessed from a name (rule 33).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mainstay.errors import FieldProblem
from mainstay.work import Row, UnitOfWork
from tradepost.crm.codes.email import InvalidEmail, email_key
from tradepost.crm.codes.phone import digit_runs, e164
from tradepost.crm.errors import InvalidContact
from tradepost.crm.matching.search_text import Searched, SearchText, search_text
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository.contacts import (
    Indexed,
    StoredAddress,
    StoredContact,
    StoredEmail,
    StoredPhone,
    StoredWebsite,
)
from tradepost.crm.schemas import AddressIn, ContactIn, EmailIn, PhoneIn, Source, WebsiteIn
from tradepost.shop import api as shop
from tradepost.tagging import api as tagging

# What a contact has that a person may change, apart from lists and tags.
FIELDS = (
    "kind", "name", "given", "family", "middle", "prefix", "suffix", "company_id", "company_name", "title",
    "department", "language", "notes",
)  # fmt: skip
LISTS = ("phones", "emails", "websites", "addresses")
LABELS = ("tags", "groups")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a contact comes from; `uid` and `foreign` are those of its vCard.

    `e164` are the forms of its phones that are known already, in their order.
    """

    source: Source = "manual"
    uid: str | None = None
    foreign: tuple[str, ...] = ()
    e164: tuple[str | None, ...] = ()
    content_hash: str | None = None


async def home_region(uow: UnitOfWork) -> str | None:
    """Return the country whose phone numbers are written without a country code: the shop's, None before there is one.

    Rule 30: the default is said, never guessed from a language or a machine.
    """
    return (await shop.business(uow)).country if await shop.is_set_up(uow) else None


def email_problems(emails: Sequence[EmailIn]) -> list[FieldProblem]:
    """Return what is wrong with e-mail addresses."""
    problems = []
    for place, email in enumerate(emails):
        try:
            email_key(email.address)
        except InvalidEmail as failure:
            problems.append(FieldProblem(f"emails.{place}.address", "invalid_email", str(failure)))
    return problems


async def with_company(uow: UnitOfWork, wanted: ContactIn, *, of_anybody: bool = False) -> ContactIn:
    """Return a contact with the name of the company whose id it gives; `of_anybody` in reach of the actor or not.

    Raises InvalidContact when it is no company, or when a company names one.
    """
    if wanted.kind == "company" and (wanted.company_id or wanted.company_name):
        raise refused("company_name", "company_of_company", "A company has no company of its own.")
    if wanted.company_id is None:
        return wanted
    known = await repository.company(uow, wanted.company_id, of_anybody=of_anybody)
    if known is None or known["kind"] != "company" or known["id"] == wanted.id:
        raise refused("company_id", "unknown_company", "There is no such company among the contacts.")
    return wanted.model_copy(update={"company_id": known["id"], "company_name": known["name"]})


def check_emails(wanted: ContactIn) -> None:
    """Raise InvalidContact with all that is wrong with the e-mail addresses."""
    problems = email_problems(wanted.emails)
    if problems:
        raise InvalidContact(problems[0].message, errors=problems)


def stored(wanted: ContactIn, region: str | None, origin: Origin) -> StoredContact:
    """Return a checked contact as it is stored, with all that is derived from it; it has the name of its company."""
    phones = _phones(wanted.phones, region, origin.e164)
    texts = _texts(wanted, phones)
    return StoredContact(
        id=wanted.id,
        kind=wanted.kind,
        name=wanted.name,
        given=wanted.given,
        family=wanted.family,
        middle=wanted.middle,
        prefix=wanted.prefix,
        suffix=wanted.suffix,
        company_id=wanted.company_id,
        company_name=None if wanted.company_id else wanted.company_name,
        title=wanted.title,
        department=wanted.department,
        language=wanted.language,
        notes=wanted.notes,
        source=origin.source,
        name_key=texts.name_key,
        company_key=texts.company_key,
        search=texts.search,
        alike=texts.alike,
        phones=phones,
        emails=_emails(wanted.emails),
        websites=[StoredWebsite(place, one.url) for place, one in enumerate(wanted.websites)],
        addresses=[_address(place, one) for place, one in enumerate(wanted.addresses)],
        uid=origin.uid,
        foreign_properties=origin.foreign,
        content_hash=origin.content_hash,
    )


def indexed(row: Row, labels: Sequence[tagging.Label]) -> Indexed:
    """Return the folded texts of a contact as it is in the database, with its tags."""
    known = entered(row, labels)
    phones = [StoredPhone(0, phone["kind"], phone["written"], phone["e164"]) for phone in row["phones"]]
    texts = _texts(known, phones)
    return Indexed(row["id"], texts.name_key, texts.company_key, texts.search, texts.alike)


def entered(row: Row, labels: Sequence[tagging.Label]) -> ContactIn:
    """Return a contact of the database as somebody would enter it; it was checked when it came in."""
    facts: dict[str, Any] = {field: row[field] for field in FIELDS}
    return ContactIn.model_construct(
        None,
        id=row["id"],
        **facts,
        phones=[PhoneIn.model_construct(written=one["written"], kind=one["kind"]) for one in row["phones"]],
        emails=[EmailIn.model_construct(**one) for one in row["emails"]],
        websites=[WebsiteIn.model_construct(**one) for one in row["websites"]],
        addresses=[AddressIn.model_construct(**one) for one in row["addresses"]],
        tags=[label.name for label in labels if label.kind == "tag"],
        groups=[label.name for label in labels if label.kind == "group"],
    )


def _phones(phones: Sequence[PhoneIn], region: str | None, known: Sequence[str | None]) -> list[StoredPhone]:
    """Return phones as they are stored; what is said to be E.164 has to be so in fact."""
    found = [(e164(number, None) if number else None) for number in known] or [None] * len(phones)
    return [
        StoredPhone(place, phone.kind, phone.written, number or e164(phone.written, region))
        for place, (phone, number) in enumerate(zip(phones, found, strict=True))
    ]


def _emails(emails: Sequence[EmailIn]) -> list[StoredEmail]:
    return [
        StoredEmail(place, email.kind, email.address, email_key(email.address)) for place, email in enumerate(emails)
    ]


def _address(position: int, one: AddressIn) -> StoredAddress:
    return StoredAddress(position, one.kind, one.text, one.street, one.postcode, one.city, one.region, one.country)


def _texts(wanted: ContactIn, phones: Sequence[StoredPhone]) -> SearchText:
    emails = [email.address for email in wanted.emails]
    names = (wanted.given, wanted.family, wanted.middle, wanted.prefix, wanted.suffix, wanted.title)
    places = [
        part
        for one in wanted.addresses
        for part in (one.text, one.street, one.postcode, one.city, one.region, one.country)
    ]
    return search_text(
        Searched(
            name=wanted.name,
            company=wanted.company_name or "",
            names=(*(name for name in names if name), *wanted.tags, *wanted.groups, *emails),
            texts=(wanted.department or "", wanted.notes, *(one.url for one in wanted.websites), *places),
            digits=tuple(run for phone in phones for run in digit_runs(phone.written, phone.e164)),
        )
    )


def refused(field: str, code: str, message: str) -> InvalidContact:
    """Return the error for one field that cannot be as it is wanted."""
    return InvalidContact(message, errors=[FieldProblem(field, code, message)])
