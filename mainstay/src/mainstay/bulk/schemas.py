"""What every bulk change takes and answers: one change and the records it is for, and what became of each of them.

A module gives the change, a union of its own models told apart by their `kind`, and the kind of item. Why so:
docs/decisions/0067-bulk.md.
"""

from collections.abc import Hashable
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
# A version as PostgreSQL's `integer` holds it.
Version = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[1])]


def name_of(plain: str, params: tuple[Any, ...]) -> str:
    """Return the name that a type has in the description of the API, by the type of the ids: plain for UUIDs."""
    return plain if params[0] is UUID else f"Numbered{plain}"


class BulkItem(BaseModel, Generic[Key]):
    """One of the records to change."""

    model_config = ConfigDict(extra="forbid")

    id: Key

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return its name in the description of the API."""
        return name_of(cls.__name__, params)

    @property
    def seen(self) -> int | None:
        """The version on which the change is based; None when it is made whatever the version is."""
        return None


class SeenItem(BulkItem[Key], Generic[Key]):
    """One of the records to change, in the version that was read."""

    version: Version

    @property
    def seen(self) -> int | None:
        """The version on which the change is based."""
        return self.version


class MaybeSeenItem(BulkItem[Key], Generic[Key]):
    """One of the records to change; with a `version` only if it still has that one."""

    version: Version | None = None

    @property
    def seen(self) -> int | None:
        """The version on which the change is based; None when it is made whatever the version is."""
        return self.version


Item = TypeVar("Item", bound=BulkItem[Any])


def once(items: list[Item]) -> list[Item]:
    """Return the items. Raises ValueError when one is named twice: of two outcomes neither would be true."""
    keys: set[Hashable] = {item.id for item in items}
    if len(keys) < len(items):
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


class BulkItemOut(BaseModel, Generic[Key]):
    """What became of one: `version` is the present one, `code` and `detail` say why it was not changed.

    `unchanged`: it was so already. `conflict`: somebody else changed it first, and `sides` says how. `unknown`: there
    is none, or you may not know of it. `refused`: the change is not possible. None of the last three was changed.
    """

    id: Key
    outcome: Outcome
    version: int | None = Field(description="Null for records without versions, and for what is unknown")
    code: str | None = None
    detail: str | None = None
    sides: BulkSides | None = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return its name in the description of the API."""
        return name_of(cls.__name__, params)


class BulkOut(BaseModel, Generic[Key]):
    """What became of each item, in their order."""

    items: list[BulkItemOut[Key]]

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return its name in the description of the API."""
        return name_of(cls.__name__, params)
