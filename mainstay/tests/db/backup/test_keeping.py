"""Which archives stay: days, weeks, months, and the newest verified one whatever the numbers say."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.db.backup.keeping import Archive, State, kept
from mainstay.db.backup.settings import BackupSettings

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
LEAST = BackupSettings(daily=1, weekly=0, monthly=0)


def archive(days: float, state: State = "verified") -> Archive:
    return Archive(UUID(int=int(100_000 + days * 24)), NOW - timedelta(days=days), state)


def days_kept(archives: list[Archive], settings: BackupSettings) -> list[float]:
    keep = kept(archives, settings, NOW)
    return sorted((NOW - each.made_at) / timedelta(days=1) for each in archives if each.id in keep)


def test_the_last_of_each_day_week_and_month_stays() -> None:
    """The 30th of November 2026 is a Monday."""
    archives = [archive(day) for day in range(100)]

    found = days_kept(archives, BackupSettings(daily=3, weekly=2, monthly=3))

    assert found == [0, 1, 2, 30, 61]
    assert days_kept(archives, BackupSettings(daily=1, weekly=3, monthly=0)) == [0, 1, 8]


def test_of_one_day_the_last_stays_and_a_verified_one_before_one_that_could_not_be_tried() -> None:
    """A day later, so that none of them is the newest."""
    two = [archive(1.0), archive(1.25, "unverified"), archive(1.5), archive(0)]

    assert days_kept(two, BackupSettings(daily=2, weekly=0, monthly=0)) == [0, 1]
    later = [archive(1.0, "unverified"), archive(1.05), archive(0)]
    assert days_kept(later, BackupSettings(daily=2, weekly=0, monthly=0)) == [0, pytest.approx(1.05)]


def test_broken_ones_never_pile_up() -> None:
    """A verification that fails every hour must not fill the disk."""
    broken = [archive(hour / 24, "broken") for hour in range(100)]

    assert days_kept([*broken, archive(10)], BackupSettings(daily=7, weekly=4, monthly=12)) == [0, 10]


def test_those_that_cannot_be_tried_do_not_pile_up_either() -> None:
    untried = [archive(day, "unverified") for day in range(100)]

    assert days_kept([*untried, archive(200)], LEAST) == [0, 200]


def test_those_of_a_clock_that_was_ahead_stay_and_take_nobodys_place() -> None:
    """An earlier version let today's go, because the last of the days was in a year that had not come."""
    ahead = [archive(-4000), archive(-4001)]

    assert days_kept([archive(0), archive(1), archive(2), *ahead], LEAST) == [-4001, 0]


STATES = st.sampled_from(["verified", "unverified", "broken"])


@given(
    st.lists(st.tuples(st.integers(0, 4000), STATES), max_size=30, unique_by=lambda pair: pair[0]),
    st.integers(1, 9),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_the_newest_verified_one_always_stays_and_the_numbers_bound_the_rest(
    drawn: list[tuple[int, State]], daily: int, weekly: int, monthly: int
) -> None:
    archives = [archive(hours / 24, state) for hours, state in drawn]

    keep = kept(archives, BackupSettings(daily=daily, weekly=weekly, monthly=monthly), NOW)

    verified = [each for each in archives if each.state == "verified"]
    if verified:
        assert max(verified, key=lambda each: each.made_at).id in keep
    assert len(keep) <= daily + weekly + monthly + 2
