"""Progress: how far the job in hand has come, for whoever looks at it meanwhile.

A job says it as often as it likes: that costs nothing but a number. The worker keeps it where others see it, at most
every second and outside of the job's transaction.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Progress:
    """How many of how many (None: nobody knows yet), of whatever the job goes through."""

    done: int | None = None
    total: int | None = None


# That of the job in hand; None outside of a worker.
in_hand: ContextVar[Progress | None] = ContextVar("mainstay_progress", default=None)


def report(done: int, total: int | None = None) -> None:
    """Say how far the job in hand has come."""
    progress = in_hand.get()
    if progress is not None:
        progress.done, progress.total = done, total
