"""Records that are changed by who knows their version: what they were is kept, and who comes too late is told.

A module declares what of a record a change may give (`Versioned`), has each statement that counts the version up keep
what was before (`keeping`), and raises what `conflict` returns. Why so: docs/decisions/0060-three-sides.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mainstay.db import former
from mainstay.errors import JsonValue, VersionConflict
from mainstay.three_way import Facts, Gone, Sides
from mainstay.work import Row, UnitOfWork

Tell = Callable[[dict[str, Any]], Facts]


@dataclass(frozen=True, slots=True)
class Versioned:
    """A kind of records with versions; `facts` are what a change may give, by name, as SQL has them of a `record`.

    They are in the shape in which a change gives them, so that all three sides compare. `nothing` is what a record is
    at version 0, while there is no row of it.
    """

    kind: str
    table: str
    facts: Mapping[str, str]
    key: str = "id"
    nothing: Facts | None = None

    def keeping(self, which: str) -> str:
        """Return the part of a statement (after WITH) that keeps what the records are before it changes them.

        `which` is a condition on `record`. All parts of a statement see what was before it, in whatever order they run.
        """
        return f"""kept AS (
    INSERT INTO mainstay_former (kind, object_id, version, facts)
    SELECT '{self.kind}', record.{self.key}::text, record.version, {self._told} FROM {self.table} AS record
    WHERE {which} ORDER BY record.{self.key} ON CONFLICT DO NOTHING
)"""  # noqa: S608  constants of the modules

    @property
    def now_and_then(self) -> str:
        """The statement that reads records ($1) as they are, and as they were at versions ($3) by their keys ($2)."""
        return f"""
SELECT asked.key, record.version, {self._told} AS theirs, (
    SELECT former.facts FROM mainstay_former AS former
    WHERE former.kind = '{self.kind}' AND former.object_id = asked.key AND former.version = asked.version
) AS base
FROM {self.table} AS record
JOIN unnest($2::text[], $3::integer[]) AS asked(key, version) ON asked.key = record.{self.key}::text
WHERE record.{self.key} = ANY ($1)
"""  # noqa: S608  constants of the modules

    @property
    def _told(self) -> str:
        pairs = ", ".join(f"'{name}', {sql}" for name, sql in self.facts.items())
        return f"jsonb_build_object({pairs})"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A change that came too late: of which record, based on which version, and what it gave (`mine`)."""

    key: UUID | str
    version: int
    mine: Facts


async def conflict(
    uow: UnitOfWork,
    of: Versioned,
    attempt: Attempt,
    tell: Tell = dict,
    extra: Mapping[str, JsonValue] | None = None,
) -> VersionConflict:
    """Return what somebody is told whose change came too late: all three sides, and which fields both changed.

    `tell` returns of the facts what the actor may read, and is asked for each side that they did not write themselves.
    """
    (row,) = await _now_and_then(uow, of, [attempt])
    return _told(of, attempt, row, tell, extra)


async def conflicts(
    uow: UnitOfWork, of: Versioned, attempts: Sequence[Attempt], tell: Tell = dict
) -> list[VersionConflict]:
    """Return what `conflict` does for each of many that came too late, in their order and in one statement."""
    rows = await _now_and_then(uow, of, attempts) if attempts else []
    return [_told(of, attempt, row, tell) for attempt, row in zip(attempts, rows, strict=True)]


async def _now_and_then(uow: UnitOfWork, of: Versioned, attempts: Sequence[Attempt]) -> list[Row | None]:
    keys = [attempt.key for attempt in attempts]
    names, versions = [str(key) for key in keys], [attempt.version for attempt in attempts]
    found = {row["key"]: row for row in await uow.read(of.now_and_then, keys, names, versions)}
    return [found.get(name) for name in names]


def _told(
    of: Versioned, attempt: Attempt, row: Row | None, tell: Tell, extra: Mapping[str, JsonValue] | None = None
) -> VersionConflict:
    if row is not None:
        version, theirs, base = row["version"], row["theirs"], row["base"]
    else:
        version, theirs, base = 0, of.nothing, None
    if attempt.version == 0 and of.nothing is not None:
        base = of.nothing
    gone: Gone | None = None if base is not None else "not_kept" if attempt.version < version else "no_such_version"

    def told(facts: Facts | None, at: int) -> Facts | None:
        return None if facts is None else {**tell(dict(facts)), of.key: str(attempt.key), "version": at}

    sides = Sides(told(base, attempt.version), attempt.mine, told(theirs, version), gone)
    return VersionConflict(
        "Somebody else has changed this since you opened it; compare and save again.", sides=sides, extra=extra
    )


async def keep(uow: UnitOfWork, of: Versioned, keys: list[UUID]) -> None:
    """Keep what locked records are, before what belongs to them changes in a statement that does not keep it."""
    await uow.write(f"WITH {of.keeping(f'record.{of.key} = ANY ($1)')} SELECT", keys)


async def forget(uow: UnitOfWork, of: Versioned, key: UUID | str) -> None:
    """Forget what a record was, with the record itself."""
    await uow.write(former.FORGET, of.kind, str(key))
