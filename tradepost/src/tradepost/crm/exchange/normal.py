"""The one form of a contact that all forms of files agree on: composed text, no empty parts, nothing twice.

Names keep their script and every letter (rule 33). A name in one part is not split: a family or given name that
is the whole name, and a street that is the whole address, say nothing more and are dropped, because other programs
write unsplit names and addresses so.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website

T = TypeVar("T")
# Control characters, lone surrogates and signs that no text has (noncharacters); PostgreSQL cannot keep NUL.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")


def plain(text: str) -> str:
    """Return composed text (rule 33) without control characters; spaces and line feeds stay."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _NO_TEXT.sub("", text))


def one_line(text: str) -> str:
    """Return text of one line: composed (rule 33), without control characters, spaces single."""
    return " ".join(plain(text).split())


def some_lines(text: str) -> str:
    """Return text of any number of lines, apart by line feeds, none of them with spaces at its end."""
    return "\n".join(line.rstrip() for line in plain(_LINE_END.sub("\n", text)).split("\n")).strip()


def address_text(address: PostalAddress) -> str:
    """Return the address as one reads it, from its parts: street, postcode and city, region, country."""
    town = f"{address.postcode} {address.city}".strip()
    return "\n".join(part for part in (address.street, town, address.region, address.country) if part)


def normal(record: ContactRecord) -> ContactRecord:
    """Return `record` in the normal form; applied to the normal form it changes nothing."""
    phones = [Phone(one_line(phone.written), phone.e164, phone.kind) for phone in record.phones]
    emails = [Email(one_line(email.address), email.kind) for email in record.emails]
    websites = [Website(one_line(page.url)) for page in record.websites]
    addresses = [_address(address) for address in record.addresses]
    name, given, family = _names(record)
    is_person = record.kind == "person"
    return ContactRecord(
        name=name,
        kind=record.kind,
        given=given,
        family=family,
        middle=one_line(record.middle) if is_person else "",
        prefix=one_line(record.prefix) if is_person else "",
        suffix=one_line(record.suffix) if is_person else "",
        company=one_line(record.company) if is_person else "",
        title=one_line(record.title),
        department=one_line(record.department),
        language=one_line(record.language),
        notes=some_lines(record.notes),
        uid=one_line(record.uid),
        phones=_once(phone for phone in phones if phone.written),
        emails=_once(email for email in emails if email.address),
        websites=_once(page for page in websites if page.url),
        addresses=_once(address for address in addresses if address.text),
        tags=_once(tag for tag in map(one_line, record.tags) if tag),
        foreign=_once(record.foreign),
    )


def _names(record: ContactRecord) -> tuple[str, str, str]:
    """Return the whole name, the given and the family name; a company has but the whole one."""
    name = one_line(record.name)
    if record.kind == "company":
        return name, "", ""
    given, family = one_line(record.given), one_line(record.family)
    rest = (record.middle, record.prefix, record.suffix)
    is_whole = name == (given or family) and not (given and family) and not any(map(one_line, rest))
    return (name, "", "") if is_whole else (name, given, family)


def _address(address: PostalAddress) -> PostalAddress:
    address = PostalAddress(
        some_lines(address.text),
        some_lines(address.street),
        one_line(address.postcode),
        one_line(address.city),
        one_line(address.region),
        one_line(address.country),
        address.kind,
    )
    composed = address_text(address)
    if not address.text:
        address = replace(address, text=composed)
    is_whole = address.street == address.text == composed
    return replace(address, street="") if is_whole else address


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
