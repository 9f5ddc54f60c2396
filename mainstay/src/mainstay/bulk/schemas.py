"""What every bulk change takes and answers: one change and the records it is for, and what became of each of them.

A module gives the change, a union of its own models told apart by their `kind`, and the kind of item. Why so:
docs/decisions/0067-bulk.md.
"""

from typing import Annotated, Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mainstay.three_way import Gone

# How many records one call changes at most: all are locked, and the answer tells of each.
MOST: Final = 200
NAMED_TWICE: Final = "each record can be named once"

Key = TypeVar("Key", bound=UUID | int)
Change = TypeVar("Change")
Outcome = Literal["changed", "unchanged", "conflict", "unknown", "refused"]
# As PostgreSQL's `integer` and `bigint` hold them.
Version = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[1])]
Number = Annotated[int, Field(ge=1, lt=2**63)]


class ItemOf(BaseModel, Generic[Key]):
    """A record to change, by its key."""

    model_config = ConfigDict(extra="forbid")

    id: Key

    @property
    def seen(self) -> int | None:
        """The version on which the change is based; None when it is made whatever the version is."""
        return None


class BulkItemIn(ItemOf[UUID]):
    """One of the records to change."""


class NumberedItemIn(ItemOf[Number]):
    """One of the records to change, by its number."""


class SeenItemIn(ItemOf[UUID]):
    """One of the records to change, in the version that was read."""

    version: Version

    @property
    def seen(self) -> int | None:
        """The version on which the change is based."""
        return self.version


class MaybeSeenItemIn(ItemOf[UUID]):
    """One of the records to change; with a `version` only if it still has that one."""

    version: Version | None = None

    @property
    def seen(self) -> int | None:
        """The version on which the change is based; None when it is made whatever the version is."""
        return self.version


Item = TypeVar("Item", bound=ItemOf[Any])


def once(items: list[Item]) -> list[Item]:
    """Return the items. Raises ValueError when one is named twice: of two outcomes neither would be true."""
    if len({item.id for item in items}) < len(items):
        raise ValueError(NAMED_TWICE)
    return items


class BulkIn(BaseModel, Generic[Change, Item]):
    """One change to many records, each named once; at most 200."""

    model_config = ConfigDict(extra="forbid")

    change: Change
    items: Annotated[list[Item], Field(min_length=1, max_length=MOST), AfterValidator(once)]


class BulkSides(BaseModel):
    """The three sides of a conflict, as a change of one record that comes too late is told (412)."""

    base: dict[str, Any] | None = Field(description="The record as it was at the version that the change is based on")
    base_gone: Gone | None = Field(description="Why there is no base")
    mine: dict[str, Any] = Field(description="What the change gave; nothing where it gives no field of the record")
    theirs: dict[str, Any] | None = Field(description="The record as it is now, with its version")
    conflicts: list[str] = Field(description="The fields that both sides changed, each to something else")


class OutcomeOf(BaseModel, Generic[Key]):
    """What became of one record, by its key."""

    id: Key
    outcome: Outcome
    version: int | None = Field(description="Null for records without versions, and for what is unknown")
    code: str | None = None
    detail: str | None = None
    sides: BulkSides | None = None


class BulkItemOut(OutcomeOf[UUID]):
    """What became of one: `version` is the present one, `code` and `detail` say why it was not changed.

    `unchanged`: it was so already. `conflict`: somebody else changed it first, and `sides` says how. `unknown`: there
    is none, or you may not know of it. `refused`: the change is not possible. None of the last three was changed.
    """


class NumberedItemOut(OutcomeOf[int]):
    """What became of one that has a number, see `BulkItemOut`."""


class BulkOut(BaseModel):
    """What became of each item, in their order."""

    items: list[BulkItemOut]


class NumberedBulkOut(BaseModel):
    """What became of each item, in their order."""

    items: list[NumberedItemOut]
