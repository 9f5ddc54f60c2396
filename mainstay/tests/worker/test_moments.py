"""Moments of schedules under a clock that is moved."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from mainstay.worker.moments import Moments

# A minute past an hour; the quarter of an hour before it is the schedule's latest moment.
BEGAN = datetime(2026, 11, 30, 12, 1, tzinfo=UTC).timestamp()
QUARTER = 15 * 60
DAYS, HOURS = timedelta(days=40).total_seconds(), timedelta(hours=2).total_seconds()


@pytest.fixture
def moments() -> Moments:
    """Those of a schedule for each quarter of an hour."""
    app = App(connector=InMemoryConnector())
    task = app.task(name="sample.tick")(lambda timestamp: timestamp)
    app.periodic(cron="*/15 * * * *")(task)
    return Moments(app.periodic_registry)


def due(moments: Moments, at: float) -> list[float]:
    return [moment for _, moment in moments.get_previous_tasks(at)]


def test_each_moment_is_due_once(moments: Moments) -> None:
    found = [due(moments, BEGAN + minute * 60) for minute in range(31)]

    assert [moment for each in found for moment in each] == [BEGAN - 60, BEGAN - 60 + QUARTER, BEGAN - 60 + 2 * QUARTER]


def test_of_all_that_were_passed_over_the_latest_is_due(moments: Moments) -> None:
    """After a jump of 40 days, or a sleep, 3,840 of them would come at once."""
    due(moments, BEGAN)

    assert due(moments, BEGAN + DAYS) == [BEGAN - 60 + DAYS]


def test_when_the_clock_goes_back_nothing_waits_until_it_is_there_again(moments: Moments) -> None:
    due(moments, BEGAN)

    assert due(moments, BEGAN - HOURS) == [BEGAN - 60 - HOURS]
    assert due(moments, BEGAN - HOURS + QUARTER) == [BEGAN - 60 - HOURS + QUARTER]


def test_what_was_missed_for_long_before_the_start_is_not_made_up_for(moments: Moments) -> None:
    assert due(moments, BEGAN + 12 * 60) == []
