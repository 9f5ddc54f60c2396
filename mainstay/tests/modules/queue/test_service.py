"""How the queue stands, in numbers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from mainstay.modules.queue.service import observe
from mainstay.observe.counters import Counters
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

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
