"""Sales given back in parts: exact at each step, and the whole sale in the end (rules 8, 14, 15 and 29)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.currency import currency
from tradepost.money.discount import TicketDiscount
from tradepost.money.errors import InvalidQuantity, TenderTooHigh, TenderTooLow
from tradepost.money.refund import GivenBack, Left, Repayment, SoldLine, give_back, repay, round_cash_back
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel, TaxProfile
from tradepost.money.tender import settle
from tradepost.money.ticket import PricedTicket, Ticket, TicketLine, price_ticket

HALF_UP = RoundingMode.HALF_UP
FIVE_CENTS = CashRounding(5, HALF_UP, RoundingMode.HALF_DOWN)
ROUNDINGS = (None, FIVE_CENTS, CashRounding(100, HALF_UP, HALF_UP), CashRounding(5, HALF_UP, HALF_UP, above_minor=5))
RATES = (Decimal(20), Decimal("5.5"), Decimal(0), Decimal(100))
THOUSANDTHS = Decimal("0.001")


def parts_of(line: SoldLine, quantities: Sequence[str], mode: RoundingMode = HALF_UP) -> list[tuple[int, int]]:
    """Give a line back in parts; return (net, tax) of each."""
    before, given_back = Decimal(0), []
    for quantity in map(Decimal, quantities):
        part = give_back(line, before, quantity, mode)
        given_back.append((part.net_minor, part.tax_minor))
        before += quantity
    return given_back


def test_the_last_part_takes_exactly_the_remainder() -> None:
    """Rules 14 and 15: ten euros for three, of which 1.67 is tax, come back as 3.33, 3.34 and 3.33."""
    assert parts_of(SoldLine(Decimal(3), 833, 167), ["1", "1", "1"]) == [(277, 56), (279, 55), (277, 56)]


def test_weights_are_given_back_to_the_gram() -> None:
    """Rule 29."""
    assert parts_of(SoldLine(Decimal("2.750"), 700, 125), ["0.333", "2.417"]) == [(85, 15), (615, 110)]


def test_what_cost_nothing_gives_nothing_back() -> None:
    assert parts_of(SoldLine(Decimal(2), 0, 0), ["1", "1"]) == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("before", "quantity"), [("0", "0"), ("0", "-1"), ("2", "2"), ("0", "3.001"), ("-1", "1"), ("0", "0.0001")]
)
def test_no_more_than_is_left_and_no_less_than_something_is_given_back(before: str, quantity: str) -> None:
    """Rule 14."""
    with pytest.raises(InvalidQuantity):
        give_back(SoldLine(Decimal(3), 833, 167), Decimal(before), Decimal(quantity), HALF_UP)


def test_floats_are_refused() -> None:
    """Rule 1."""
    with pytest.raises(TypeError):
        give_back(SoldLine(Decimal(3), 833, 167), Decimal(0), cast(Decimal, 1.0), HALF_UP)


def test_cash_is_rounded_and_the_last_part_takes_what_is_left_of_it() -> None:
    """Rule 8: goods for 10.03 were paid with 10.05; 5.02 of them come back as 5.00, the rest as 5.05."""
    first = repay(502, Left(1005, 0), [("cash", 500)], FIVE_CENTS, is_last=False)
    last = repay(501, Left(505, 0), [("cash", 505)], FIVE_CENTS, is_last=True)

    assert first == Repayment(502, -2, 500, 500, 0)
    assert last == Repayment(501, 4, 505, 505, 0)


def test_cash_for_a_card_is_never_more_than_the_card_paid() -> None:
    """Rule 8: 4.98 would round to 5.00."""
    assert round_cash_back(498, 498, FIVE_CENTS) == 495
    assert round_cash_back(498, 600, FIVE_CENTS) == 500
    assert repay(498, Left(498, 498), [("cash", 495)], FIVE_CENTS, is_last=True).rounding_minor == -3


def test_a_card_takes_back_no_more_than_it_paid() -> None:
    with pytest.raises(TenderTooHigh) as refusal:
        repay(1000, Left(1000, 400), [("card", 500), ("cash", 500)], None, is_last=True)
    assert refusal.value.excess_minor == 100
    assert repay(1000, Left(1000, 400), [("card", 400), ("cash", 600)], None, is_last=True).cash_minor == 600


def test_exactly_what_is_due_goes_back() -> None:
    with pytest.raises(TenderTooHigh):
        repay(1000, Left(2000, 0), [("cash", 1001)], None, is_last=False)
    with pytest.raises(TenderTooLow) as refusal:
        repay(1000, Left(2000, 0), [("cash", 999)], None, is_last=False)
    assert refusal.value.missing_minor == 1
    assert repay(0, Left(2000, 0), [], None, is_last=False).payable_minor == 0


def priced(data: st.DataObject) -> tuple[PricedTicket, list[TicketLine], RoundingMode]:
    """Draw a ticket with discounts and price it."""
    mode = data.draw(st.sampled_from(list(RoundingMode)))
    profile = TaxProfile(data.draw(st.booleans()), data.draw(st.sampled_from(list(RoundingLevel))), mode)
    amounts = st.integers(1, 20_000)
    lines = [
        TicketLine(Decimal(price) / 100, data.draw(amounts) * THOUSANDTHS, data.draw(st.sampled_from(RATES)))
        for price in data.draw(st.lists(st.integers(0, 5_000), min_size=1, max_size=4))
    ]
    discount = TicketDiscount(percent=Decimal(data.draw(st.integers(0, 100))))
    return price_ticket(Ticket(currency("EUR"), profile, lines, discount)), lines, mode


def some_part(data: st.DataObject, left: Sequence[Decimal]) -> tuple[int, Decimal]:
    """Draw a line with something left and how much of it comes back: often all of it, so that it comes to an end."""
    place = data.draw(st.sampled_from([at for at, rest in enumerate(left) if rest]))
    most = int(left[place] * 1000)
    return place, data.draw(st.one_of(st.just(most), st.integers(most // 4 + 1, most))) * THOUSANDTHS


def assert_all_is_back(ticket: PricedTicket, lines: Sequence[TicketLine], back: Sequence[GivenBack]) -> None:
    """Say that what was given back are the sale's own lines and taxes."""
    assert [(one.net_minor, one.tax_minor) for one in back] == [(one.net_minor, one.tax_minor) for one in ticket.lines]
    for group in ticket.taxes:
        of_rate = [one for line, one in zip(lines, back, strict=True) if line.tax_rate == group.rate]
        sums = sum(one.net_minor for one in of_rate), sum(one.tax_minor for one in of_rate)
        assert sums == (group.net_minor, group.tax_minor)


@given(st.data())
def test_any_parts_never_exceed_the_sale_and_end_as_all_of_it(data: st.DataObject) -> None:
    """Rules 14 and 15: goods, tax by rate and money, whatever is brought back in whatever order, in cash or by card."""
    ticket, lines, mode = priced(data)
    rounding = data.draw(st.sampled_from(ROUNDINGS))
    by_card = data.draw(st.integers(0, ticket.total_minor))
    tenders = ([("card", by_card)] if by_card else []) + [("cash", 10**9)]
    paid = settle(ticket.total_minor, tenders, rounding)
    left = [line.quantity for line in lines]
    sold = [
        SoldLine(line.quantity, out.net_minor, out.tax_minor) for line, out in zip(lines, ticket.lines, strict=True)
    ]
    back = [GivenBack(0, 0) for _ in lines]
    money, card, coins = paid.payable_minor, by_card, 0
    while any(left):
        place, quantity = some_part(data, left)
        part = give_back(sold[place], lines[place].quantity - left[place], quantity, mode)
        left[place] -= quantity
        assert part.net_minor >= 0
        assert part.tax_minor >= 0
        back[place] = GivenBack(back[place].net_minor + part.net_minor, back[place].tax_minor + part.tax_minor)
        given_back, cost = back[place], sold[place]
        assert given_back.net_minor + given_back.tax_minor <= cost.net_minor + cost.tax_minor
        is_last, total = not any(left), part.net_minor + part.tax_minor
        due = money if is_last else min(total, money)
        on_card = min(due, card)
        cash = round_cash_back(due - on_card, money - on_card, rounding)
        ways = ([("card", on_card)] if on_card else []) + [("cash", cash)]
        repaid = repay(total, Left(money, card), ways, rounding, is_last=is_last)
        money, card, coins = money - repaid.payable_minor, card - repaid.card_minor, coins + repaid.rounding_minor
        assert money >= 0
        assert card >= 0

    assert_all_is_back(ticket, lines, back)
    if rounding is None or money == 0:
        assert (money, coins) == (0, paid.rounding_minor)
    else:
        # What no coins are left for: cash in the place of a card.
        assert money < rounding.increment_minor
