"""Which jobs answer an event is found by the event's name, in the order of the jobs."""

from typing import ClassVar

from mainstay.messages.event import Event
from mainstay.messages.job import Job, Retry, Subscriptions
from mainstay.work import UnitOfWork


class Opened(Event):
    """The shop opened."""

    name: ClassVar[str] = "bakery.opened"


class Closed(Event):
    """The shop closed."""

    name: ClassVar[str] = "bakery.closed"


class Ignored(Event):
    """Nobody cares."""

    name: ClassVar[str] = "bakery.ignored"


async def sweep(_uow: UnitOfWork, _event: Event) -> None:
    """Do nothing."""


BOTH = Job("bakery.sweep", sweep, (Opened, Closed))
LATE = Job("bakery.count", sweep, (Closed,))


def test_an_event_is_answered_by_every_job_that_names_it_in_their_order() -> None:
    subscriptions = Subscriptions.of([BOTH, LATE])

    assert subscriptions.answering(Opened()) == (BOTH,)
    assert subscriptions.answering(Closed()) == (BOTH, LATE)


def test_an_event_that_no_job_names_is_answered_by_none() -> None:
    assert Subscriptions.of([BOTH]).answering(Ignored()) == ()
    assert Subscriptions.of([]).answering(Opened()) == ()


def test_a_job_is_tried_again_by_default_and_has_a_time_limit() -> None:
    assert BOTH.retry == Retry(attempts=5, wait=2)
    assert BOTH.time_limit == 300.0
    assert LATE.retry is not BOTH.retry
