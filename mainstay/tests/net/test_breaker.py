"""The circuit breaker: when it opens, how long it rests, and that one trial decides."""

from dataclasses import dataclass

import pytest

from mainstay.net.breaker import Breaker


@dataclass
class Seconds:
    """A clock that stands still until it is moved."""

    present: float = 100.0

    def __call__(self) -> float:
        return self.present


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> Breaker:
    """One that opens after three failures, for a minute."""
    return Breaker(3, 60.0, seconds)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admit()
        breaker.record(is_well=False)


def test_it_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert (breaker.state, breaker.admit()) == ("open", False)


def test_a_call_that_went_well_forgets_the_failures_before_it(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.record(is_well=True)
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_after_its_rest_one_call_is_a_trial_and_others_wait_for_it(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.present += 59.9
    assert not breaker.admit()
    seconds.present += 0.1
    assert breaker.state == "half_open"
    assert [breaker.admit(), breaker.admit()] == [True, False]


def test_a_trial_that_goes_well_closes_it(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.present += 60
    assert breaker.admit()
    breaker.record(is_well=True)
    assert [breaker.state, breaker.admit(), breaker.admit()] == ["closed", True, True]


def test_a_trial_that_fails_opens_it_for_another_rest(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.present += 60
    fail(breaker, 1)
    assert breaker.state == "open"
    seconds.present += 59
    assert breaker.state == "open"
    seconds.present += 1
    assert breaker.admit()


def test_a_trial_that_says_nothing_leaves_room_for_the_next(breaker: Breaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.present += 60
    assert breaker.admit()
    breaker.record(is_well=None)
    assert (breaker.state, breaker.admit()) == ("half_open", True)
