"""Telephone numbers of cards: as text, and as the URIs of version 4.0 (RFC 3966)."""

import re
from urllib.parse import unquote

from tradepost.crm.exchange.normal import one_line
from tradepost.crm.exchange.record import Phone, PhoneKind
from tradepost.crm.exchange.vcard.content_line import ContentLine, Parameter
from tradepost.crm.exchange.vcard.escaping import unescape

# Our own parameter: the number in E.164 beside the text as it was written (rule 30); others pass over it.
E164 = "X-E164"
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_URI = re.compile(r"tel:([^;]*)(;.*)?", re.IGNORECASE | re.DOTALL)
_EXTENSION = re.compile(r";ext=([^;]+)", re.IGNORECASE)
_SIGNS = re.compile(r"[\s().-]")


def read_phone(line: ContentLine, kind: PhoneKind) -> Phone:
    """Return the phone of a TEL. E.164 is what the card states; numbers as text are for the importer to work out."""
    value = unescape(line.value).strip()
    stated = next((number for number in line.values(E164) if _E164.fullmatch(number)), None)
    uri = _URI.fullmatch(value)
    if uri is None:
        return Phone(one_line(value), stated, kind)
    written, extension = one_line(unquote(uri[1])), _EXTENSION.search(uri[2] or "")
    if extension is not None:
        return Phone(one_line(f"{written} ext. {unquote(extension[1])}"), stated, kind)
    plain = _SIGNS.sub("", written)
    return Phone(written, stated or (plain if _E164.fullmatch(plain) else None), kind)


def number_parameter(phone: Phone) -> tuple[Parameter, ...]:
    """Return the parameter that keeps the number in E.164."""
    return () if phone.e164 is None else ((E164, (phone.e164,)),)
