"""Experiments: planned sizes, and who is in which variant."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab.main import COLOUR

from mainstay.flags.evaluation import Sample, evaluate
from mainstay.flags.experiment import Experiment, Plan
from mainstay.flags.flag import Said

UNITS = [uuid5(UUID(int=1), str(number)) for number in range(3000)]
SAYS = Said("The colour.", "Цвет.")


@pytest.mark.parametrize(
    ("plan", "size"),
    [
        # Fleiss, Levin, Paik, table A.4 without continuity; and NIST's engineering handbook, 7.2.2.2, for a mean.
        (Plan("share", 0.1, 0.05), 686),
        (Plan("share", 0.5, 0.1), 388),
        (Plan("mean", 100, 5, deviation=20), 252),
        (Plan("mean", 100, 10, deviation=20), 63),
    ],
)
def test_the_size_is_that_of_the_textbook(plan: Plan, size: int) -> None:
    assert plan.size() == size


@pytest.mark.parametrize("plan", [Plan("mean", 10, 100, deviation=1), Plan("share", 0.01, 0.98)])
def test_no_variance_is_told_of_a_single_unit(plan: Plan) -> None:
    """Red without a least size: all experiments were a fault as soon as one unit of each variant was seen."""
    experiment = Experiment("lab.huge", SAYS, ("white", "red"), plan)
    samples = [Sample(each, experiment.size, experiment.size, 1.0, 1.0) for each in experiment.variants]

    assert evaluate(experiment, samples).state == "no_difference"


def test_more_comparisons_need_more_units() -> None:
    plan = Plan("share", 0.1, 0.05)

    assert plan.size(1) < plan.size(2) < plan.size(5)


@given(unit=st.uuids(), percent=st.integers(0, 100), more=st.integers(0, 100))
def test_whoever_takes_part_keeps_their_variant_when_more_do(unit: UUID, percent: int, more: int) -> None:
    low, high = sorted((percent, more))
    before = replace(COLOUR, percent=low).variant_of(unit)

    assert before is None or replace(COLOUR, percent=high).variant_of(unit) == before


def test_variants_have_equal_shares_of_those_who_take_part() -> None:
    experiment = Experiment("lab.three", SAYS, ("a", "b", "c"), Plan("share", 0.1, 0.1), percent=50)

    counts = Counter(experiment.variant_of(unit) for unit in UNITS)

    assert abs(counts[None] - 1500) < 140
    assert all(abs(counts[variant] - 500) < 110 for variant in experiment.variants)


@pytest.mark.parametrize("variants", [("white",), ("white", "white"), ()])
def test_an_experiment_without_a_difference_is_refused(variants: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="two variants"):
        Experiment("lab.colour", SAYS, variants, Plan("share", 0.1, 0.1))


def test_an_experiment_needs_a_key_like_a_flag() -> None:
    with pytest.raises(ValueError, match=r"module\.what_it_is"):
        Experiment("colour", SAYS, ("a", "b"), Plan("share", 0.1, 0.1))


def test_a_plan_that_cannot_be_calculated_is_refused() -> None:
    for values in ((0.1, 0.0, None), (0.9, 0.1, None), (0.0, 0.1, None)):
        with pytest.raises(ValueError, match="must"):
            Plan("share", values[0], values[1])
    with pytest.raises(ValueError, match="deviation"):
        Plan("mean", 10, 1)
