"""Settlement: cash rounding on the cash part only, change from cash only (rule 8)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.errors import InvalidAmount, InvalidTender, TenderTooHigh, TenderTooLow
from tradepost.money.exact import LARGEST_AMOUNT_MINOR
from tradepost.money.rounding import CashRounding, RoundingMode, round_cash_due
from tradepost.money.tender import Settlement, settle

HALF_UP, HALF_EVEN, HALF_DOWN = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.HALF_DOWN
BELGIUM = CashRounding(5, HALF_UP, HALF_DOWN, above_minor=5)
CANADA = CashRounding(5, HALF_UP, HALF_DOWN)
SWEDEN = CashRounding(100, HALF_UP, HALF_DOWN)
DENMARK = CashRounding(50, HALF_UP, HALF_DOWN)
NEW_ZEALAND_A = CashRounding(10, HALF_UP, HALF_UP)


def test_cash_alone_gives_exact_change_without_rounding() -> None:
    assert settle(863, [("cash", 1000)], None) == Settlement(
        total_minor=863,
        rounding_minor=0,
        payable_minor=863,
        non_cash_minor=0,
        cash_due_minor=863,
        cash_tendered_minor=1000,
        cash_kept_minor=863,
        change_minor=137,
    )


def test_only_the_cash_part_of_a_split_payment_is_rounded() -> None:
    """Rule 8. Belgium, book VI Code of Economic Law as told by carbofisc.be: rounding applies to the part in cash."""
    assert settle(1003, [("card", 500), ("cash", 1000)], BELGIUM) == Settlement(
        total_minor=1003,
        rounding_minor=2,
        payable_minor=1005,
        non_cash_minor=500,
        cash_due_minor=505,
        cash_tendered_minor=1000,
        cash_kept_minor=505,
        change_minor=495,
    )


def test_a_card_pays_to_the_cent_where_cash_is_rounded() -> None:
    """Rule 8. budget.canada.ca 2012: 4.92 by card stays 4.92, in cash it is 4.90."""
    by_card = settle(492, [("card", 492)], CANADA)
    assert (by_card.payable_minor, by_card.rounding_minor, by_card.cash_due_minor) == (492, 0, 0)
    in_cash = settle(492, [("cash", 490)], CANADA)
    assert (in_cash.total_minor, in_cash.payable_minor, in_cash.rounding_minor) == (492, 490, -2)


PAID_IN_CASH = [
    # rounding, total, tendered, due, change, rounding of the payment
    (CANADA, 598, 1000, 600, 400, 2),
    (CANADA, 597, 600, 595, 5, -2),
    (SWEDEN, 1049, 2000, 1000, 1000, -49),
    (SWEDEN, 1050, 1100, 1100, 0, 50),
    (SWEDEN, 1050, 2000, 1100, 900, 50),  # Casio V-R page 81: change 00 to 50 → 00
    (SWEDEN, 1051, 2000, 1100, 900, 49),
    (DENMARK, 1025, 1050, 1050, 0, 25),
    (DENMARK, 1025, 2000, 1050, 950, 25),  # the same page: change 26 to 75 → 50
    (DENMARK, 1075, 2000, 1100, 900, 25),  # the same page: change 00 to 25 → 00
    (NEW_ZEALAND_A, 1005, 1010, 1010, 0, 5),
    (NEW_ZEALAND_A, 1005, 2000, 1010, 1000, -5),  # the same page: due and change round 5 to 10
    (CashRounding(100, HALF_EVEN, HALF_EVEN), 1050, 2000, 1000, 1000, -50),
    (BELGIUM, 3, 5, 3, 2, 0),  # nothing is rounded up to 5 cents
    (CashRounding(5, HALF_UP, HALF_DOWN, above_minor=3), 3, 10, 3, 7, 0),
    (BELGIUM, 1002, 1002, 1000, 0, 0),  # 1 and 2 cent coins stay legal tender
    (CANADA, 2, 0, 0, 0, -2),
    (CANADA, 2, 100, 0, 100, -2),
]


@pytest.mark.parametrize(("rounding", "total", "tendered", "due", "change", "difference"), PAID_IN_CASH)
def test_due_and_change_follow_the_countrys_table(
    rounding: CashRounding, total: int, tendered: int, due: int, change: int, difference: int
) -> None:
    """Rule 8."""
    paid = settle(total, [("cash", tendered)], rounding)
    assert (paid.cash_due_minor, paid.change_minor, paid.rounding_minor) == (due, change, difference)
    assert (paid.total_minor, paid.payable_minor) == (total, total + difference)


def test_several_tenders_of_a_kind_are_added() -> None:
    paid = settle(5000, [("cash", 1000), ("card", 1500), ("voucher", 500), ("cash", 2500)], None)
    assert (paid.non_cash_minor, paid.cash_tendered_minor, paid.cash_due_minor, paid.change_minor) == (
        2000,
        3500,
        3000,
        500,
    )


def test_nothing_to_pay_needs_no_tender() -> None:
    assert settle(0, [], BELGIUM).payable_minor == 0


def test_cash_that_was_not_needed_goes_back_unrounded() -> None:
    paid = settle(1000, [("card", 1000), ("cash", 503)], CANADA)
    assert (paid.change_minor, paid.rounding_minor) == (503, 0)


def test_odd_coins_turn_change_into_neither_a_gift_nor_a_demand() -> None:
    always_up = CashRounding(50, RoundingMode.DOWN, RoundingMode.UP)
    assert settle(3, [("cash", 4)], always_up).change_minor == 4
    assert settle(40, [("cash", 10)], CashRounding(50, RoundingMode.DOWN, HALF_UP)).change_minor == 0


@pytest.mark.parametrize(
    ("total", "tenders", "rounding", "missing"),
    [
        (863, [("cash", 862)], None, 1),
        (863, [("card", 800), ("cash", 50)], None, 13),
        (1003, [("cash", 1003)], BELGIUM, 2),  # 10.05 is due
        (1001, [("card", 1000)], CANADA, 1),  # no cash, no rounding
        (100, [], None, 100),
        (3, [("cash", 0)], BELGIUM, 3),
    ],
)
def test_a_tender_below_the_due_says_what_is_missing(
    total: int, tenders: list[tuple[str, int]], rounding: CashRounding | None, missing: int
) -> None:
    with pytest.raises(TenderTooLow) as caught:
        settle(total, tenders, rounding)
    assert caught.value.missing_minor == missing


def test_a_card_gives_no_change() -> None:
    with pytest.raises(TenderTooHigh) as caught:
        settle(863, [("card", 500), ("voucher", 400), ("cash", 100)], None)
    assert caught.value.excess_minor == 37


@pytest.mark.parametrize(
    "tenders",
    [
        [("cash", -1)],
        [("card", -1), ("cash", 1001)],
        [("card", 0)],
        [("", 100)],
        [("cash", LARGEST_AMOUNT_MINOR + 1)],
        [("cash", LARGEST_AMOUNT_MINOR), ("cash", 1)],
        [("card", LARGEST_AMOUNT_MINOR + 1)],
    ],
)
def test_a_senseless_tender_is_refused(tenders: list[tuple[str, int]]) -> None:
    with pytest.raises(InvalidTender) as caught:
        settle(1000, tenders, None)
    assert caught.value.code == "money.invalid_tender"


@pytest.mark.parametrize("total", [-1, LARGEST_AMOUNT_MINOR + 1])
def test_a_total_outside_its_limits_is_refused(total: int) -> None:
    with pytest.raises(InvalidAmount):
        settle(total, [("cash", 5)], None)


def test_the_largest_total_can_be_paid() -> None:
    assert settle(LARGEST_AMOUNT_MINOR, [("card", LARGEST_AMOUNT_MINOR)], None).payable_minor == LARGEST_AMOUNT_MINOR


@pytest.mark.parametrize(("total", "amount"), [(8.63, 863), (863, 8.63), (863, True), (True, 863)])
def test_floats_cannot_be_tendered(total: int, amount: int) -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        settle(total, [("cash", amount)], None)


MODES = st.sampled_from(list(RoundingMode))
ROUNDINGS = st.none() | st.builds(CashRounding, st.integers(1, 1000), MODES, MODES, st.integers(0, 20))
NEAREST = st.sampled_from([HALF_UP, HALF_EVEN, HALF_DOWN])


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), ROUNDINGS)
def test_a_settlement_always_adds_up(total: int, card: int, cash: int, rounding: CashRounding | None) -> None:
    """Rules 5 and 8: the payable amount is the total plus the rounding, which stands in its own field (BR-CO-16)."""
    tenders = [("card", min(card, total))] if card and total else []
    exact_due = total - sum(amount for _, amount in tenders)
    paid = settle(total, [*tenders, ("cash", round_cash_due(exact_due, rounding) + cash)], rounding)
    assert paid.payable_minor == total + paid.rounding_minor == paid.non_cash_minor + paid.cash_kept_minor
    assert paid.cash_tendered_minor - paid.change_minor == paid.cash_kept_minor >= 0
    assert paid.change_minor >= 0


@given(st.integers(21, 10**6), st.integers(0, 10**6), st.integers(1, 1000), NEAREST, NEAREST)
def test_rounding_to_the_nearest_coin_moves_a_payment_by_at_most_half_a_coin(
    total: int, extra: int, increment: int, due_tie: RoundingMode, change_tie: RoundingMode
) -> None:
    """Rule 8, for tenders in coins that exist."""
    rounding = CashRounding(increment, due_tie, change_tie)
    tendered = round_cash_due(total, rounding) + extra * increment
    paid = settle(total, [("cash", tendered)], rounding)
    assert 2 * abs(paid.rounding_minor) <= increment
    assert paid.change_minor % increment == 0


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 500))
def test_mirrored_ties_always_keep_the_due_that_was_asked_for(total: int, extra: int, half_coin: int) -> None:
    """Rule 8: with due up and change down, who overpays in coins pays the same as who pays exactly."""
    rounding = CashRounding(2 * half_coin, HALF_UP, HALF_DOWN)
    due = round_cash_due(total, rounding)
    assert settle(total, [("cash", due + extra * 2 * half_coin)], rounding).cash_kept_minor == due
