"""A card's properties as a contact: what is known becomes fields, everything else is kept as it is (rule 32)."""

import re
from collections.abc import Iterable

from tradepost.crm.exchange.entry import Unreadable
from tradepost.crm.exchange.kinds import phone_kind, place_kind
from tradepost.crm.exchange.normal import normal, one_line, some_lines
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Kind, PostalAddress, Website
from tradepost.crm.exchange.vcard.content_line import ContentLine, clean_line
from tradepost.crm.exchange.vcard.escaping import split, unescape
from tradepost.crm.exchange.vcard.postal import read_address
from tradepost.crm.exchange.vcard.telephone import read_phone

LABEL = "X-ABLABEL"
# Said once; what stands again is kept as it is.
_SINGLE = ("FN", "N", "ORG", "TITLE", "LANG", "UID", "KIND", "X-ABSHOWAS")
_SEVERAL = ("TEL", "EMAIL", "URL", "ADR", "LABEL", "CATEGORIES", "NOTE")
# What tells of the file, not of the contact: who wrote it, and when.
_OF_THE_FILE = frozenset({"VERSION", "PRODID", "REV", "BEGIN", "END"})
# Groups that Google puts everybody in.
_NO_TAGS = frozenset({"mycontacts", "starred"})
_COMPANIES = frozenset({"org", "organization", "company"})
_FIRST_OF_ALL = 0


def read_contact(lines: Iterable[ContentLine]) -> ContactRecord:
    """Return the contact of a card. A name that is not split stays whole (rule 33). Raises Unreadable."""
    return _Card(lines).contact()


class _Card:
    """The properties of one card, sorted into what is known and what is not."""

    def __init__(self, lines: Iterable[ContentLine]) -> None:
        self._single: dict[str, ContentLine] = {}
        self._several: dict[str, list[ContentLine]] = {name: [] for name in _SEVERAL}
        self._labels: dict[str, ContentLine] = {}
        self._foreign: list[ContentLine] = []
        for line in lines:
            self._sort(line)

    def contact(self) -> ContactRecord:
        names = [_listed(part, ", " if place == 4 else " ") for place, part in enumerate(self._parts("N"))]
        family, given, middle, prefix, suffix = (names + [""] * 5)[:5]
        organisation = [one_line(unescape(part)) for part in self._parts("ORG")] + [""]
        split_name = " ".join(part for part in (prefix, given, middle, family, suffix) if part)
        full_name = self._text("FN") or split_name
        kind = self._kind(full_name, split_name, organisation[0])
        name = full_name or organisation[0] or self._name_of_last_resort()
        return normal(
            ContactRecord(
                name,
                kind,
                given=given,
                family=family,
                middle=middle,
                prefix=prefix,
                suffix=suffix,
                company=organisation[0],
                title=self._text("TITLE"),
                department=", ".join(part for part in organisation[1:] if part),
                language=self._text("LANG"),
                notes="\n".join(some_lines(unescape(line.value)) for line in self._several["NOTE"]),
                uid=self._text("UID"),
                phones=tuple(read_phone(line, phone_kind(self._words(line))) for line in self._preferred("TEL")),
                emails=tuple(self._email(line) for line in self._preferred("EMAIL")),
                websites=tuple(Website(one_line(unescape(line.value))) for line in self._preferred("URL")),
                addresses=self._addresses(),
                tags=self._tags(),
                foreign=self._kept(),
            )
        )

    def _sort(self, line: ContentLine) -> None:
        key = line.key
        if key in _OF_THE_FILE:
            return
        if key in self._several:
            self._several[key].append(line)
        elif key == LABEL and line.group:
            self._labels[line.group] = line
        elif key in _SINGLE and key not in self._single:
            self._single[key] = line
        else:
            self._foreign.append(line)

    def _parts(self, name: str) -> list[str]:
        line = self._single.get(name)
        return [] if line is None else split(line.value, ";")

    def _text(self, name: str) -> str:
        line = self._single.get(name)
        return "" if line is None else one_line(unescape(line.value))

    def _kind(self, full_name: str, split_name: str, organisation: str) -> Kind:
        """Return what the card says it is; one without a person's name, or with the company's, is the company's."""
        stated = (self._text("KIND") or self._text("X-ABSHOWAS")).lower()
        if stated:
            return "company" if stated in _COMPANIES else "person"
        is_company = bool(organisation) and not split_name and full_name in {"", organisation}
        return "company" if is_company else "person"

    def _name_of_last_resort(self) -> str:
        """Return what the contact is called where it has no name: a nickname, an e-mail address or a number."""
        nicknames = (line for line in self._foreign if line.key == "NICKNAME")
        for line in (*nicknames, *self._several["EMAIL"], *self._several["TEL"]):
            if name := one_line(unescape(line.value)):
                return name
        raise Unreadable("no_name", "The card has no name, company, e-mail address or phone.")

    def _words(self, line: ContentLine) -> list[str]:
        """Return what says which phone or address it is: a label of Apple's or Google's, else its types."""
        label = self._labels.get(line.group)
        return [unescape(label.value)] if label is not None and label.value.strip() else line.types()

    def _preferred(self, name: str) -> list[ContentLine]:
        return sorted(self._several[name], key=_preference)

    def _email(self, line: ContentLine) -> Email:
        address = one_line(unescape(line.value))
        return Email(re.sub("^mailto:", "", address, flags=re.IGNORECASE), place_kind(self._words(line)))

    def _addresses(self) -> tuple[PostalAddress, ...]:
        """Return the addresses; a label beside one, by its group or its types, says how it is read (RFC 2426)."""
        labels, found = list(self._several["LABEL"]), []
        for line in self._preferred("ADR"):
            label = next((one for one in labels if one.group == line.group and _like(one, line)), None)
            if label is not None:
                labels.remove(label)
            text = "" if label is None else some_lines(unescape(label.value))
            found.append(read_address(line, text, self._words(line)))
        found += [PostalAddress(some_lines(unescape(one.value)), kind=place_kind(one.types())) for one in labels]
        return tuple(found)

    def _tags(self) -> tuple[str, ...]:
        parts = (part for line in self._several["CATEGORIES"] for part in split(line.value, ","))
        tags = (one_line(unescape(part)) for part in parts)
        return tuple(tag for tag in tags if tag.lower() not in _NO_TAGS)

    def _kept(self) -> tuple[ForeignProperty, ...]:
        """Return the unknown properties, each with the label of its group, and labels whose text no kind says."""
        lines: list[ContentLine] = []
        for line in self._foreign:
            lines.append(line)
            if line.group in self._labels:
                lines.append(self._labels.pop(line.group))
        return tuple(ForeignProperty(str(clean_line(line))) for line in lines)


def _preference(line: ContentLine) -> int:
    """Return the place among its like: preferred ones first, others in the order they stand."""
    stated = next((int(text) for text in line.values("PREF") if re.fullmatch("[0-9]{1,3}", text)), None)
    if stated is not None:
        return stated
    return _FIRST_OF_ALL if "pref" in line.types() else 101


def _like(label: ContentLine, line: ContentLine) -> bool:
    return bool(label.group) or place_kind(label.types()) == place_kind(line.types())


def _listed(part: str, between: str) -> str:
    values = (one_line(unescape(value)) for value in split(part, ","))
    return between.join(value for value in values if value)
