"""Parts of an amount always add up to it (rule 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.allocation import allocate, share
from tradepost.money.errors import InvalidAllocation

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (5, [3, 7], [1, 4]),  # 1.5 and 3.5: equal remainders, the heavier weight gets the unit
        (5, [7, 3], [4, 1]),
        (1, [1, 1, 1, 1], [1, 0, 0, 0]),
        (10, [0, 0, 0], [4, 3, 3]),
        (0, [5, 7], [0, 0]),
        (0, [], []),
        (7, [0, 5, 0], [0, 7, 0]),
        (12, [3, 9], [3, 9]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1000, [333, 333, 334], [333, 333, 334]),
        (101, [333, 333, 334], [34, 33, 34]),  # 33.633, 33.633, 33.734
        (25, [53, 24, 23], [13, 6, 6]),  # 13.25, 6.00, 5.75
    ],
)
def test_parts_follow_the_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    """Rule 6."""
    assert allocate(total, weights) == parts


@given(st.integers(-(10**15), 10**15), WEIGHTS)
def test_parts_always_add_up(total: int, weights: list[int]) -> None:
    """Rule 6."""
    assert sum(allocate(total, weights)) == total


@given(st.integers(0, 10**15), WEIGHTS.filter(any))
def test_every_part_is_its_exact_share_rounded_down_or_up(total: int, weights: list[int]) -> None:
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@given(WEIGHTS, st.data())
def test_no_part_exceeds_its_weight_when_the_total_fits_into_them(weights: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    assert all(part <= weight for part, weight in zip(share(total, weights), weights, strict=True))


@given(st.integers(0, 10**15), WEIGHTS, st.data())
def test_the_order_of_the_weights_does_not_matter(total: int, weights: list[int], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(weights))
    before = sorted(zip(weights, allocate(total, weights), strict=True))
    assert sorted(zip(shuffled, allocate(total, shuffled), strict=True)) == before


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(InvalidAllocation, match="must not be negative"):
        allocate(5, [3, -1])


def test_nobody_can_take_nothing_but_nothing() -> None:
    with pytest.raises(InvalidAllocation, match="among nobody"):
        allocate(5, [])


@pytest.mark.parametrize(("total", "weights"), [(1.5, [1]), (1, [0.5, 0.5]), (True, [1])])
def test_floats_cannot_be_shared_out(total: int, weights: list[int]) -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        allocate(total, weights)
