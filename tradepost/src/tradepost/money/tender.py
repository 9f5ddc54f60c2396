"""Settlement of a total by tenders: cash rounding on the cash part only, change from cash only (rule 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.money.errors import InvalidAmount, InvalidTender, TenderTooHigh, TenderTooLow
from tradepost.money.exact import LARGEST_AMOUNT_MINOR, require_minor
from tradepost.money.rounding import CashRounding, round_cash_due, round_to_multiple

CASH = "cash"


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a total was paid, in minor units; receipts print `total_minor` and `payable_minor`.

    `payable_minor` = `total_minor` + `rounding_minor` = `non_cash_minor` + `cash_kept_minor`, and `cash_kept_minor`
    = `cash_tendered_minor` − `change_minor`. `cash_due_minor` is what was asked for in cash.
    """

    total_minor: int
    rounding_minor: int
    payable_minor: int
    non_cash_minor: int
    cash_due_minor: int
    cash_tendered_minor: int
    cash_kept_minor: int
    change_minor: int


def settle(total_minor: int, tenders: Sequence[tuple[str, int]], cash_rounding: CashRounding | None) -> Settlement:
    """Settle `total_minor` with (kind, amount in minor units) tenders; kind "cash" is cash, any other is exact.

    Cash is rounded only where cash is tendered; a cash tender of 0 says that a cash part which rounds to zero is
    paid in cash. Who pays exactly the rounded due gets no change; otherwise change is the exact difference, rounded
    with the change tie. Raises TenderTooLow, TenderTooHigh, InvalidTender, InvalidAmount; TypeError for floats.
    """
    require_minor(total_minor, "total_minor")
    if not 0 <= total_minor <= LARGEST_AMOUNT_MINOR:
        raise InvalidAmount("The total must be between 0 and 2 × 10^15 minor units.")
    non_cash, tendered, has_cash = sum_tenders(tenders)
    if non_cash > total_minor:
        raise TenderTooHigh(non_cash - total_minor)
    exact_due = total_minor - non_cash
    due = round_cash_due(exact_due, cash_rounding) if has_cash else exact_due
    if tendered < due:
        raise TenderTooLow(due - tendered)
    change = _change(exact_due, due, tendered, cash_rounding)
    kept = tendered - change
    return Settlement(
        total_minor=total_minor,
        rounding_minor=kept - exact_due,
        payable_minor=non_cash + kept,
        non_cash_minor=non_cash,
        cash_due_minor=due,
        cash_tendered_minor=tendered,
        cash_kept_minor=kept,
        change_minor=change,
    )


def _change(exact_due: int, due: int, tendered: int, rounding: CashRounding | None) -> int:
    if rounding is None or exact_due <= rounding.above_minor:
        return tendered - due
    if tendered == due:
        return 0
    change = round_to_multiple(tendered - exact_due, rounding.increment_minor, rounding.change_tie)
    # Small coins that are not multiples of the increment must not turn change into a demand or into a gift.
    return min(max(change, 0), tendered)


def sum_tenders(tenders: Sequence[tuple[str, int]]) -> tuple[int, int, bool]:
    """Return the sums of (kind, amount) tenders: other than cash, cash, and whether cash is among them.

    Raises InvalidTender; TypeError for floats.
    """
    non_cash, cash, has_cash = 0, 0, False
    for kind, amount_minor in tenders:
        require_minor(amount_minor, "amount_minor")
        if not kind:
            raise InvalidTender("A tender must say what kind it is.")
        if kind == CASH:
            cash, has_cash = cash + amount_minor, True
        else:
            non_cash += amount_minor
        if amount_minor < 0 or (amount_minor == 0 and kind != CASH):
            raise InvalidTender("A tender must be above zero.")
        if max(cash, non_cash) > LARGEST_AMOUNT_MINOR:
            raise InvalidTender("The amount paid is too large.")
    return non_cash, cash, has_cash
