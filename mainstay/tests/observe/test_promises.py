"""What a process counts is put into the step in which it came, and given until it is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.observe.counters import Counters
from mainstay.observe.promises import LONGEST_WAIT, Counts, Step, Steps, step_of

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Process:
    """A process that counts, and its clock."""

    def __init__(self) -> None:
        self.counters, self.now = Counters(), NOON
        self.steps = Steps(self.counters, lambda: self.now)

    def answer(self, *seconds: float, status: int = 200, route: str = "/api/v1/a") -> None:
        for value in seconds:
            self.counters.observe("mainstay_request_seconds", value, method="GET", route=route)
            self.counters.add("mainstay_requests_total", method="GET", route=route, status=str(status))


@pytest.fixture
def process() -> Process:
    return Process()


def test_what_fails_and_what_is_slow_is_counted_and_probes_are_not(process: Process) -> None:
    process.answer(0.01, 0.1, 0.2, 11.0)
    process.answer(0.01, status=503, route="/api/v1/b")
    process.answer(9.0, status=503, route="/health/ready")
    process.counters.add("mainstay_requests_total", method="GET", route="/api/v1/a", status="499")

    assert Counts.of(process.counters) == Counts(requests=6, failed=1, answered=5, slow=2)


def test_each_step_has_what_came_in_it(process: Process) -> None:
    process.answer(0.01)
    assert process.steps.unkept() == [Step(NOON, Counts(1, 0, 1, 0))]
    process.now += timedelta(minutes=4, seconds=59)
    process.answer(0.01)
    assert process.steps.unkept() == [Step(NOON, Counts(2, 0, 2, 0))]
    process.now += timedelta(seconds=1)
    process.answer(0.2)

    later = Step(NOON + timedelta(minutes=5), Counts(1, 0, 1, 1))
    assert process.steps.unkept() == [Step(NOON, Counts(2, 0, 2, 0)), later]


def test_what_is_kept_is_not_given_again_and_what_grew_is_given_as_a_whole(process: Process) -> None:
    process.answer(0.01)
    given = process.steps.unkept()
    process.answer(0.01)
    assert process.steps.unkept() == [Step(NOON, Counts(2, 0, 2, 0))], "what came while it was written"
    process.steps.settled(given)

    assert process.steps.unkept() == [Step(NOON, Counts(2, 0, 2, 0))]
    assert process.steps.missing() == [Step(NOON, Counts(1, 0, 1, 0))]
    process.steps.settled(process.steps.unkept())
    assert (process.steps.unkept(), process.steps.missing()) == ([], [])


def test_what_nobody_keeps_for_a_day_is_given_up(process: Process) -> None:
    process.answer(0.01)
    assert len(process.steps.unkept()) == 1
    process.now += LONGEST_WAIT
    assert len(process.steps.unkept()) == 1
    process.now += timedelta(seconds=1)

    assert process.steps.unkept() == []


def test_a_step_to_which_the_clock_goes_back_grows_on(process: Process) -> None:
    """Red when a kept step is forgotten: it began with nothing, and of two counts of a step the larger one stays."""
    process.answer(0.01, 0.01, 0.01)
    process.steps.settled(process.steps.unkept())
    process.now += timedelta(minutes=5)
    process.answer(0.01)
    process.steps.settled(process.steps.unkept())
    process.now -= timedelta(minutes=4)
    process.answer(0.01)

    assert process.steps.unkept() == [Step(NOON, Counts(4, 0, 4, 0))]


def test_a_step_begins_every_five_minutes() -> None:
    assert step_of(NOON + timedelta(minutes=59, seconds=59)) == NOON + timedelta(minutes=55)
    assert step_of(NOON) == NOON
