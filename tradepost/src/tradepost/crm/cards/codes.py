"""Reads the QR code on a card: a vCard, a MeCard (NTT DoCoMo), or the address of a page."""

import re
from collections.abc import Iterator
from typing import Final

import zxingcpp

from tradepost.crm.cards.fields.phones import e164_of
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.exchange.entry import ExchangeProblem, Read
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PostalAddress, Website
from tradepost.crm.exchange.vcard.reader import read_vcards

# A QR code holds at most 4,296 letters (ISO/IEC 18004).
LONGEST: Final = 8_000
MECARD_PART: Final = re.compile(r"(?P<key>[A-Z-]+):(?P<value>(?:\\.|[^;\\])*);")
PAGE: Final = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)


def read_codes(pixels: Pixels) -> list[str]:
    """Return the text of each QR code in a picture; too long a text is none of a card's."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(pixels, formats=formats)
    return [one.text for one in found if one.valid and 0 < len(one.text) <= LONGEST]


def contact_of(text: str) -> ContactRecord | None:
    """Return the contact that a code's text speaks of, or None where it is something else."""
    text = text.strip()
    if text[:11].upper() == "BEGIN:VCARD":
        return next(_vcards(text), None)
    if text[:7].upper() == "MECARD:":
        return _mecard(text[7:])
    return ContactRecord(name="", websites=(Website(text),)) if PAGE.fullmatch(text) else None


def _vcards(text: str) -> Iterator[ContactRecord]:
    try:
        for entry in read_vcards([text.encode()]):
            if isinstance(entry, Read):
                yield entry.record
    except ExchangeProblem:
        # A code that begins like a vCard and is none says nothing; the print is still read.
        return


def _mecard(text: str) -> ContactRecord:
    parts: dict[str, list[str]] = {}
    for match in MECARD_PART.finditer(text + ";"):
        value = re.sub(r"\\(.)", r"\1", match["value"]).strip()
        if value:
            parts.setdefault(match["key"], []).append(value)
    family, _, given = (parts.get("N") or [""])[0].partition(",")
    given, family = given.strip(), family.strip()
    return ContactRecord(
        name=" ".join(filter(None, (given, family))),
        given=given if family and given else "",
        family=family if family and given else "",
        company=(parts.get("ORG") or [""])[0],
        title=(parts.get("TITLE") or [""])[0],
        notes="\n".join(parts.get("NOTE", ())),
        phones=tuple(Phone(number, e164_of(number, None)) for number in parts.get("TEL", ())),
        emails=tuple(map(Email, parts.get("EMAIL", ()))),
        websites=tuple(map(Website, parts.get("URL", ()))),
        addresses=tuple(map(_address, parts.get("ADR", ()))),
    )


def _address(value: str) -> PostalAddress:
    lines = [part.strip() for part in value.split(",") if part.strip()]
    return PostalAddress("\n".join(lines))
