"""The event log: what is published is appended with its jobs in one statement, and can be read by position."""

import asyncio
import json
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

import psycopg
import pytest
from asyncpg import InsufficientPrivilegeError, NotNullViolationError, UniqueViolationError
from sample.notes import TRACE, NoteWritten

from mainstay import clock as clocks
from mainstay.messages import log
from mainstay.messages.event import Event
from mainstay.messages.job import Job, Subscriptions
from mainstay.messages.log import Origin
from mainstay.testing.database import plain
from mainstay.testing.frozen import START, CountingIds, FrozenClock
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

NOTE = NoteWritten(note_id=UUID(int=5), text="Grüße, мир\n“☕”")


class Unheard(Event):
    """No job answers this."""

    name: ClassVar[str] = "sample.unheard"


def test_the_envelope_says_who_caused_what_when_and_which_jobs_answer(
    clock: FrozenClock, fixed_ids: CountingIds
) -> None:
    job = replace(TRACE, queue="slow", priority=7, lock=lambda event: f"note/{event.note_id}")
    origin = Origin(UUID(int=9), "request-1")

    entries = json.loads(log.envelope([NOTE, Unheard()], Subscriptions.of([job]), origin))

    assert entries == [
        {
            "id": str(fixed_ids.at(1)),
            "name": "sample.note_written",
            "payload": {"note_id": str(UUID(int=5)), "text": "Grüße, мир\n“☕”", "seconds": 0.0},
            "actor_id": str(UUID(int=9)),
            "request_id": "request-1",
            "happened_at": START.isoformat(),
            "jobs": [
                {"queue": "slow", "task": "sample.trace", "priority": 7, "lock": f"note/{UUID(int=5)}"},
            ],
        },
        {
            "id": str(fixed_ids.at(2)),
            "name": "sample.unheard",
            "payload": {},
            "actor_id": None if origin.actor_id is None else str(origin.actor_id),
            "request_id": "request-1",
            "happened_at": START.isoformat(),
            "jobs": [],
        },
    ]


async def test_published_events_stand_in_the_log_in_their_order_and_their_jobs_in_the_queue(
    uow: UnitOfWork, clock: FrozenClock
) -> None:
    entries = log.envelope([NOTE, Unheard(), NOTE], Subscriptions.of([TRACE]), Origin(None, "-"))

    last = (await uow.write(f"{log.PUBLISH} AS position", entries))[0]["position"]

    rows = await uow.read("SELECT position, name, payload, actor_id, happened_at FROM mainstay_event ORDER BY position")
    assert [row["name"] for row in rows] == ["sample.note_written", "sample.unheard", "sample.note_written"]
    assert rows[-1]["position"] == last
    assert rows[0]["payload"]["text"] == NOTE.text
    assert {(row["actor_id"], row["happened_at"]) for row in rows} == {(None, START)}
    jobs = await uow.read("SELECT task_name, queue_name, args FROM procrastinate_jobs ORDER BY id")
    assert [(job["task_name"], job["queue_name"]) for job in jobs] == [("sample.trace", "default")] * 2
    assert [job["args"]["event"]["position"] for job in jobs] == [rows[0]["position"], rows[2]["position"]]


async def test_a_job_finds_its_whole_event_in_the_queue(uow: UnitOfWork) -> None:
    job = Job("sample.trace", TRACE.run, (NoteWritten,), queue="slow", priority=3, lock=lambda _: "one at a time")

    await uow.write(log.PUBLISH, log.envelope([NOTE], Subscriptions.of([job]), Origin(UUID(int=9), "request-1")))

    row = await uow.read_row("SELECT args, lock, priority, queue_name FROM procrastinate_jobs")
    assert row is not None
    assert (row["lock"], row["priority"], row["queue_name"]) == ("one at a time", 3, "slow")
    event = row["args"]["event"]
    assert (event["name"], event["actor_id"], event["request_id"]) == (
        "sample.note_written",
        str(UUID(int=9)),
        "request-1",
    )
    assert NoteWritten.model_validate(event["payload"]) == NOTE
    assert "jobs" not in event


@pytest.mark.parametrize(
    ("damage", "error"),
    [({"name": None}, NotNullViolationError), ({"request_id": None}, NotNullViolationError)],
    ids=["without a name", "without a request id"],
)
async def test_an_incomplete_event_is_refused(
    uow: UnitOfWork, damage: dict[str, object], error: type[Exception]
) -> None:
    entry = json.loads(log.envelope([NOTE], Subscriptions({}), Origin(None, "-")))[0]

    with pytest.raises(error):
        await uow.write(log.PUBLISH, json.dumps([{**entry, **damage}]))


async def test_the_same_event_is_not_appended_twice(uow: UnitOfWork) -> None:
    entries = log.envelope([NOTE], Subscriptions({}), Origin(None, "-"))
    await uow.write(log.PUBLISH, entries)

    with pytest.raises(UniqueViolationError):
        await uow.write(log.PUBLISH, entries)


@pytest.mark.parametrize(
    "change", ["UPDATE mainstay_event SET name = 'x'", "DELETE FROM mainstay_event", "TRUNCATE mainstay_event"]
)
async def test_nobody_changes_the_log(committed: WorkOpener, fresh_database_url: str, change: str) -> None:
    """The program has no right to, and its tables' owner is kept from it by triggers."""
    async with committed(SYSTEM) as uow:
        uow.publish(NOTE)

    uow = committed.unit(SYSTEM)
    with pytest.raises(InsufficientPrivilegeError):
        await uow.write(change)
    await uow.close()
    with psycopg.connect(plain(fresh_database_url)) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute(change.encode())


async def test_a_position_that_commits_late_is_not_passed_over_by_readers(committed: WorkOpener) -> None:
    """Readers take rows below the oldest running transaction, so an early position that commits late comes first."""
    below = (
        "SELECT array_agg(position ORDER BY transaction_id, position) FROM mainstay_event "
        "WHERE transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    )
    slow = committed.unit(SYSTEM)
    await slow.write(log.PUBLISH, slow.envelope(NOTE))

    async with committed(SYSTEM) as quick:
        quick.publish(NOTE)
    async with committed(SYSTEM) as reader:
        assert await reader.read_value(below) is None
        assert await reader.read_value("SELECT count(*) FROM mainstay_event") == 1
    await slow.commit()
    await slow.close()

    # The snapshot is the whole server's: writes that other tests have open hold the rows back a little longer.
    deadline = clocks.monotonic() + 60
    async with committed(SYSTEM) as reader:
        while (positions := await reader.read_value(below)) is None or len(positions) < 2:
            assert clocks.monotonic() < deadline
            await asyncio.sleep(0.01)
    assert positions == sorted(positions)


async def test_many_publishers_at_once_lose_nothing(committed: WorkOpener) -> None:
    async def publish() -> None:
        async with committed(SYSTEM) as uow:
            uow.publish(NOTE)

    await asyncio.gather(*(publish() for _ in range(15)))

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(DISTINCT position) FROM mainstay_event") == 15
        assert await uow.read_value("SELECT count(*) FROM procrastinate_jobs") == 15
