"""Tests' own clock and identifiers do what they say."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122

from mainstay import clock as clocks
from mainstay import ids
from mainstay.testing.frozen import START, CountingIds, FrozenClock


def test_a_frozen_clock_stands_until_it_is_moved(clock: FrozenClock) -> None:
    assert clocks.now() == clocks.now() == START

    clock.move(timedelta(hours=-2))
    assert clocks.now() == START - timedelta(hours=2)
    clock.move_to(datetime(2027, 1, 1, 3, tzinfo=timezone(timedelta(hours=3))))
    assert clocks.now() == datetime(2027, 1, 1, tzinfo=UTC)
    assert clocks.now().tzinfo is UTC


async def test_a_frozen_clock_is_seen_by_async_tests_too(frozen_time: FrozenClock, fixed_ids: CountingIds) -> None:
    assert clocks.now() == frozen_time.now()
    assert ids.new_id() == fixed_ids.at(1)


def test_the_next_test_has_the_machines_clock_and_ids_again() -> None:
    assert clocks.now() != START
    assert ids.new_id() != CountingIds.at(1)


def test_counting_ids_are_sound_and_in_order() -> None:
    counting = CountingIds()

    made = [counting() for _ in range(3)]

    assert made == [CountingIds.at(number) for number in (1, 2, 3)] == sorted(made)
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
