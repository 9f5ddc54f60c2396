"""Discounts in percent or as an amount; a discount never makes anything negative (rules 6 and 7)."""

from dataclasses import dataclass
from decimal import Decimal

from tradepost.money.errors import InvalidDiscount
from tradepost.money.exact import require_decimal, require_minor, scale_decimal
from tradepost.money.rounding import RoundingMode, divide_rounded

PERCENT_PLACES = 4
_ALL = 100 * 10**PERCENT_PLACES


@dataclass(frozen=True, slots=True)
class Discount:
    """Either `percent` (0 to 100, up to 4 decimals) or `amount_minor`; never both, never neither.

    Raises TypeError for floats and InvalidDiscount when not exactly one is given.
    """

    percent: Decimal | None = None
    amount_minor: int | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount_minor is None):
            raise InvalidDiscount("A discount is either a percentage or an amount.")
        if self.percent is not None:
            require_decimal(self.percent, "percent")
        if self.amount_minor is not None:
            require_minor(self.amount_minor, "amount_minor")


@dataclass(frozen=True, slots=True)
class LineDiscount(Discount):
    """A discount on one line, taken from its list price."""


@dataclass(frozen=True, slots=True)
class TicketDiscount(Discount):
    """A discount on the whole ticket, taken after the line discounts and apportioned to the lines."""


def take_discount(discount: Discount | None, base_minor: int, mode: RoundingMode) -> int:
    """Return the discount on `base_minor` in minor units, between 0 and `base_minor`. Raises InvalidDiscount."""
    if discount is None:
        return 0
    if discount.percent is not None:
        scaled = scale_decimal(discount.percent, PERCENT_PLACES, "discount percentage", InvalidDiscount)
        if not 0 <= scaled <= _ALL:
            raise InvalidDiscount("A discount must be between 0 and 100 percent.")
        return divide_rounded(base_minor * scaled, _ALL, mode)
    amount_minor = discount.amount_minor or 0
    if amount_minor < 0:
        raise InvalidDiscount("A discount must not be negative.")
    if amount_minor > base_minor:
        raise InvalidDiscount("A discount must not be larger than what it is taken from.")
    return amount_minor
