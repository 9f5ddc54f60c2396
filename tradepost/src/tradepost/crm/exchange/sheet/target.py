"""What a column of a sheet holds: a field of a contact, its kind and which of several; by its header, or as chosen."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

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


LEAVE_OUT = "-"
# A target as text: `name`, `phone:mobile`, `email::2`, `-` for what is left out.
CODE_FORM = r"^(-|[a-z_]{1,20}(:[a-z]{0,10}(:[1-9][0-9]?)?)?)$"
_PLACE_KINDS: tuple[TargetKind, ...] = ("", "work", "home", "other")
_KINDS: dict[str, tuple[TargetKind, ...]] = {
    **dict.fromkeys(get_args(SingleField), ("",)),
    **dict.fromkeys(get_args(SlotField), _PLACE_KINDS),
    "phone": get_args(TargetKind),
}


def target_code(target: Target | None) -> str:
    """Return a target as text."""
    if target is None:
        return LEAVE_OUT
    number = f":{target.kind}:{target.slot}" if target.slot > 1 else f":{target.kind}"
    return f"{target.field}{number}".rstrip(":")


def parse_target(code: str) -> Target | None:
    """Return what `target_code` was given. Raises ValueError for what is no field, or no kind of it."""
    if code == LEAVE_OUT:
        return None
    name, kind, slot = (*code.split(":"), "", "")[:3]
    field = next((field for field in _KINDS if field == name), None)
    known = next((one for one in _KINDS.get(name, ()) if one == kind), None)
    if field is None or known is None or not (slot or "1").isdecimal() or (field in SINGLE and slot):
        raise ValueError(f"This is no field of a contact: {code}")
    return Target(cast("SingleField | SlotField", field), known, int(slot or 1))


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a person said that a sheet is to be read.

    `targets` are the fields of its columns in their order, None leaves the guess to the headings. Without a header the
    first row is an entry as well.
    """

    targets: tuple[Target | None, ...] | None = None
    has_header: bool = True

    @property
    def code(self) -> str:
        """The fields as one text, empty where they are guessed."""
        return "" if self.targets is None else ",".join(map(target_code, self.targets))

    @classmethod
    def of(cls, code: str, *, has_header: bool) -> "Chosen":
        """Return what has this `code`. Raises ValueError."""
        return cls(tuple(map(parse_target, code.split(","))) if code else None, has_header)


GUESSED = Chosen()


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
