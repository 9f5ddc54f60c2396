"""Windows: never more than the allowance in any minute, wherever it begins."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.web.limits import windows
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.windows import Windows, seconds


@dataclass
class Seconds:
    """A clock that stands still until it is moved."""

    present: float = 1000.0

    def __call__(self) -> float:
        return self.present


@dataclass
class Counted:
    """Windows with a clock that a test moves."""

    clock: Seconds = field(default_factory=Seconds)

    def __post_init__(self) -> None:
        self.windows = Windows(self.clock)

    def passes(self, key: str = "k", size: int = 3) -> bool:
        return self.windows.charge(key, size).is_within


def test_an_allowance_is_there_again_one_by_one_as_its_requests_grow_old() -> None:
    counted = Counted()
    for _ in range(3):
        assert counted.passes()
        counted.clock.present += 10

    assert not counted.passes()
    counted.clock.present += 30
    assert counted.passes()
    assert not counted.passes()


def test_what_is_left_and_how_long_to_wait_is_told() -> None:
    counted = Counted()

    first, counted.clock.present = counted.windows.charge("k", 2), 1015.5
    second, third = counted.windows.charge("k", 2), counted.windows.charge("k", 2)

    assert [(one.is_within, one.remaining, one.wait) for one in (first, second, third)] == [
        (True, 1, 60),
        (True, 0, 45),
        (False, 0, 45),
    ]


def test_refused_requests_do_not_make_the_wait_longer() -> None:
    counted = Counted()
    for _ in range(50):
        counted.passes()
        counted.clock.present += 1

    assert counted.windows.charge("k", 3).wait == 10


def test_keys_are_counted_apart() -> None:
    counted = Counted()

    assert [counted.passes("a", 1), counted.passes("b", 1), counted.passes("a", 1)] == [True, True, False]


def test_what_is_given_back_can_be_used_again() -> None:
    counted = Counted()
    counted.passes(size=1)

    counted.windows.give_back("k")
    counted.windows.give_back("unknown")

    assert [counted.passes(size=1), counted.passes(size=1)] == [True, False]


def test_what_has_passed_elsewhere_counts_here_and_never_for_more_than_the_allowance() -> None:
    counted = Counted()
    for _ in range(10):
        counted.windows.note("k", 3)

    assert not counted.passes()
    counted.clock.present += 60
    assert [counted.passes() for _ in range(4)] == [True, True, True, False]


def test_only_so_many_keys_are_remembered_and_the_least_used_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MOST_KEYS", 2)
    counted = Counted()
    for key in ("a", "b", "a", "c"):
        counted.passes(key, 2)

    assert [counted.passes("a", 2), counted.passes("b", 1)] == [False, True]


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 6))
def test_no_minute_sees_more_than_the_allowance(pauses: list[float], size: int) -> None:
    counted, passed = Counted(), []
    for pause in pauses:
        counted.clock.present += pause
        if counted.passes(size=size):
            passed.append(counted.clock.present)

    assert all(later - earlier >= 60 for earlier, later in zip(passed, passed[size:], strict=False))


@pytest.mark.parametrize(("exact", "whole"), [(-1, 1), (0.0, 1), (0.1, 1), (1.0, 1), (1.01, 2), (59.9, 60)])
def test_seconds_are_enough(exact: float, whole: int) -> None:
    assert seconds(exact) == whole


def test_three_tills_of_one_person_that_scan_three_items_a_second_never_wait() -> None:
    """An hour without a pause, each scan a look-up and each third one a sale."""
    counted, sizes = Counted(), LimitSettings.defaults()

    for number in range(3600 * 9):
        counted.clock.present = 1000 + number / 9
        assert counted.passes("reads", sizes.read)
        assert number % 3 or counted.passes("sales", sizes.busy)
