"""The flags in the memory of a process."""

from datetime import UTC, datetime, timedelta
from timeit import timeit
from uuid import UUID

from lab.main import BELL, COLOUR, SIGN

from mainstay.flags.experiment import Trial
from mainstay.flags.rules import Rule, Steering, Subject
from mainstay.flags.state import READ_ONLY, Flags
from mainstay.testing.frozen import FrozenClock

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ZOE = Subject(UUID(int=1), "cashier")


def test_what_nobody_has_steered_is_as_it_was_declared() -> None:
    flags = Flags((BELL, SIGN))

    assert (flags.value(BELL), flags.value(SIGN, ZOE), flags.is_read_only) == (False, "plain", False)


def test_steering_is_taken_over_as_a_whole_and_tells_whether_it_is_new() -> None:
    flags = Flags((BELL,))
    steering = {BELL.key: Steering((Rule(True, roles=frozenset({"cashier"})),), version=1)}

    assert flags.steer(steering, {})
    assert not flags.steer(dict(steering), {})
    assert (flags.value(BELL, ZOE), flags.value(BELL)) == (True, False)
    assert flags.steer({}, {})
    assert flags.value(BELL, ZOE) is False


def test_a_flag_turns_by_itself_when_its_time_comes(clock: FrozenClock) -> None:
    flags = Flags((READ_ONLY,))
    begin = clock.now()
    clock.move(timedelta(seconds=-1))
    flags.steer({READ_ONLY.key: Steering((Rule(True, since=begin),))}, {})

    assert not flags.is_read_only
    clock.move(timedelta(seconds=1))
    assert flags.is_read_only


def test_variants_are_assigned_only_while_the_experiment_runs_and_then_all_have_the_one_that_was_kept() -> None:
    flags, unit = Flags((), (COLOUR,)), UUID(int=7)

    assert (flags.assigned(COLOUR, unit), flags.settled(COLOUR)) == (None, "white")
    flags.steer({}, {COLOUR.key: Trial(NOW)})
    assert flags.assigned(COLOUR, unit) == COLOUR.variant_of(unit)
    flags.steer({}, {COLOUR.key: Trial(NOW, NOW, "red")})
    assert (flags.assigned(COLOUR, unit), flags.settled(COLOUR)) == (None, "red")


def test_a_kept_variant_that_is_gone_from_the_code_falls_back_to_the_first() -> None:
    flags = Flags((), (COLOUR,))
    flags.steer({}, {COLOUR.key: Trial(NOW, NOW, "green")})

    assert flags.settled(COLOUR) == "white"


def test_asking_costs_microseconds() -> None:
    flags = Flags((BELL,))
    flags.steer({BELL.key: Steering((Rule(True, roles=frozenset({"owner"})), Rule(True, percent=50)))}, {})

    # A hundred times what it takes here, so that a busy machine does not matter.
    assert min(timeit(lambda: flags.value(BELL, ZOE), number=100) / 100 for _ in range(5)) < 0.0005
