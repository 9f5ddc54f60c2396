"""What the program promises of its requests, and how much of what may be missed is left: by all its processes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from mainstay import clock
from mainstay.modules.operations.repository import promises as repository
from mainstay.modules.operations.schemas import ObjectiveOut
from mainstay.observe.peers import Peers, Reply
from mainstay.observe.promises import LONGEST_WAIT, Counts, Step
from mainstay.observe.standing import MAY_BE_SLOW, MAY_FAIL, budget_left, burn
from mainstay.work import UnitOfWork

SUBJECT: Final = "steps"
# As `deploy/prometheus/objectives.yml` has them: what the budget is of, and the windows in which it burns.
MONTH: Final = timedelta(days=30)
SIX_HOURS: Final = timedelta(hours=6)
HOUR: Final = timedelta(hours=1)
# The budget needs a month.
KEPT: Final = timedelta(days=35)
# After that nobody writes to a step any more, whatever its clock says, and the short windows need it no longer.
JOINED: Final = 2 * LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been counted within a month, six hours and an hour, and since when."""

    since: datetime
    month: Counts
    six_hours: Counts
    hour: Counts

    def objectives(self) -> list[ObjectiveOut]:
        """Return what is promised, and how it stands."""
        return [self._objective("answered", 0, MAY_FAIL), self._objective("quick", 2, MAY_BE_SLOW)]

    def _objective(self, name: Literal["answered", "quick"], at: int, may: float) -> ObjectiveOut:
        """`at` is where the two numbers lie in the counts: those that came, and those that missed."""
        return ObjectiveOut(
            name=name,
            requests=self.month[at],
            missed=self.month[at + 1],
            target=1 - may,
            budget_left=budget_left(self.month[at + 1], self.month[at], may),
            burn_hour=burn(self.hour[at + 1], self.hour[at], may),
            burn_six_hours=burn(self.six_hours[at + 1], self.six_hours[at], may),
        )


async def keep(uow: UnitOfWork, writer: UUID, steps: Sequence[Step]) -> None:
    """Keep what one process counted, the newest of each step."""
    await repository.keep_steps(uow, writer, steps)


async def tidy(uow: UnitOfWork) -> None:
    """Forget what is older than the budget needs, and join what nobody adds to any more."""
    now = clock.now()
    await repository.forget_steps(uow, now - KEPT)
    await repository.join_steps(uow, now - JOINED)


async def kept(uow: UnitOfWork) -> Standing:
    """Return how things stand by what all processes of all machines have written."""
    now = clock.now()
    rows = await repository.sums(uow, [now - MONTH, now - SIX_HOURS, now - HOUR])
    month, six_hours, hour = (Counts(*(row[name] for name in Counts._fields)) for row in rows)
    return Standing(rows[0]["first_at"] or now, month, six_hours, hour)


async def with_peers(standing: Standing, peers: Peers) -> Standing:
    """Return the same with what the processes of this machine have not written yet."""
    return _with(standing, [step for reply in await peers.ask(SUBJECT) for step in _steps(reply)])


def _with(standing: Standing, steps: Iterable[Step]) -> Standing:
    now, since = clock.now(), standing.since
    sums = dict(_parts(standing))
    for step in steps:
        since = min(since, step.began_at)
        for window, counts in sums.items():
            if step.began_at > now - window:
                sums[window] = counts.plus(step.counts)
    return Standing(since, sums[MONTH], sums[SIX_HOURS], sums[HOUR])


def _parts(standing: Standing) -> tuple[tuple[timedelta, Counts], ...]:
    return (MONTH, standing.month), (SIX_HOURS, standing.six_hours), (HOUR, standing.hour)


def _steps(reply: Reply) -> list[Step]:
    told = reply.content["steps"]
    assert isinstance(told, list)  # noqa: S101  as the processes answer
    return [_step(each) for each in told]


def _step(told: object) -> Step:
    assert isinstance(told, list)  # noqa: S101  as above
    began_at, *counts = told
    return Step(datetime.fromisoformat(began_at), Counts(*counts))
