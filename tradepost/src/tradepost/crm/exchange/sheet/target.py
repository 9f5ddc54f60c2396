"""What a column of a sheet holds: a field of a contact, its kind and which of several, by its header."""

from dataclasses import dataclass
from typing import Literal, get_args

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


@dataclass(frozen=True, slots=True)
class Target:
    """A field; where a contact has several, `slot` says which one, and `kind` what is known of it by the header alone.

    `tags` are parted by commas or semicolons, `labels` as Google does it, by ` ::: `.
    """

    field: SingleField | SlotField
    kind: TargetKind = ""
    slot: int = 1


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """Which field each column of a sheet goes to; None leaves it out. Both tuples are equally long."""

    columns: tuple[str, ...]
    targets: tuple[Target | None, ...]

    @property
    def names_contacts(self) -> bool:
        """Whether rows can be contacts under it: without a name, company, e-mail or phone every row is rejected."""
        naming = {"name", "given", "family", "company", "email", "phone"}
        return any(target is not None and target.field in naming for target in self.targets)
