"""Rules: the first that fits decides; shares are stable, grow without anybody leaving, and are as large as said."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.flags.flag import Flag, Said
from mainstay.flags.rules import UNSTEERED, Decision, Rule, Steering, Subject, decide, is_within, share_of

FLAG = Flag("lab.bell", Said("The bell rings.", "Колокольчик звонит."), default=False)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZOE, STORE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SOMEBODY = Subject(ZOE, "cashier", frozenset({STORE}))
PEOPLE = [uuid5(STORE, str(number)) for number in range(4000)]
PERCENT = st.integers(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(True), True),
        (Rule(True, roles=frozenset({"cashier"})), True),
        (Rule(True, roles=frozenset({"owner"})), False),
        (Rule(True, places=frozenset({STORE, OTHER})), True),
        (Rule(True, places=frozenset({OTHER})), False),
        (Rule(True, actors=frozenset({ZOE})), True),
        (Rule(True, actors=frozenset({OTHER})), False),
        (Rule(True, roles=frozenset({"cashier"}), actors=frozenset({OTHER})), False),
        (Rule(True, since=NOW), True),
        (Rule(True, since=NOW + HOUR), False),
        (Rule(True, until=NOW), False),
        (Rule(True, since=NOW - HOUR, until=NOW + HOUR), True),
        (Rule(True, percent=100), True),
        (Rule(True, percent=0), False),
        (Rule("large"), False),
    ],
)
def test_a_rule_decides_when_all_that_it_names_fits(rule: Rule, fits: bool) -> None:
    decision = decide(FLAG, Steering((rule,)), SOMEBODY, NOW)

    assert decision == (Decision(True, "rule", 0) if fits else Decision(False, "default"))


def test_the_first_rule_that_fits_decides_then_what_holds_otherwise_then_the_default() -> None:
    cashiers_off = Rule(False, roles=frozenset({"cashier"}))
    steering = Steering((Rule(True, roles=frozenset({"owner"})), cashiers_off, Rule(True)), otherwise=True)

    assert decide(FLAG, steering, SOMEBODY, NOW) == Decision(False, "rule", 1)
    assert decide(FLAG, Steering((), otherwise=True), SOMEBODY, NOW) == Decision(True, "otherwise")
    assert decide(FLAG, Steering((), otherwise="large"), SOMEBODY, NOW) == Decision(False, "default")
    assert decide(FLAG, UNSTEERED, SOMEBODY, NOW) == Decision(False, "default")


def test_nobody_is_in_no_share_even_of_all() -> None:
    assert not is_within(FLAG.key, None, 100)


@given(unit=st.uuids(), percent=PERCENT, more=PERCENT)
def test_a_share_is_stable_and_whoever_is_in_it_stays_when_it_grows(unit: UUID, percent: int, more: int) -> None:
    low, high = sorted((percent, more))

    assert is_within(FLAG.key, unit, low) == is_within(FLAG.key, unit, low)
    assert is_within(FLAG.key, unit, high) or not is_within(FLAG.key, unit, low)
    assert 0 <= share_of(FLAG.key, unit) < 1


@given(percent=PERCENT)
def test_a_share_is_about_as_large_as_was_said(percent: int) -> None:
    inside = sum(is_within(FLAG.key, unit, percent) for unit in PEOPLE)

    # Five standard deviations of 4,000 draws.
    assert abs(inside / len(PEOPLE) - percent / 100) <= 5 * (0.25 / len(PEOPLE)) ** 0.5


def test_shares_of_two_flags_are_drawn_apart() -> None:
    both = sum(is_within("lab.bell", unit, 50) and is_within("lab.sign", unit, 50) for unit in PEOPLE)

    assert abs(both / len(PEOPLE) - 0.25) < 0.04


@pytest.mark.parametrize(
    ("rule", "is_about_somebody"),
    [(Rule(True, since=NOW), False), (Rule(True, percent=100), True), (Rule(True, roles=frozenset({"owner"})), True)],
)
def test_a_rule_says_whether_it_asks_who_acts(rule: Rule, is_about_somebody: bool) -> None:
    assert rule.is_about_somebody is is_about_somebody
