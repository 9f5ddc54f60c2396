"""Evaluation: no winner too early, few where there is none, and nearly always where there is one."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mainstay.flags.evaluation import Sample, Verdict, chi_square_tail, compare, evaluate, evenness_of
from mainstay.flags.experiment import Experiment, Plan
from mainstay.flags.flag import Said

SAYS = Said("The colour.", "Цвет.")
SHARE = Experiment("lab.share", SAYS, ("white", "red"), Plan("share", 0.2, 0.1, timedelta(days=1)))
MEAN = Experiment("lab.mean", SAYS, ("white", "red"), Plan("mean", 10.0, 2.0, deviation=5.0))
THREE = replace(SHARE, variants=("white", "red", "blue"))
RUNS = 600


def sample(variant: str, values: list[float], **more: int) -> Sample:
    """Sum values up, as the database does."""
    count = len(values)
    return Sample(variant, more.pop("exposed", count), count, sum(values), sum(value**2 for value in values), **more)


def ones(share: float, count: int) -> list[float]:
    """Return outcomes of which a share is 1."""
    return [1.0] * round(share * count) + [0.0] * (count - round(share * count))


def winners(experiment: Experiment, draw: Callable[[random.Random, int], float]) -> dict[str | None, int]:
    """Run an experiment many times with drawn outcomes, and count who wins."""
    dice, found = random.Random(20261130), dict[str | None, int]()  # noqa: S311  a simulation that is always the same
    for _ in range(RUNS):
        drawn = [
            sample(variant, [draw(dice, place) for _ in range(experiment.size)])
            for place, variant in enumerate(experiment.variants)
        ]
        verdict = evaluate(experiment, drawn)
        found[verdict.winner] = found.get(verdict.winner, 0) + 1
    return found


def binary(*shares: float) -> Callable[[random.Random, int], float]:
    """Draw 1 with the share of the variant."""
    return lambda dice, place: float(dice.random() < shares[place])


def test_where_there_is_no_difference_a_winner_is_named_5_times_of_100_at_most() -> None:
    """Within three standard deviations of 600 runs."""
    limit = 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5

    for experiment in (SHARE, THREE):
        named = RUNS - winners(experiment, binary(0.2, 0.2, 0.2)).get(None, 0)
        assert named / RUNS <= limit


def test_a_difference_as_large_as_planned_is_found_8_times_of_10() -> None:
    found = winners(SHARE, binary(0.2, 0.3))

    assert found["red"] / RUNS > 0.8 - 3 * (0.8 * 0.2 / RUNS) ** 0.5
    assert found.get("white", 0) == 0


def test_a_variant_that_is_worse_makes_the_first_the_winner() -> None:
    verdict = evaluate(SHARE, [sample("white", ones(0.3, SHARE.size)), sample("red", ones(0.1, SHARE.size))])

    assert (verdict.state, verdict.winner) == ("winner", "white")


def test_of_several_that_are_better_the_best_wins() -> None:
    shares = {"white": 0.2, "red": 0.4, "blue": 0.5}

    verdict = evaluate(THREE, [sample(variant, ones(share, THREE.size)) for variant, share in shares.items()])

    assert verdict.winner == "blue"
    assert [each.variant for each in verdict.differences] == ["red", "blue"]


@pytest.mark.parametrize("missing", [1, SHARE.size - 2])
def test_nothing_is_told_before_the_size_is_reached_however_clear_it_looks(missing: int) -> None:
    count = SHARE.size - missing

    verdict = evaluate(SHARE, [sample("white", ones(0.0, count)), sample("red", ones(1.0, count))])

    assert verdict == Verdict("not_yet", count, SHARE.size, 1.0)


def test_nothing_is_told_while_outcomes_may_still_come() -> None:
    full = SHARE.size

    verdict = evaluate(SHARE, [sample("white", ones(0.1, full)), sample("red", ones(0.9, full), open_windows=1)])

    assert (verdict.state, verdict.winner, verdict.differences) == ("not_yet", None, ())


def test_shares_that_cannot_be_chance_are_told_instead_of_a_winner() -> None:
    full = SHARE.size

    verdict = evaluate(
        SHARE, [sample("white", ones(0.1, full), exposed=full * 2), sample("red", ones(0.9, full), exposed=full)]
    )

    assert (verdict.state, verdict.winner, verdict.differences) == ("uneven", None, ())


def test_a_few_units_are_not_called_uneven() -> None:
    assert evaluate(SHARE, [Sample("white", 11), Sample("red", 0)]).state == "not_yet"


def test_an_interval_holds_the_difference_and_is_that_of_the_textbook() -> None:
    found = compare(sample("white", ones(0.2, 1000)), sample("red", ones(0.25, 1000)), 0.975)

    assert found.difference == pytest.approx(0.05)
    assert found.low == pytest.approx(0.01346, abs=1e-4)
    assert found.high == pytest.approx(0.08654, abs=1e-4)
    assert found.is_clear
    means = compare(sample("white", [9.0, 11.0] * 50), sample("red", [9.5, 11.5] * 50), 0.975)
    assert means.difference == pytest.approx(0.5)
    assert means.is_clear


def test_means_are_compared_as_shares_are() -> None:
    size = MEAN.size
    spread = [-5.0, 5.0] * size

    def around(middle: float) -> list[float]:
        return [middle + each for each in spread[:size]]

    assert evaluate(MEAN, [sample("white", around(10)), sample("red", around(13))]).winner == "red"
    assert evaluate(MEAN, [sample("white", around(10)), sample("red", around(10.5))]).state == "no_difference"


@pytest.mark.parametrize(
    ("value", "freedom", "tail"),
    # Abramowitz, Stegun, table 26.8.
    [(3.841, 1, 0.05), (10.828, 1, 0.001), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (11.070, 5, 0.05)],
)
def test_the_chi_square_law_is_that_of_the_tables(value: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, rel=2e-3)


def test_evenness_is_sure_without_anybody_and_with_equal_counts() -> None:
    assert evenness_of([0, 0]) == 1.0
    assert evenness_of([50, 50, 50]) == pytest.approx(1.0)
