"""When a failed job is tried again: after a delay that doubles, spread by jitter; at once when the worker stops."""

import asyncio
from datetime import timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job as QueuedJob

from mainstay import clock, crypto
from mainstay.messages.job import Retry

LONGEST_WAIT = 3600.0
# Jobs that failed together come back apart: up to this part of the wait is added.
JITTER = 0.25


def delay(retry: Retry, *, attempts: int, seed: str) -> float | None:
    """Return the seconds until the next try after `attempts` earlier ones; None when there is none left.

    The jitter follows from `seed`, so that it differs between jobs and can be foretold in tests.
    """
    if attempts >= retry.attempts:
        return None
    wait = min(retry.wait * 2.0**attempts, LONGEST_WAIT)
    spread = crypto.digest(f"{seed}:{attempts}")[0] / 255
    return wait * (1 + JITTER * spread)


class GrowingDelay(BaseRetryStrategy):
    """Tells the job engine about `delay`."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """Return when to try again, or None: the job is then kept as failed."""
        if isinstance(exception, asyncio.CancelledError):
            # The worker stops, and the job did nothing wrong: the next worker takes it.
            return RetryDecision(retry_at=clock.now())
        seconds = delay(self._retry, attempts=job.attempts, seed=str(job.id))
        if seconds is None:
            return None
        return RetryDecision(retry_at=clock.now() + timedelta(seconds=seconds))
