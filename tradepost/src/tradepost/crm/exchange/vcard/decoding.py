"""Bytes of properties as text: quoted-printable, stated and unstated encodings."""

import binascii
import re
from collections.abc import Iterable

from mainstay.sheet.encoding import Survey
from mainstay.sheet.problem import SheetProblem
from tradepost.crm.exchange.vcard.unfolding import RawProperty

_CHARSET = re.compile(rb';\s*CHARSET\s*=\s*"?([\w.-]+)', re.IGNORECASE)
# Python knows codecs that are no encodings of text; only these are taken at their word.
_CHARSETS = re.compile(
    r"utf-?8|utf-?16|us-?ascii|iso-?8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|cp437|cp85\d|cp866|koi8-[ru]"
    r"|macintosh|shift[-_]jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|gb2312|gbk|gb18030|big5|tis-620",
    re.IGNORECASE,
)
WESTERN = "cp1252"


def fallback_codec(properties: Iterable[RawProperty]) -> str:
    """Return the code page of what is neither UTF-8 nor says what it is: Windows' Western or Cyrillic one."""
    survey = Survey()
    survey.feed(b"vcard\n")
    for one in properties:
        if _stated(one) is None:
            survey.feed(_bytes(one))
    try:
        codec = survey.encoding().codec
    except SheetProblem:
        return WESTERN
    return codec if codec.startswith("cp") else WESTERN


def decode(raw: RawProperty, fallback: str) -> str:
    """Return the text of a property, its quoted-printable decoded.

    An encoding that it states is taken only where it fits: files are converted later, and still say the old one.
    """
    data, stated = _bytes(raw), _stated(raw)
    text = None if stated is None else _try(data, stated)
    if text is None:
        text = _try(data, "utf-8")
    if text is None:
        text = _try_java(data)
    return data.decode(fallback, "replace") if text is None else text


def _bytes(raw: RawProperty) -> bytes:
    data = bytes(raw.data)
    if not raw.is_quoted:
        return data
    head, colon, value = data.partition(b":")
    return head + colon + binascii.a2b_qp(value)


def _stated(raw: RawProperty) -> str | None:
    """Return the codec that the property says it is in, if that is one of text."""
    found = _CHARSET.search(raw.data.partition(b":")[0])
    name = found[1].decode("ascii") if found else ""
    return name if _CHARSETS.fullmatch(name) else None


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None


def _try_java(data: bytes) -> str | None:
    """Return text of UTF-8 whose surrogates were written one by one; a lone one becomes the sign for no character."""
    try:
        return data.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except UnicodeDecodeError:
        return None
