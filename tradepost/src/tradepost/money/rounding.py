"""Rounding to whole minor units, and to the smallest coin for the cash part of a payment (rules 3 and 8)."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from enum import StrEnum

from tradepost.money.errors import InvalidAmount, InvalidCashRounding
from tradepost.money.exact import LARGEST_AMOUNT_MINOR, require_finite, require_minor

LARGEST_INCREMENT_MINOR = 1_000_000


class RoundingMode(StrEnum):
    """Which neighbour is taken; "up" is away from zero and "down" towards zero, also for negative numbers."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    HALF_DOWN = "half_down"
    UP = "up"
    DOWN = "down"


# Bound once: looking a member up on its class costs more than the division.
_HALF_UP, _HALF_EVEN, _UP, _DOWN = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN
_DECIMAL_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.HALF_DOWN: ROUND_HALF_DOWN,
    RoundingMode.UP: ROUND_UP,
    RoundingMode.DOWN: ROUND_DOWN,
}


def require_mode(mode: object) -> None:
    """Raise TypeError for anything but a RoundingMode: plain text would fall through every comparison."""
    if not isinstance(mode, RoundingMode):
        raise TypeError(f"a rounding mode must be a RoundingMode, not {type(mode).__name__}")


def divide_rounded(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """Return `numerator` ÷ `denominator` (positive) rounded to a whole number."""
    quotient, remainder = divmod(abs(numerator), denominator)
    if remainder and _rounds_away(quotient, 2 * remainder - denominator, mode):
        quotient += 1
    return -quotient if numerator < 0 else quotient


def round_to_minor(amount: Decimal, mode: RoundingMode) -> int:
    """Return a fraction of minor units rounded to whole ones.

    Raises TypeError for floats, InvalidAmount for NaN, infinity, and above 2 × 10^15.
    """
    require_finite(amount, "amount", InvalidAmount)
    require_mode(mode)
    minor = int(amount.to_integral_value(_DECIMAL_MODES[mode]))
    if abs(minor) > LARGEST_AMOUNT_MINOR:
        raise InvalidAmount("The amount is too large.")
    return minor


@dataclass(frozen=True, slots=True)
class CashRounding:
    """How cash is rounded where the smallest coins are gone.

    `increment_minor` is the smallest coin in minor units. Exact halves are decided by `due_tie` when the amount due
    is rounded and by `change_tie` when change is; "up" and "down" round every remainder. Amounts due up to
    `above_minor` stay as they are (Belgium: 5 cents). Raises InvalidCashRounding outside 1 to 1,000,000.
    """

    increment_minor: int
    due_tie: RoundingMode
    change_tie: RoundingMode
    above_minor: int = 0

    def __post_init__(self) -> None:
        require_minor(self.increment_minor, "increment_minor")
        require_minor(self.above_minor, "above_minor")
        require_mode(self.due_tie)
        require_mode(self.change_tie)
        if not 1 <= self.increment_minor <= LARGEST_INCREMENT_MINOR:
            raise InvalidCashRounding("The smallest coin must be between 1 and 1,000,000 minor units.")
        if not 0 <= self.above_minor <= LARGEST_INCREMENT_MINOR:
            raise InvalidCashRounding("The threshold of cash rounding must be between 0 and 1,000,000 minor units.")


def round_cash_due(due_minor: int, rounding: CashRounding | None) -> int:
    """Return what is asked for in cash when `due_minor` (not negative) is left to pay."""
    require_minor(due_minor, "due_minor")
    if rounding is None or due_minor <= rounding.above_minor:
        return due_minor
    return round_to_multiple(due_minor, rounding.increment_minor, rounding.due_tie)


def round_to_multiple(amount_minor: int, increment_minor: int, mode: RoundingMode) -> int:
    """Return the multiple of `increment_minor` next to `amount_minor`."""
    return divide_rounded(amount_minor, increment_minor, mode) * increment_minor


def _rounds_away(quotient: int, above_half: int, mode: RoundingMode) -> bool:
    """Decide for a non-zero remainder; `above_half` is negative below the half and zero on it."""
    if mode is _UP or mode is _DOWN:
        return mode is _UP
    if above_half:
        return above_half > 0
    return mode is _HALF_UP or (mode is _HALF_EVEN and quotient % 2 == 1)
