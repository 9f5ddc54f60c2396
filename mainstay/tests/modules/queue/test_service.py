"""How the queue stands, in numbers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from sample.notes import NoteWritten

from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.modules.queue import jobs
from mainstay.modules.queue.service import check, observe
from mainstay.observe.counters import Counters
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

SOON = HealthSettings.model_construct(queue_seconds=60)
Queued = Callable[..., Awaitable[int]]


async def test_numbers_tell_of_each_state_and_how_long_the_oldest_has_waited(
    queued: Queued, open_work: WorkOpener, frozen_time: FrozenClock
) -> None:
    counters = Counters()
    await queued()
    frozen_time.move(timedelta(seconds=90))
    await queued()
    await queued(status="failed", attempts=3)

    async with open_work(SYSTEM) as uow:
        await observe(uow, counters)

    assert counters.value("mainstay_jobs", state="waiting") == 2
    assert counters.value("mainstay_jobs", state="failed") == 1
    assert counters.value("mainstay_jobs", state="running") == 0
    assert counters.value("mainstay_job_oldest_seconds") == 90


async def test_an_empty_queue_keeps_nobody_waiting(open_work: WorkOpener) -> None:
    counters = Counters()

    async with open_work(SYSTEM) as uow:
        await observe(uow, counters)

    assert counters.value("mainstay_job_oldest_seconds") == 0
    assert 'mainstay_jobs{state="waiting"} 0' in counters.text()


@pytest.mark.practice(93)
async def test_without_a_worker_readiness_names_the_queue_and_requests_are_served(
    program: Program, fresh_database_url: str, frozen_time: FrozenClock
) -> None:
    """The queue is in the database: without that see tests/web/test_health.py; here nobody takes from it."""
    app = create_api(program, program.configuration(), fresh_database_url, Keyring(b"k" * 32))
    open_work: WorkOpener = app.state.edge.open_work
    async with open_work(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text="a note"))
    frozen_time.move(timedelta(seconds=301))

    async with Client("http://localhost", transport=httpx2.ASGITransport(app)) as client:
        reply, alive = await client.get("/health/ready"), await client.get("/health/live")
    await open_work.engine.dispose()

    assert (reply.status_code, reply.json()["status"]) == (200, "degraded")
    troubled = {each["name"]: each["reason"] for each in reply.json()["checks"] if not each["is_ok"]}
    assert troubled == {"queue": "Work in the background waits for too long: see whether a worker runs."}
    assert alive.status_code == 200


async def test_the_settings_say_how_long_a_job_may_wait(
    queued: Queued, open_work: WorkOpener, frozen_time: FrozenClock
) -> None:
    async with open_work(SYSTEM) as uow:
        await check(uow, SOON)
    await queued(status="failed", attempts=3)
    await queued(scheduled_at=frozen_time.now() + timedelta(days=1))
    frozen_time.move(timedelta(seconds=61))
    async with open_work(SYSTEM) as uow:
        await check(uow, SOON)
    await queued()
    frozen_time.move(timedelta(seconds=61))

    async with open_work(SYSTEM) as uow:
        await check(uow, HealthSettings.model_construct(queue_seconds=0))
        await check(uow, HealthSettings.model_construct(queue_seconds=62))
        with pytest.raises(Unhealthy):
            await check(uow, SOON)


FAILURE = """
INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms, failed_at)
VALUES ($1, 3, 'builtins.ValueError', 'The price list is torn.', 'a.py:1 b', '-', 5, $2)
"""
TOLD = "SELECT told FROM notifications_item WHERE kind = 'queue.failed' ORDER BY told ->> 'at'"


async def test_work_that_failed_for_good_is_told_once_an_hour(
    owner: Client, queued: Queued, open_work: WorkOpener, frozen_time: FrozenClock
) -> None:
    """Jobs that fail by the hundred have one cause; what failed long ago was told, or is no news."""
    for minutes in (5, 10, 65, 7 * 60):
        key = await queued(status="failed", attempts=3)
        async with open_work(SYSTEM) as uow:
            await uow.write(FAILURE, key, frozen_time.now() - timedelta(minutes=minutes))
    for _ in range(2):
        async with open_work(SYSTEM) as uow:
            await jobs.tell_failed(uow)

    async with open_work(SYSTEM) as uow:
        told = [row["told"] for row in await uow.read(TOLD)]

    assert [one["at"] for one in told] == ["2026-11-21T09:25:00+00:00", "2026-11-21T10:25:00+00:00"]
    assert {(one["job"], one["reason"]) for one in told} == {("sample.trace", "The price list is torn.")}
