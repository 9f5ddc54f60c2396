"""Writing contacts as vCard 4.0 (RFC 6350) or 3.0 (RFC 2426): UTF-8, lines folded between characters."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from tradepost.crm.exchange.normal import normal
from tradepost.crm.exchange.record import ContactRecord, PhoneKind, PlaceKind, PostalAddress
from tradepost.crm.exchange.vcard.content_line import ContentLine, Parameter
from tradepost.crm.exchange.vcard.escaping import escape, escape_uri
from tradepost.crm.exchange.vcard.foreign import foreign_lines
from tradepost.crm.exchange.vcard.postal import label_parameter, needs_label, write_components
from tradepost.crm.exchange.vcard.telephone import number_parameter

Version = Literal["3.0", "4.0"]
# Bytes of a line without its end.
LONGEST_LINE = 75
# A byte of UTF-8 that does not begin a character (RFC 3629): 10xxxxxx.
_FOLLOWS, _FOLLOWING = 0b1100_0000, 0b1000_0000
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s\\]+", re.IGNORECASE)


def write_vcards(records: Iterable[ContactRecord], version: Version = "4.0") -> Iterator[str]:
    """Yield the text of one card after another (rule 32); together, as UTF-8, they are a file."""
    for record in records:
        yield write_vcard(record, version)


def write_vcard(record: ContactRecord, version: Version = "4.0") -> str:
    """Return the text of a contact's card."""
    record, is_new = normal(record), version == "4.0"
    lines = [
        ContentLine("BEGIN", "VCARD"),
        ContentLine("VERSION", version),
        *(_new_lines(record) if is_new else _old_lines(record)),
        *_shared_lines(record),
        *foreign_lines(record, is_new=is_new),
        ContentLine("END", "VCARD"),
    ]
    return "".join(fold(str(line)) for line in lines)


def fold(line: str) -> str:
    """Return a line with its end, folded so that none is longer than 75 bytes and no character is cut."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return f"{line}\r\n"
    # Half of a pair is kept for whoever writes the file; it counts for more there than it will be.
    text = line.encode("utf-8", "surrogatepass")
    pieces, start, end = [], 0, LONGEST_LINE
    while end < len(text):
        while text[end] & _FOLLOWS == _FOLLOWING:
            end -= 1
        pieces.append(text[start:end])
        # The space that a folded line begins with is one of its bytes.
        start, end = end, end + LONGEST_LINE - 1
    return b"\r\n ".join([*pieces, text[start:]]).decode("utf-8", "surrogatepass") + "\r\n"


def _new_lines(record: ContactRecord) -> Iterator[ContentLine]:
    """Yield what version 4.0 says in its own way; a name that is not split has no N (rule 33)."""
    if record.uid:
        yield _uid(record.uid)
    yield ContentLine("KIND", "org" if record.kind == "company" else "individual")
    if _is_split(record):
        yield _name(record)
    for email in record.emails:
        yield ContentLine("EMAIL", escape(email.address), _types(email.kind))
    for address in record.addresses:
        yield ContentLine("ADR", write_components(address), (*label_parameter(address), *_types(address.kind)))


def _old_lines(record: ContactRecord) -> Iterator[ContentLine]:
    """Yield what version 3.0 says in its own way; it needs an N, in which an unsplit name stands whole."""
    if record.uid:
        yield ContentLine("UID", escape(record.uid))
    if record.kind == "company":
        yield ContentLine("X-ABShowAs", "COMPANY")
        yield ContentLine("N", ";;;;")
    elif _is_split(record):
        yield _name(record)
    else:
        yield ContentLine("N", f"{escape(record.name)};;;;")
    for email in record.emails:
        yield ContentLine("EMAIL", escape(email.address), _types(email.kind, "internet"))
    for place, address in enumerate(record.addresses, start=1):
        yield from _old_address(address, f"address{place}")


def _old_address(address: PostalAddress, group: str) -> Iterator[ContentLine]:
    group, types = group if needs_label(address) else "", _types(address.kind)
    yield ContentLine("ADR", write_components(address), types, group)
    if group:
        yield ContentLine("LABEL", escape(address.text), types, group)


def _shared_lines(record: ContactRecord) -> Iterator[ContentLine]:
    """Yield what all versions say in the same way."""
    yield ContentLine("FN", escape(record.name))
    company = record.name if record.kind == "company" else record.company
    if company or record.department:
        units = [company, record.department] if record.department else [company]
        yield ContentLine("ORG", ";".join(map(escape, units)))
    texts = (("TITLE", record.title), ("LANG", record.language), ("NOTE", record.notes))
    for name, text in texts:
        if text:
            yield ContentLine(name, escape(text))
    for phone in record.phones:
        yield ContentLine("TEL", escape(phone.written), (*_types(phone.kind), *number_parameter(phone)))
    for page in record.websites:
        yield ContentLine("URL", escape_uri(page.url))
    if record.tags:
        yield ContentLine("CATEGORIES", ",".join(map(escape, record.tags)))


def _uid(uid: str) -> ContentLine:
    if _URI.fullmatch(uid):
        return ContentLine("UID", uid)
    return ContentLine("UID", escape(uid), (("VALUE", ("text",)),))


def _is_split(record: ContactRecord) -> bool:
    return any((record.given, record.family, record.middle, record.prefix, record.suffix))


def _name(record: ContactRecord) -> ContentLine:
    parts = (record.family, record.given, record.middle, record.prefix, record.suffix)
    return ContentLine("N", ";".join(map(escape, parts)))


def _types(kind: PhoneKind | PlaceKind, *more: str) -> tuple[Parameter, ...]:
    words = [*more] if kind == "other" else [*more, "cell" if kind == "mobile" else kind]
    return (("TYPE", tuple(words)),) if words else ()
