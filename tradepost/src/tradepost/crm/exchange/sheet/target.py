"""What a column of a sheet holds: a field of a contact, its kind and which of several, as a person may choose it."""

import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

from tradepost.crm.exchange.entry import ExchangeProblem

SingleField = Literal[
    "name",
    "given",
    "middle",
    "family",
    "prefix",
    "suffix",
    "company",
    "title",
    "department",
    "language",
    "notes",
    "uid",
    "tags",
    "labels",
]
SlotField = Literal[
    "phone",
    "phone_label",
    "email",
    "email_label",
    "website",
    "address",
    "address_label",
    "street",
    "postcode",
    "city",
    "region",
    "country",
]
TargetKind = Literal["", "work", "home", "other", "mobile", "fax", "pager"]
SINGLE: tuple[SingleField, ...] = get_args(SingleField)
SLOTTED: tuple[SlotField, ...] = get_args(SlotField)
_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)
_TEXT = re.compile(r"([a-z_]+)(?:\.([a-z]*)\.([1-9][0-9]?))?")


@dataclass(frozen=True, slots=True)
class Target:
    """A field; where a contact has several, `slot` says which one, and `kind` what is known of it by the header alone.

    `tags` are parted by commas or semicolons, `labels` as Google does it, by ` ::: `.
    """

    field: SingleField | SlotField
    kind: TargetKind = ""
    slot: int = 1

    def __str__(self) -> str:
        """Return it as text: `name`, `phone.mobile.1`, `street..2`."""
        return self.field if self.field in SINGLE else f"{self.field}.{self.kind}.{self.slot}"


def parse_target(text: str) -> Target:
    """Return the target of a text. Raises ExchangeProblem when there is no such field."""
    found = _TEXT.fullmatch(text)
    field, kind, slot = found.groups() if found else ("", None, None)
    single = next((one for one in SINGLE if one == field and slot is None), None)
    slotted = next((one for one in SLOTTED if one == field), None)
    known = next((one for one in _KINDS if one == (kind or "")), None)
    if single is not None:
        return Target(single)
    if slotted is None or known is None:
        raise ExchangeProblem(f"“{text[:40]}” is no field of a contact.")
    return Target(slotted, known, int(slot or 1))


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """Which field each column of a sheet goes to; None leaves it out. Both tuples are equally long."""

    columns: tuple[str, ...]
    targets: tuple[Target | None, ...]

    def changed(self, column: int, target: Target | None) -> "SheetMapping":
        """Return the mapping in which a person gave `column`, counted from zero, another target.

        Raises ExchangeProblem when the sheet has no such column.
        """
        if not 0 <= column < len(self.columns):
            raise ExchangeProblem(f"The sheet has no column {column + 1}.")
        return replace(self, targets=(*self.targets[:column], target, *self.targets[column + 1 :]))

    @property
    def names_contacts(self) -> bool:
        """Whether rows can be contacts under it: without a name, company, e-mail or phone every row is rejected."""
        naming = {"name", "given", "family", "company", "email", "phone"}
        return any(target is not None and target.field in naming for target in self.targets)
