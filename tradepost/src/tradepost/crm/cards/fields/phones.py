"""Finds telephone numbers in a line: the number as written, in E.164, and its kind by the word before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import phonenumbers

from tradepost.crm.exchange.record import PhoneKind

RUN: Final = re.compile(r"(?:[+±]\s?|(?<![\w@]))[(\[]?\d[\d\s()\[\].\-/–—]{4,}\d")
BREAKS: Final = (r"\s*[|;,•·]\s*|\s{2,}", r"\s+/\s+|(?<=\d)\s+(?=\+)", r"\s+(?=\(?\+|00|8[ (-]|0\d)")
EXTENSION: Final = re.compile(r"^[\s,]*(?:ext|extension|x|доб|poste|durchwahl)\.?\s*\d{1,5}", re.IGNORECASE)
FAX: Final = re.compile(r"(?:fax|факс|ф[ао]кс|télécopie|telecopie|telefax|(?<!\w)[fф])[\s.:]*$", re.IGNORECASE)
MOBILE: Final = re.compile(
    r"(?:mobile?|mob|cell|cellular|handy|portable|port|natel|gsm|моб|мобильный|сот|сотовый|(?<!\w)[mcм])[\s.:]*$",
    re.IGNORECASE,
)
PHONE: Final = re.compile(
    r"(?:tel|tél|telefon|téléphone|telephone|phone|fon|office|büro|fixe|direct|тел|телефон|раб|(?<!\w)[tpт])[\s.:]*$",
    re.IGNORECASE,
)
NO_NUMBER: Final = re.compile(
    r"\b(?:reg(?:istration)?\b|ust|vat|tva|siret|siren|rcs|инн|огрн|кпп|hrb|hra|iban|bic|steuer|handelsregister|"
    r"company no)",
    re.IGNORECASE,
)
NATIONAL_ZERO: Final = re.compile(r"[(\[]\s*[0OО]\s*[)\]|]")
SHORTEST, LONGEST = 7, 15
BLANK: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PhoneSpan:
    """A number as written, in E.164 where it is one (rule 30), what the word before says of its kind, and its place."""

    written: str
    e164: str | None
    kind: PhoneKind | None
    start: int
    end: int


def phones_in(text: str, region: str | None) -> list[PhoneSpan]:
    """Return the numbers of a line; `region` (ISO 3166) reads those without a country's code."""
    if NO_NUMBER.search(text):
        return []
    found: list[PhoneSpan] = []
    for match in RUN.finditer(text):
        for start, end in _numbers(text, match.start(), match.end(), region):
            written = text[start:end].strip(" .-/–—")
            before = text[found[-1].end if found else 0 : start]
            tail = EXTENSION.match(text[end:])
            stop = end + (len(tail[0]) if tail else 0)
            found.append(PhoneSpan(written, e164_of(written, region), kind_before(before), start, stop))
    return found


def _numbers(text: str, start: int, end: int, region: str | None) -> list[tuple[int, int]]:
    """Return the parts of a run of digits that are numbers: the whole, or where it is too long its pieces."""
    run = text[start:end]
    if _is_number(run) and (e164_of(run, region) or not _pieces(run, region)):
        return [(start, end)]
    return [(start + a, start + b) for a, b in _pieces(run, region)]


def _pieces(run: str, region: str | None) -> Sequence[tuple[int, int]]:
    for pattern in BREAKS:
        places, at = [], 0
        for match in (*re.finditer(pattern, run), None):
            places.append((at, match.start() if match else len(run)))
            at = match.end() if match else at
        if len(places) > 1 and all(_is_number(run[a:b]) and e164_of(run[a:b], region) for a, b in places):
            return places
    for blank in BLANK.finditer(run):
        halves = [(0, blank.start()), (blank.end(), len(run))]
        if all(_is_number(run[a:b]) and e164_of(run[a:b], region) for a, b in halves):
            return halves
    return []


def _is_number(text: str) -> bool:
    return SHORTEST <= sum(map(str.isdigit, text)) <= LONGEST


def e164_of(written: str, region: str | None) -> str | None:
    """Return the number in E.164, or None where the country is unknown or the length is none of it."""
    plain = written.replace("±", "+").strip()
    if zero := NATIONAL_ZERO.search(plain, 1):
        # `+49 (0)30`: what stands before the bracket is a country's code, whatever became of its plus sign.
        plain = f"+{plain[: zero.start()]} {plain[zero.end() :]}"
    digits = re.sub(r"\D", "", plain)
    if not SHORTEST - 2 <= len(digits) <= LONGEST + 2:
        return None
    if plain.lstrip(" (").startswith("00") and len(digits) > 10:
        plain = "+" + digits[2:]
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def kind_before(text: str) -> PhoneKind | None:
    """Return what the word before a number says of it."""
    if FAX.search(text):
        return "fax"
    if MOBILE.search(text):
        return "mobile"
    return "work" if PHONE.search(text) else None


def kind_of(e164: str | None) -> PhoneKind:
    """Return the kind that the number itself tells where no word does: mobile ranges are known in most countries."""
    if e164 is None:
        return "work"
    number_type = phonenumbers.number_type(phonenumbers.parse(e164))
    return "mobile" if number_type == phonenumbers.PhoneNumberType.MOBILE else "work"


def region_of(e164: str) -> str | None:
    """Return the country (ISO 3166) of a number in E.164."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or phonenumbers.region_code_for_country_code(
        phonenumbers.parse(e164).country_code or 0
    )
