"""Contacts as rows of a sheet: in Google's columns, or in those and a few more that keep names and languages whole.

The cells are as they are; `mainstay.web.spreadsheet.csv_reply` makes them a file of which no spreadsheet runs a cell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tradepost.crm.exchange.normal import normal
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PhoneKind, PlaceKind, PostalAddress

Style = Literal["google", "plain"]

BETWEEN = " ::: "
_LABELS: dict[PhoneKind | PlaceKind, str] = {
    "work": "Work",
    "home": "Home",
    "mobile": "Mobile",
    "fax": "Fax",
    "pager": "Pager",
    "other": "Other",
}
_ADDRESS = ("Label", "Formatted", "Street", "City", "Region", "Postal Code", "Country")
_PLAIN = ("Name", "Language", "UID")
_PERSON = (
    "First Name",
    "Middle Name",
    "Last Name",
    "Name Prefix",
    "Name Suffix",
    "Organization Name",
    "Organization Title",
    "Organization Department",
    "Notes",
    "Labels",
)


@dataclass(frozen=True, slots=True)
class SheetForm:
    """Which columns are written, and how many for several values; those beyond them share the last one's cell."""

    style: Style = "plain"
    emails: int = 4
    phones: int = 5
    websites: int = 2
    addresses: int = 2


def sheet_head(form: SheetForm) -> list[str]:
    """Return what the columns are called."""
    numbered = (
        [f"E-mail {slot} - {part}" for slot in range(1, form.emails + 1) for part in ("Label", "Value")],
        [f"Phone {slot} - {part}" for slot in range(1, form.phones + 1) for part in ("Label", "Value")],
        [f"Website {slot} - {part}" for slot in range(1, form.websites + 1) for part in ("Label", "Value")],
        [f"Address {slot} - {part}" for slot in range(1, form.addresses + 1) for part in _ADDRESS],
    )
    return [*(_PLAIN if form.style == "plain" else ()), *_PERSON, *(name for names in numbered for name in names)]


def sheet_rows(records: Iterable[ContactRecord], form: SheetForm) -> Iterator[list[str]]:
    """Yield a row for each contact, its cells in the order of `sheet_head`."""
    return (_row(normal(record), form) for record in records)


def _row(record: ContactRecord, form: SheetForm) -> list[str]:
    is_company = record.kind == "company"
    is_split = any((record.given, record.family, record.middle, record.prefix, record.suffix))
    # Google has no column for a whole name; its own exports have one that came unsplit among the first names.
    whole = "" if is_company or is_split or form.style == "plain" else record.name
    return [
        *(("" if is_company else record.name, record.language, record.uid) if form.style == "plain" else ()),
        record.given or whole,
        record.middle,
        record.family,
        record.prefix,
        record.suffix,
        record.name if is_company else record.company,
        record.title,
        record.department,
        record.notes,
        BETWEEN.join(record.tags),
        *_pairs([_labelled(email) for email in record.emails], form.emails),
        *_pairs([_labelled(phone) for phone in record.phones], form.phones),
        *_pairs([("", page.url) for page in record.websites], form.websites),
        *_address_cells(record.addresses, form.addresses),
    ]


def _labelled(value: Email | Phone) -> tuple[str, str]:
    return _LABELS[value.kind], value.address if isinstance(value, Email) else value.written


def _pairs(values: list[tuple[str, str]], slots: int) -> Iterator[str]:
    """Yield labels and values; the last slot takes all that are left, as Google does."""
    alone = values[: slots - 1]
    for label, text in alone:
        yield label
        yield text
    shared = values[slots - 1 :]
    yield from [""] * (2 * (slots - 1 - len(alone)))
    yield shared[0][0] if shared else ""
    yield BETWEEN.join(text for _, text in shared)


def _address_cells(addresses: tuple[PostalAddress, ...], slots: int) -> Iterator[str]:
    for slot in range(slots):
        taken = addresses[slot:] if slot == slots - 1 else addresses[slot : slot + 1]
        if len(taken) == 1:
            [one] = taken
            yield from (_LABELS[one.kind], one.text, one.street, one.city, one.region, one.postcode, one.country)
        else:
            yield _LABELS[taken[0].kind] if taken else ""
            yield BETWEEN.join(address.text for address in taken)
            yield from [""] * (len(_ADDRESS) - 2)
