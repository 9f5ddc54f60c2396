"""Outcomes: what becomes of each record of a bulk change; it is filled by a service and makes the answer.

A service locks all records in one statement and one order (`ORDER BY id FOR UPDATE`), so that two changes to the same
ones wait for each other and never for ever. Then it changes those that are `open`: as a set, in as many statements as
for one, or one by one with `each`. What it says nothing of was so already.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from mainstay.bulk.schemas import BulkIn, BulkOut, BulkSides, Item, Key, NumberedBulkOut, OutcomeOf
from mainstay.errors import (
    DomainError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceUnavailable,
    TooManyRequests,
    VersionConflict,
)
from mainstay.three_way import Facts
from mainstay.versioned import Attempt, Tell, Versioned, conflicts
from mainstay.work import UnitOfWork

# What is wrong with the caller or the program, and so with each record alike: it ends the whole call.
OF_THE_CALL: Final = (NotSignedIn, NotAllowed, TooManyRequests, ServiceUnavailable)
SIDES: Final = tuple(BulkSides.model_fields)
Answer = TypeVar("Answer", BulkOut, NumberedBulkOut)


class Outcomes(Generic[Key, Item]):
    """What becomes of each item; `known` has the records that there are and may be known, with their versions."""

    def __init__(self, wanted: BulkIn[Any, Item], known: Mapping[Key, int | None], unknown: NotFound) -> None:
        self._items: Sequence[Item] = wanted.items
        self._known = known
        self._unknown = unknown
        self._told: dict[Key, OutcomeOf[Key]] = {}

    @property
    def open(self) -> list[Item]:
        """The items of records that there are and of which nothing is told yet, in their order."""
        return [item for item in self._items if item.id in self._known and item.id not in self._told]

    @property
    def keys(self) -> list[Key]:
        """The ids of what is `open`."""
        return [item.id for item in self.open]

    def changed(self, versions: Mapping[Key, int | None]) -> None:
        """Tell that records were changed, and which versions they have now."""
        for key, version in versions.items():
            self._told[key] = OutcomeOf[Key](id=key, outcome="changed", version=version)

    def unchanged(self, keys: Iterable[Key]) -> None:
        """Tell of records that they are already as they are to be."""
        for key in keys:
            self._told[key] = OutcomeOf[Key](id=key, outcome="unchanged", version=self._known[key])

    def refused(self, keys: Iterable[Key], refusal: DomainError) -> None:
        """Tell of records why they cannot be changed."""
        for key in keys:
            self._told[key] = OutcomeOf[Key](
                id=key, outcome="refused", version=self._known[key], code=refusal.code, detail=refusal.detail
            )

    async def settle(self, uow: UnitOfWork, of: Versioned, mine: Facts, tell: Tell = dict) -> list[Key]:
        """Return which of the `open` may be changed: of those that somebody else changed first it is told how.

        `mine` is what the change gives, in the shape of the facts, and `tell` as for `mainstay.versioned.conflict`.
        """
        late = [item for item in self.open if item.seen is not None and item.seen != self._known[item.id]]
        attempts = [Attempt(item.id, item.seen, mine) for item in late if item.seen is not None]
        for item, conflict in zip(late, await conflicts(uow, of, attempts, tell), strict=True):
            self._conflict(item.id, conflict)
        return self.keys

    async def each(self, uow: UnitOfWork, act: Callable[[Item], Awaitable[None]]) -> None:
        """Do something with each of the `open` by itself; one that is refused leaves nothing behind.

        `act` tells with `changed` what it changed. Raises what is wrong with the call and not with one record.
        """
        for item in self.open:
            try:
                async with uow.part():
                    await act(item)
            except VersionConflict as late:
                self._conflict(item.id, late)
            except OF_THE_CALL:
                raise
            except DomainError as refusal:
                self.refused([item.id], refusal)

    def answer(self, kind: type[Answer]) -> Answer:
        """Return what became of each item, in their order."""
        return kind.model_validate({"items": [self._of(item.id).model_dump() for item in self._items]})

    def _of(self, key: Key) -> OutcomeOf[Key]:
        if key in self._told:
            return self._told[key]
        if key in self._known:
            return OutcomeOf[Key](id=key, outcome="unchanged", version=self._known[key])
        code, detail = self._unknown.code, self._unknown.detail
        return OutcomeOf[Key](id=key, outcome="unknown", version=None, code=code, detail=detail)

    def _conflict(self, key: Key, late: VersionConflict) -> None:
        sides = BulkSides.model_validate({name: late.extra[name] for name in SIDES})
        self._told[key] = OutcomeOf[Key](
            id=key, outcome="conflict", version=self._known[key], code=late.code, detail=late.detail, sides=sides
        )
