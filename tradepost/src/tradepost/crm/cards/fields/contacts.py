"""Takes telephone numbers, e-mail addresses and websites out of the lines; what is left of them are free lines."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tradepost.crm.cards.fields import lexicon, net, phones
from tradepost.crm.cards.fields.language import language_of
from tradepost.crm.cards.fields.places import country_code
from tradepost.crm.cards.fields.segments import Segment
from tradepost.crm.exchange.record import PhoneKind

LABEL_BEFORE: Final = re.compile(
    r"(?:(?<!\w)(?:e-?mail|mail|courriel|почта|эл\.? ?почта|web|website|site(?: web)?|internet|homepage|сайт|www|url|"
    r"tel|tél|telefon|téléphone|telephone|phone|fon|office|büro|fixe|direct|durchwahl|"
    r"mobile?|mob|cell|handy|portable|port|gsm|fax|telefax|télécopie|"
    r"тел|телефон|раб|моб|мобильный|сот|факс|[etmfpcwтмфe])(?!\w)[\s.:]*)+$",
    re.IGNORECASE,
)
LONE_WORD: Final = re.compile(r"(?:^|(?<=[|·•,/]))\s*[^\W\d]{1,12}\W{0,3}$")
SEPARATOR: Final = re.compile(r"\s*[|·•]\s*|\s{2,}|\s+/\s+")
EDGES: Final = " \t|·•,;:/-–—*"
FAX_IN_LATIN: Final = re.compile(r"[φf]a[kx]c?\W*$", re.IGNORECASE)
BY_LANGUAGE: Final = {"de": "DE", "fr": "FR", "ru": "RU"}
REGIONS: Final = {"de": "DE", "fr": "FR", "ru": "RU", "uk": "GB", "us": "US", "at": "AT", "ch": "CH", "рф": "RU"}


@dataclass(frozen=True, slots=True)
class PhoneItem:
    """A number found in a line."""

    written: str
    e164: str | None
    kind: PhoneKind
    segment: Segment


@dataclass(frozen=True, slots=True)
class NetItem:
    """An e-mail address or a website found in a line."""

    value: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class Contacts:
    """What was taken out, and the free lines that are left."""

    phones: tuple[PhoneItem, ...]
    emails: tuple[NetItem, ...]
    websites: tuple[NetItem, ...]
    free: tuple[Segment, ...]
    other: tuple[Segment, ...]


def take_contacts(segments: Sequence[Segment]) -> Contacts:
    """Divide the lines of a card."""
    mended = [replace(one, text=net.mend(one.text), also=net.mend(one.also)) for one in segments]
    region = guess_region(mended)
    found_phones: list[PhoneItem] = []
    emails: list[NetItem] = []
    websites: list[NetItem] = []
    free: list[Segment] = []
    other: list[Segment] = []
    for one in mended:
        spans: list[tuple[int, int]] = []
        for span in net.emails_in(one.text):
            emails.append(NetItem(span.value, one.part(span.start, span.end)))
            spans.append((span.start, span.end))
        for span in net.websites_in(one.text):
            websites.append(NetItem(span.value, one.part(span.start, span.end)))
            spans.append((span.start, span.end))
        for item, place in _phones(one, region):
            found_phones.append(item)
            spans.append(place)
        for piece in _rest(one, spans):
            (other if lexicon.OTHER_DATA.search(piece.text) else free).append(piece)
    return Contacts(
        tuple(_once(found_phones)), tuple(_different(emails)), tuple(_different(websites)), tuple(free), tuple(other)
    )


def _phones(one: Segment, region: str | None) -> Iterable[tuple[PhoneItem, tuple[int, int]]]:
    """Yield the numbers of a line; where two engines read it, digits of the Latin one and words of the other."""
    if phones.NO_NUMBER.search(one.text):
        return
    found = phones.phones_in(one.text, region)
    beside = phones.phones_in(one.also, region) if one.also else []
    better = beside if len(beside) == len(found) else [None] * len(found)
    for span, also in zip(found, better, strict=True):
        kind = span.kind or (also.kind if also else None)
        if also and FAX_IN_LATIN.search(one.also[: also.start].split(also.written)[0]):
            kind = kind or "fax"
        best = also if also and also.e164 else span
        part = one.part(span.start, span.end)
        yield PhoneItem(best.written, best.e164, kind or phones.kind_of(best.e164), part), (span.start, span.end)


def _rest(one: Segment, spans: list[tuple[int, int]]) -> Iterable[Segment]:
    """Yield what is left of a line without the spans and the words before them."""
    if not spans:
        if _says_something(one.text):
            yield one
        return
    at = 0
    for start, end in (*sorted(spans), (len(one.text), len(one.text))):
        piece = one.text[at:start]
        if start < len(one.text):
            piece = LABEL_BEFORE.sub("", piece)
            # A single word before a number or an address is its label, however it was read.
            piece = LONE_WORD.sub("", piece)
        yield from _pieces(one, piece, at)
        at = max(at, end)


def _pieces(one: Segment, text: str, offset: int) -> Iterable[Segment]:
    at = 0
    for match in (*SEPARATOR.finditer(text), None):
        end = match.start() if match else len(text)
        piece = text[at:end].strip(EDGES)
        if _says_something(piece):
            yield replace(one.part(offset + at, offset + end), text=piece)
        at = match.end() if match else at


def _says_something(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= 2


def _once(found: list[PhoneItem]) -> Iterable[PhoneItem]:
    seen: set[str] = set()
    for one in found:
        key = one.e164 or one.written
        if key not in seen:
            seen.add(key)
            yield one


def _different(found: list[NetItem]) -> Iterable[NetItem]:
    seen: set[str] = set()
    for one in found:
        if one.value.lower() not in seen:
            seen.add(one.value.lower())
            yield one


def guess_region(segments: Sequence[Segment]) -> str | None:
    """Return the country (ISO 3166) whose numbers the card most likely prints without a country's code."""
    for one in segments:
        for number in phones.phones_in(one.also or one.text, None):
            if number.e164:
                return phones.region_of(number.e164)
    text = "\n".join(one.text for one in segments)
    if code := country_code(text):
        return code
    if len(re.findall(r"[а-яё]", text, re.IGNORECASE)) > 8:
        return "RU"
    for one in segments:
        for span in (*net.emails_in(one.text), *net.websites_in(one.text)):
            end = net.domain_of(span.value).rpartition(".")[2]
            if end in REGIONS:
                return REGIONS[end]
    return _by_words(text) or BY_LANGUAGE.get(language_of([text]))


def _by_words(text: str) -> str | None:
    low = text.lower()
    if re.search(r"\bd-\d{5}\b|straße|strasse|gmbh|weg \d|(?<!\w)und(?!\w)|[äöüß]", low):
        return "DE"
    if re.search(r"(?<!\w)(?:rue|boulevard|chemin|sarl|sas|cedex|tél)(?!\w)|[éèêçàœ]", low):
        return "FR"
    return "US" if re.search(r"\(\d{3}\)\s*\d{3}-\d{4}|\b\d{3}[.-]\d{3}[.-]\d{4}\b", text) else None
