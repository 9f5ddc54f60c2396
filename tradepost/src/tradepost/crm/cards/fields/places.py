"""Reads addresses: what looks like a part of one, and street, postcode, city and country where they are sure."""

import re
from typing import Final

from tradepost.crm.cards.fields.lexicon import COUNTRIES
from tradepost.crm.exchange.record import PostalAddress

RUSSIAN: Final = re.compile(
    r"(?<!\d)(?P<code>\d{6})(?!\d)[\s,]*(?:(?:г|город)\.?\s*)?(?P<city>[А-ЯЁ][а-яёА-ЯЁ-]+(?:[ -][А-ЯЁ]?[а-яё]+)*)"
)
AMERICAN: Final = re.compile(r"(?P<city>[A-Z][\w .'-]*?),?\s+(?P<state>[A-Z]{2})[\s,]+(?P<code>\d{5}(?:-\d{4})?)(?!\d)")
BRITISH: Final = re.compile(r"(?P<city>[A-Z][\w .'-]*?),?\s+(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b")
CONTINENTAL: Final = re.compile(r"(?<![\d-])(?:[A-Z]{1,2}\s?[-–]\s?)?(?P<code>\d{4,5})\s+(?P<city>[^\W\d_][^\d,|·•]*)")
SEPARATORS: Final = re.compile(r"\s+[·•|/]\s+")
# Tells a line with a postcode: an engine may have read the city wrong.
POSTCODE: Final = re.compile(r"(?<![\d-])\d{5,6}(?![\d/])|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2}\s+\d{5}\b")


# Slips of recognition in Russian addresses: the letter before a house's number is read as a digit or another letter.
HOUSE: Final = re.compile(r"(?<=[,\s])[90оОoO]\.\s*(?=\d)")
HAS_HOUSE: Final = re.compile(r"(?<!\w)д(?:ом)?\.?\s*\d")
STREET: Final = re.compile(r"(?<!\w)у[аА]\.(?=\s)")
BUILDING: Final = re.compile(r"(?<!\w)[cс][mт][pр]\.(?=\s*\d)")
# An icon before an address that was read as a sign of it.
ICON_BEFORE_CODE: Final = re.compile(r"^[A-ZА-ЯЁ]\s?(?=\d{6}(?!\d))")
ICON_BEFORE_STREET: Final = re.compile(r"^\d(?=[A-ZÄÖÜ][a-zäöüß-]+[^,\n]*\s\d)")


def mended(text: str) -> str:
    """Return an address with the slips of recognition put right that its form gives away."""
    text = ICON_BEFORE_STREET.sub("", ICON_BEFORE_CODE.sub("", text))
    if RUSSIAN.search(text) is None:
        return text
    if not HAS_HOUSE.search(text):
        text = HOUSE.sub("д. ", text)
    return BUILDING.sub("стр.", STREET.sub("ул.", text))


def read_address(lines: list[str]) -> PostalAddress:
    """Return the address that these lines print, its parts empty where they are not sure."""
    text = "\n".join(lines)
    flat = SEPARATORS.sub(", ", ", ".join(line.strip(" ,") for line in lines))
    flat, country = _country(flat)
    match, region = _town(flat)
    if match is None:
        return PostalAddress(text, country=country)
    rest = (flat[: match.start()] + ", " + flat[match.end() :]).strip(" ,;-")
    street = re.sub(r"(?:\s*,\s*)+", ", ", rest).strip(" ,")
    city = re.sub(r"\s+cedex(?:\s+\d+)?$", "", match["city"].strip(" ,"), flags=re.IGNORECASE)
    return PostalAddress(text, street=street, postcode=match["code"], city=city, region=region, country=country)


def _country(flat: str) -> tuple[str, str]:
    """Take the country's name off the beginning or the end; return what is left and the name as written."""
    parts = [part.strip() for part in flat.split(",")]
    for at in (-1, 0):
        if len(parts) > 1 and parts[at].lower().strip(" .") in COUNTRIES:
            name = parts.pop(at)
            return ", ".join(parts), name
    return flat, ""


def _town(flat: str) -> tuple[re.Match[str] | None, str]:
    for pattern in (RUSSIAN, AMERICAN, BRITISH, CONTINENTAL):
        last = None
        for match in pattern.finditer(flat):
            last = match
        if last is not None:
            return last, (last.groupdict().get("state") or "")
    return None, ""


def country_code(text: str) -> str | None:
    """Return the country (ISO 3166) that an address names or its postcode tells, for reading national numbers."""
    low = text.lower()
    for name, code in COUNTRIES.items():
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", low):
            return code
    if RUSSIAN.search(text):
        return "RU"
    if re.search(r"\b[A-Z]{2}[\s,]+\d{5}\b", text):
        return "US"
    return "GB" if BRITISH.search(text) else None
