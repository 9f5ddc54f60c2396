"""Properties that this program does not know on their way out, as the version that is written allows (rule 32)."""

import re
from collections.abc import Iterator

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.exchange.vcard.content_line import ContentLine, clean_line, parse_line

# What the other version does not have; these stay with the contact, for a card in the version that has them.
_OLD_ONLY = frozenset({"AGENT", "CLASS", "LABEL", "MAILER", "NAME", "PROFILE", "SORT-STRING"})
_NEW_ONLY = frozenset({"ANNIVERSARY", "CLIENTPIDMAP", "GENDER", "MEMBER", "RELATED", "XML"})
# What a card has once, or what frames it: a second one would be another card's.
_OURS = frozenset({"BEGIN", "END", "VERSION", "N", "UID", "KIND", "PRODID", "REV", "X-ABSHOWAS"})
_DATES = frozenset({"BDAY", "ANNIVERSARY", "DEATHDATE"})
_LONG_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(.*)", re.ASCII)
_SHORT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)((?:T.*)?)", re.ASCII)
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[^,;]*)*;base64,(.*)", re.ASCII | re.IGNORECASE)
_MEDIA = {"SOUND": "audio", "PHOTO": "image", "LOGO": "image", "X-MS-CARDPICTURE": "image"}


def foreign_lines(record: ContactRecord, *, is_new: bool) -> Iterator[ContentLine]:
    """Yield the unknown properties that version 4.0 (`is_new`) or 3.0 allows, dates and pictures in its form."""
    for one in record.foreign:
        line = parse_line(one.line)
        if line is None or line.key in _OURS | (_OLD_ONLY if is_new else _NEW_ONLY):
            continue
        line = clean_line(line)
        if line.key in _DATES:
            line = _dated(line, is_new=is_new)
        yield _with_media_type(line) if is_new else _with_encoding(line)


def _dated(line: ContentLine, *, is_new: bool) -> ContentLine:
    form, changed = (_LONG_DATE, r"\1\2\3\4") if is_new else (_SHORT_DATE, r"\1-\2-\3\4")
    value = form.sub(changed, line.value) if form.fullmatch(line.value) else line.value
    return ContentLine(line.name, value, line.parameters, line.group)


def _with_media_type(line: ContentLine) -> ContentLine:
    """Return base64 as the URI that version 4.0 has for it."""
    if "b" not in [value.lower() for value in line.values("ENCODING")]:
        return line
    kind = next((value.lower() for value in line.values("TYPE") if re.fullmatch(r"[\w.+/-]+", value)), "")
    media = kind if "/" in kind else f"{_MEDIA.get(line.key, 'application')}/{kind or 'octet-stream'}"
    parameters = line.without("ENCODING", "TYPE", "VALUE")
    return ContentLine(line.name, f"data:{media};base64,{line.value}", parameters, line.group)


def _with_encoding(line: ContentLine) -> ContentLine:
    """Return a URI that holds data as the base64 that version 3.0 has for it."""
    found = _DATA.fullmatch(line.value)
    if found is None:
        return line
    kind = found[1].rpartition("/")[2].upper()
    parameters = (*line.without("MEDIATYPE", "VALUE", "TYPE"), ("ENCODING", ("b",)), ("TYPE", (kind,)))
    return ContentLine(line.name, found[2], parameters, line.group)
