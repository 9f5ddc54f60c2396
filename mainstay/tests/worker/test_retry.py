"""The waits between the tries of a failing job."""

import asyncio
from datetime import timedelta

from procrastinate.jobs import Job as QueuedJob

from mainstay.messages.job import Retry
from mainstay.testing.frozen import FrozenClock
from mainstay.worker.retry import GrowingDelay, delay


def queued(attempts: int) -> QueuedJob:
    return QueuedJob(id=7, queue="default", lock=None, queueing_lock=None, task_name="sample.trace", attempts=attempts)


def test_waits_double_and_are_spread_by_a_quarter_at_most() -> None:
    waits = [delay(Retry(attempts=4, wait=2), attempts=done, seed="7") for done in range(4)]

    for wait, least in zip(waits, (2, 4, 8, 16), strict=True):
        assert wait is not None
        assert least <= wait <= least * 1.25


def test_jobs_that_failed_together_come_back_apart() -> None:
    waits = {delay(Retry(attempts=1, wait=100), attempts=0, seed=str(number)) for number in range(20)}

    assert len(waits) > 10


def test_after_the_last_try_there_is_no_wait() -> None:
    assert delay(Retry(attempts=4), attempts=4, seed="7") is None


def test_no_wait_is_longer_than_an_hour_and_a_quarter() -> None:
    wait = delay(Retry(attempts=40, wait=2), attempts=39, seed="7")

    assert wait is not None
    assert wait <= 4500


def test_the_engine_learns_the_moment_of_the_next_try(clock: FrozenClock) -> None:
    decision = GrowingDelay(Retry(attempts=2, wait=10)).get_retry_decision(exception=ValueError(), job=queued(1))

    assert decision is not None
    assert decision.retry_at is not None
    assert timedelta(seconds=20) <= decision.retry_at - clock.now() <= timedelta(seconds=25)


def test_the_engine_keeps_a_job_as_failed_after_its_last_try() -> None:
    assert GrowingDelay(Retry(attempts=2)).get_retry_decision(exception=ValueError(), job=queued(2)) is None


def test_a_job_that_was_cut_off_by_a_stop_is_due_at_once_whatever_it_has_used_up(clock: FrozenClock) -> None:
    decision = GrowingDelay(Retry(attempts=2)).get_retry_decision(exception=asyncio.CancelledError(), job=queued(2))

    assert decision is not None
    assert decision.retry_at == clock.now()
