"""The clock is UTC, can be replaced for a while, and measures with something that never goes back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mainstay import clock
from mainstay.testing.frozen import FrozenClock


def test_now_is_the_machines_time_in_utc() -> None:
    with time_machine.travel(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


def test_a_clock_in_use_replaces_the_time_and_is_put_back_after_the_block() -> None:
    frozen = FrozenClock(datetime(2020, 2, 29, tzinfo=UTC))

    with clock.use_clock(frozen):
        assert clock.now() == datetime(2020, 2, 29, tzinfo=UTC)
        frozen.move(timedelta(hours=1))
        assert clock.now() == datetime(2020, 2, 29, 1, tzinfo=UTC)

    assert clock.now().year >= 2026


def test_the_time_is_put_back_after_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), clock.use_clock(FrozenClock(datetime(2020, 2, 29, tzinfo=UTC))):
        raise ZeroDivisionError

    assert clock.now().year >= 2026


async def test_a_clock_in_use_reaches_the_tasks_that_are_started_from_it_and_no_others() -> None:
    async def year() -> int:
        return clock.now().year

    with clock.use_clock(FrozenClock(datetime(2020, 2, 29, tzinfo=UTC))):
        inside = asyncio.create_task(year())
    outside = asyncio.create_task(year())

    assert await inside == 2020
    assert await outside >= 2026


def test_monotonic_never_goes_back_when_the_machines_time_does() -> None:
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False) as machine:
        before = clock.monotonic()
        machine.move_to(datetime(2020, 1, 1, tzinfo=UTC))
        assert clock.monotonic() >= before
