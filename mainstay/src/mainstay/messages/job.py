"""Job: an async function that the worker runs for an event or on a schedule, with its own UnitOfWork."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mainstay.messages.event import Event

# Priorities; of what waits the highest goes first, and among equals the oldest. Somebody at a screen waits for the
# first, nobody for the last, of which there may be hundreds.
URGENT: Final = 10
ORDINARY: Final = 0
BEHIND: Final = -10
# Queues; a worker serves all of them unless its settings name some. What takes minutes is apart, so that a worker can
# be kept free of it.
LETTERS: Final = "letters"
DEFAULT: Final = "default"
LONG: Final = "long"


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how slowly a failing job is tried again; waits in seconds, doubling from `wait`."""

    attempts: int = 5
    wait: int = 2


@dataclass(frozen=True, slots=True)
class Job:
    """A named async function `run(uow, event)`; `answers` are the events it runs for.

    The effects of one job on one event are recorded in the job's own transaction, so that a second run after a
    crash does nothing. `lock`, a function of the event, keeps jobs with the same text from running side by side.

    A worker that has a place free takes the job of the highest `priority` among those of the queues that it serves;
    what runs already is never interrupted for one.

    `prepare(uow, event)` runs before, in a unit of work of its own and outside of that transaction: for what is slow or
    happens elsewhere. What it returns is the third argument of `run`. It runs once more with each try, so that what it
    writes has to be harmless to repeat; the time limit is for both together.

    `on_failure(uow, event)` runs in a UnitOfWork of its own once the last try has failed, or when the workers that ran
    the job died each time: whoever waits for it can be told. It may run twice.
    """

    name: str
    run: Callable[..., Awaitable[None]]
    answers: tuple[type[Event], ...]
    queue: str = DEFAULT
    priority: int = ORDINARY
    retry: Retry = field(default_factory=Retry)
    time_limit: float = 300.0
    lock: Callable[[Any], str] | None = None
    prepare: Callable[..., Awaitable[object]] | None = None
    on_failure: Callable[..., Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A named async function `run(uow)` on a cron expression (UTC), once per cluster and moment.

    `prepare(uow)` runs before, outside of its transaction, as a `Job`'s does; `run` takes what it returns.
    """

    name: str
    run: Callable[..., Awaitable[None]]
    cron: str
    queue: str = DEFAULT
    priority: int = ORDINARY
    prepare: Callable[[Any], Awaitable[object]] | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """A named async function `run(open_work, stopping)` that each worker process runs from its start to its end.

    For work of its own pace, which must neither take the places of jobs nor wait for one. It ends soon after the event
    `stopping` is set; when it fails it is begun anew after a pause.
    """

    name: str
    run: Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Which jobs answer which event, by event name."""

    by_event: Mapping[str, tuple[Job, ...]]

    @classmethod
    def of(cls, jobs: Iterable[Job]) -> "Subscriptions":
        """Collect the jobs by the events they answer."""
        table: dict[str, tuple[Job, ...]] = {}
        for job in jobs:
            for event in job.answers:
                table[event.name] = (*table.get(event.name, ()), job)
        return cls(table)

    def answering(self, event: Event) -> tuple[Job, ...]:
        """Return the jobs to defer for `event`."""
        return self.by_event.get(event.name, ())


@dataclass(frozen=True, slots=True)
class Background:
    """All that a program does in the background."""

    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()

    def job(self, name: str) -> Job | None:
        """Return the job of this name; None when this version of the program has none."""
        return next((job for job in self.jobs if job.name == name), None)

    def schedule(self, name: str) -> Schedule | None:
        """Return the schedule of this name; None when this version of the program has none."""
        return next((schedule for schedule in self.schedules if schedule.name == name), None)
