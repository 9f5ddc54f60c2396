"""One row of a sheet as a contact, under a mapping."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from mainstay.sheet.formulas import original
from tradepost.crm.exchange.entry import Unreadable
from tradepost.crm.exchange.kinds import phone_kind, place_kind
from tradepost.crm.exchange.normal import normal, one_line
from tradepost.crm.exchange.record import ContactRecord, Email, Phone, PlaceKind, PostalAddress, Website
from tradepost.crm.exchange.sheet.target import SINGLE, SheetMapping, Target

LONGEST_CELL = 65_536
# How Google parts several values of one cell.
BETWEEN = re.compile(r"\s+:::\s+|\s+:::$|^:::\s+")
_TAG_SIGNS = re.compile("[,;]")
# Groups that Google puts everybody in, and the star it puts before its own.
_NO_TAGS = frozenset({"* mycontacts", "mycontacts", "* starred", "starred"})
_PLACES: dict[str, PlaceKind] = {"work": "work", "home": "home", "other": "other"}


def read_row(cells: list[str], mapping: SheetMapping) -> ContactRecord:
    """Return the contact of a row; a name in one column stays whole (rule 33). Raises Unreadable."""
    _check(cells, len(mapping.columns))
    row = _Row()
    for cell, target in zip(cells, mapping.targets, strict=False):
        text = original(cell.strip())
        if target is not None and (text or target.field in {"phone_label", "email_label"}):
            row.put(target, text)
    record = normal(row.record())
    if not record.name:
        raise Unreadable("no_name", "The row has no name, company, e-mail address or phone.")
    return record


def _check(cells: list[str], most: int) -> None:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Unreadable("cell_too_long", f"A cell has more than {LONGEST_CELL:,} characters.")
    if any(cell.strip() for cell in cells[most:]):
        raise Unreadable(
            "too_many_cells",
            f"The row has {len(cells)} cells and the header {most}: a separator inside of a cell must stand in quotes.",
        )


@dataclass(slots=True)
class _Row:
    """The texts of a row by the fields they belong to, in the order of the columns."""

    single: dict[str, str] = field(default_factory=dict)
    slots: dict[str, dict[Target, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    places: dict[tuple[str, int], dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def put(self, target: Target, text: str) -> None:
        """Add the text of one cell."""
        if target.field in SINGLE:
            # A person may send several columns to one field.
            between = "\n" if target.field == "notes" else " "
            self.single[target.field] = between.join([*filter(None, [self.single.get(target.field)]), text])
        elif target.field in {"phone", "phone_label", "email", "email_label", "website"}:
            self.slots[target.field][target].append(text)
        else:
            self.places[target.kind, target.slot][target.field].append(text)

    def record(self) -> ContactRecord:
        """Return the contact, its name empty when the row has nothing that it could be called by."""
        single = self.single
        parts = (single.get(part, "") for part in ("prefix", "given", "middle", "family", "suffix"))
        phones, emails = self._phones(), self._emails()
        name = one_line(single.get("name", "")) or one_line(" ".join(part for part in parts if part))
        company = one_line(single.get("company", ""))
        reachable = [*(email.address for email in emails), *(phone.written for phone in phones)]
        return ContactRecord(
            name or company or next(filter(None, map(one_line, reachable)), ""),
            "company" if company and not name else "person",
            given=single.get("given", ""),
            family=single.get("family", ""),
            middle=single.get("middle", ""),
            prefix=single.get("prefix", ""),
            suffix=single.get("suffix", ""),
            company=company,
            title=single.get("title", ""),
            department=single.get("department", ""),
            language=single.get("language", ""),
            notes=single.get("notes", ""),
            uid=single.get("uid", ""),
            phones=tuple(phones),
            emails=tuple(emails),
            websites=tuple(Website(part) for texts in self.slots["website"].values() for part in _parts(texts)),
            addresses=tuple(address for place in self.places for address in self._addresses(*place)),
            tags=self._tags(),
        )

    def _phones(self) -> list[Phone]:
        found = []
        for target, texts in self.slots["phone"].items():
            label = self._label("phone_label", target.slot)
            kind = phone_kind([label or target.kind]) if label is not None or target.kind else "work"
            found += [Phone(part, kind=kind) for part in _parts(texts)]
        return found

    def _emails(self) -> list[Email]:
        found = []
        for target, texts in self.slots["email"].items():
            label = self._label("email_label", target.slot)
            kind = place_kind([label or target.kind]) if label is not None or target.kind else "work"
            found += [Email(part, kind) for part in _parts(texts)]
        return found

    def _label(self, name: str, slot: int) -> str | None:
        """Return the label that stands beside a value, if one does."""
        texts = (" ".join(texts) for target, texts in self.slots[name].items() if target.slot == slot)
        return next(texts, None)

    def _addresses(self, kind: str, slot: int) -> list[PostalAddress]:
        texts = self.places[kind, slot]
        label = " ".join(texts["address_label"])
        place = place_kind([label]) if label else _PLACES.get(kind, "work")
        first, *others = [*_parts(texts["address"]), ""]
        address = PostalAddress(
            first,
            street="\n".join(texts["street"]),
            postcode=" ".join(texts["postcode"]),
            city=" ".join(texts["city"]),
            region=" ".join(texts["region"]),
            country=" ".join(texts["country"]),
            kind=place,
        )
        return [address, *(PostalAddress(text, kind=place) for text in others)]

    def _tags(self) -> tuple[str, ...]:
        labels = BETWEEN.split(self.single.get("labels", ""))
        tags = [tag.strip() for tag in (*labels, *_TAG_SIGNS.split(self.single.get("tags", "")))]
        return tuple(tag for tag in tags if tag.lower() not in _NO_TAGS)


def _parts(texts: list[str]) -> list[str]:
    return [part for text in texts for part in BETWEEN.split(text) if part.strip()]
