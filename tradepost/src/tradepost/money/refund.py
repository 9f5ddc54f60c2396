"""Giving a sale back in parts: each part is exact, and all parts together are the sale to the minor unit (rule 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradepost.money.errors import InvalidQuantity, TenderTooHigh, TenderTooLow
from tradepost.money.exact import require_minor, scale_decimal
from tradepost.money.rounding import CashRounding, RoundingMode, divide_rounded, require_mode, round_cash_due
from tradepost.money.tender import sum_tenders
from tradepost.money.ticket import QUANTITY_PLACES


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was sold: its quantity, and what it cost after all discounts, in minor units."""

    quantity: Decimal
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What is given back for a part of a line; `net_minor` + `tax_minor` is what the customer gets."""

    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Left:
    """What of the money paid for a sale has not been given back: all of it, and the part that was paid by card."""

    payable_minor: int
    card_minor: int


@dataclass(frozen=True, slots=True)
class Repayment:
    """How a refund is paid out: `payable_minor` = `total_minor` + `rounding_minor` = `cash_minor` + `card_minor`."""

    total_minor: int
    rounding_minor: int
    payable_minor: int
    cash_minor: int
    card_minor: int


def give_back(line: SoldLine, before: Decimal, quantity: Decimal, mode: RoundingMode) -> GivenBack:
    """Return what `quantity` of a line is worth when `before` of it has been given back already.

    Money given back for the first q of a line is its share, rounded; a part is the difference of two such sums. So
    it depends on nothing but the quantities, never exceeds the line, and the last part is exactly the remainder. Tax
    follows the money in the same way, by the line's own tax: no rate is looked up again. Raises InvalidQuantity for
    nothing, for more than three decimals and for more than is left; TypeError for floats.
    """
    require_mode(mode)
    for amount_minor in (line.net_minor, line.tax_minor):
        require_minor(amount_minor, "amount_minor")
    sold, start, part = (
        scale_decimal(value, QUANTITY_PLACES, "quantity", InvalidQuantity)
        for value in (line.quantity, before, quantity)
    )
    if part <= 0 or start < 0 or start + part > sold:
        raise InvalidQuantity("The quantity must be above 0 and at most what is left of the line.")
    gross = line.net_minor + line.tax_minor
    from_gross, to_gross = (divide_rounded(gross * end, sold, mode) for end in (start, start + part))
    tax = _tax_within(line, to_gross, mode) - _tax_within(line, from_gross, mode)
    return GivenBack(to_gross - from_gross - tax, tax)


def _tax_within(line: SoldLine, gross_minor: int, mode: RoundingMode) -> int:
    """Return the tax within a part of what the line cost: it grows no faster than the money, so no net is negative."""
    gross = line.net_minor + line.tax_minor
    return divide_rounded(line.tax_minor * gross_minor, gross, mode) if gross else 0


def to_pay_out(total_minor: int, left: Left, *, is_last: bool) -> int:
    """Return what goes back for goods of `total_minor`, before cash is rounded: never more than is left of the money.

    The last refund of a sale takes what is left, so that roundings of cash do not add up over the parts.
    """
    return left.payable_minor if is_last else min(total_minor, left.payable_minor)


def round_cash_back(amount_minor: int, most_minor: int, rounding: CashRounding | None) -> int:
    """Return what is handed out in cash for `amount_minor`: rounded as an amount due is (rule 8), but where that were
    more than `most_minor`, the coins below.
    """
    rounded = round_cash_due(amount_minor, rounding)
    if rounding is None or rounded <= most_minor:
        return rounded
    return amount_minor // rounding.increment_minor * rounding.increment_minor


def repay(
    total_minor: int,
    left: Left,
    tenders: Sequence[tuple[str, int]],
    rounding: CashRounding | None,
    *,
    is_last: bool,
) -> Repayment:
    """Pay a refund out by (kind, amount in minor units) tenders, which must be exactly what goes back.

    Onto cards goes no more than was paid by card; cash may take the place of a card. Raises TenderTooLow,
    TenderTooHigh, InvalidTender; TypeError for floats.
    """
    require_minor(total_minor, "total_minor")
    card, cash, has_cash = sum_tenders(tenders)
    due = to_pay_out(total_minor, left, is_last=is_last)
    if card > min(due, left.card_minor):
        raise TenderTooHigh(card - min(due, left.card_minor))
    rest = due - card
    asked = round_cash_back(rest, left.payable_minor - card, rounding) if has_cash else rest
    if cash > asked:
        raise TenderTooHigh(cash - asked)
    if cash < asked:
        raise TenderTooLow(asked - cash)
    payable = card + cash
    return Repayment(total_minor, payable - total_minor, payable, cash, card)
