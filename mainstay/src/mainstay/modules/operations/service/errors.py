"""Errors that the program keeps by itself: counting them, and what people do with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from mainstay import clock, ids
from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkOut, SeenItemIn
from mainstay.messages.audit import Entry
from mainstay.modules.operations.errors import ErrorUnknown
from mainstay.modules.operations.repository import errors as repository
from mainstay.modules.operations.schemas import (
    ErrorAct,
    ErrorDetailOut,
    ErrorOut,
    ErrorsBulkIn,
    ErrorState,
    OccurrenceOut,
)
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Batch
from mainstay.observe.tracker import ErrorSettings
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

KIND: Final = "operations.error"
ACTS: Final = {
    "open": "operations.error_reopened",
    "resolved": "operations.error_resolved",
    "ignored": "operations.error_ignored",
}
STATES: Final[Mapping[ErrorAct, ErrorState]] = {"resolve": "resolved", "ignore": "ignored", "reopen": "open"}
ROLES: Final = ("api", "worker", "browser", "supervisor")
OPEN: Final = "mainstay_errors_open"
FRESH: Final = "mainstay_errors_fresh"
# How long an error counts as one that has just come.
FRESH_FOR: Final = timedelta(hours=1)
# A process that has written nothing for so long tries no batch again.
WRITERS_KEPT: Final = timedelta(days=30)


async def keep(uow: UnitOfWork, batch: Batch) -> None:
    """Count a batch of errors, once however often it is given; beyond what the settings allow the oldest go."""
    new_ids = {each.fingerprint: ids.new_id() for each in batch.mistakes}
    if await repository.keep(uow, batch, new_ids):
        await repository.forget_over(uow, _chosen(uow).most)


async def tidy(uow: UnitOfWork) -> None:
    """Forget what has not come for so long as the settings say."""
    now = clock.now()
    await repository.forget_before(uow, now - timedelta(days=_chosen(uow).keep_days), now - WRITERS_KEPT)


async def listed(
    uow: UnitOfWork, state: str | None, role: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[ErrorOut]:
    """Return up to `limit` errors, those first that came last."""
    return [_shown(row) for row in await repository.page(uow, state, role, before, limit)]


async def one(uow: UnitOfWork, key: UUID) -> ErrorDetailOut:
    """Return an error with the last times that it came. Raises ErrorUnknown."""
    row = await _row(uow, key)
    return ErrorDetailOut(**dict(row), occurrences=[_seen(each) for each in await repository.occurrences(uow, key)])


async def set_state(uow: UnitOfWork, key: UUID, version: int, state: ErrorState) -> ErrorOut:
    """Resolve, ignore or open an error again; nothing happens when it is so.

    Raises ErrorUnknown and VersionConflict.
    """
    row = (await repository.locked(uow, [key])).get(key)
    if row is None:
        raise _unknown()
    if row["version"] != version:
        raise await conflict(uow, repository.VERSIONED, Attempt(key, version, {"state": state}))
    if row["state"] != state:
        await _set_state(uow, [row], state)
    return _shown(await _row(uow, key))


async def change_many(uow: UnitOfWork, wanted: ErrorsBulkIn) -> BulkOut:
    """Resolve, ignore or open many errors again, those in the version that was seen; tell what became of each."""
    rows = await repository.locked(uow, [item.id for item in wanted.items])
    versions = {key: row["version"] for key, row in rows.items()}
    outcomes = Outcomes[UUID, SeenItemIn](wanted, versions, _unknown())
    state = STATES[wanted.change.kind]
    outcomes.unchanged([key for key, row in rows.items() if row["state"] == state])
    chosen = await outcomes.settle(uow, repository.VERSIONED, {"state": state})
    outcomes.changed(await _set_state(uow, [rows[key] for key in chosen], state))
    return outcomes.answer(BulkOut)


async def _set_state(uow: UnitOfWork, rows: Sequence[Row], state: ErrorState) -> dict[UUID, int]:
    for row in rows:
        new = {"state": state, "place": row["place"]}
        uow.record(Entry(ACTS[state], KIND, row["id"], old={"state": row["state"]}, new=new))
    return await repository.set_state(uow, [row["id"] for row in rows], state, clock.now())


async def count_open(uow: UnitOfWork) -> int:
    """Return how many different errors are open."""
    return await repository.count_open(uow)


async def observe(uow: UnitOfWork, counters: Counters) -> None:
    """Say how many different errors are open, and how many came for the first time, or again, within an hour."""
    rows = {row["role"]: row for row in await repository.standing(uow, clock.now() - FRESH_FOR)}
    for role in ROLES:
        row = rows.get(role)
        counters.set(OPEN, 0 if row is None else row["open"], role=role)
        counters.set(FRESH, 0 if row is None else row["fresh"], role=role)


async def _row(uow: UnitOfWork, key: UUID) -> Row:
    row = await repository.one(uow, key)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> ErrorUnknown:
    return ErrorUnknown("There is no such error; one that does not come again is forgotten after a while.")


def _shown(row: Row) -> ErrorOut:
    return ErrorOut.model_validate(dict(row))


def _seen(row: Row) -> OccurrenceOut:
    told = {"facts": orjson.loads(row["facts"]), "frames": orjson.loads(row["frames"])}
    return OccurrenceOut.model_validate({**dict(row), **told})


def _chosen(uow: UnitOfWork) -> ErrorSettings:
    return uow.setup.settings.find(ErrorSettings) or ErrorSettings()
