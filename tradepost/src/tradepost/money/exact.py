"""Exact decimals as whole numbers of a smaller unit; binary floats never get in (rule 1)."""

from decimal import Context, Decimal, Inexact
from functools import lru_cache

from tradepost.money.errors import MoneyError

# Twice the largest sum of line totals, since tax may double it; sums of two such amounts are exact in JavaScript too.
LARGEST_AMOUNT_MINOR = 2 * 10**15
LARGEST_EXPONENT = 15
# An own context, so that a caller's changed precision or traps cannot change a price.
_EXACT = Context(prec=64, traps=[Inexact])


def require_decimal(value: object, name: str) -> None:
    """Raise TypeError unless `value` is a Decimal: floats, ints and text are refused alike."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{name} must be a Decimal, not {type(value).__name__}")


def require_minor(value: object, name: str) -> None:
    """Raise TypeError unless `value` is a plain int of minor units: floats and booleans are refused."""
    if type(value) is not int:
        raise TypeError(f"{name} must be an int of minor units, not {type(value).__name__}")


def refuse_float(value: object) -> object:
    """Return `value` as it is. Raises ValueError for a float, which a JSON number with a point becomes on the way."""
    if isinstance(value, float):
        raise ValueError('send the number as text, such as "2.5"')  # noqa: TRY004  what validators expect
    return value


def scale_decimal(value: Decimal, places: int, name: str, refusal: type[MoneyError]) -> int:
    """Return `value` × 10^`places` as an int.

    Raises TypeError for anything but a Decimal and `refusal` for NaN, infinity, 10^16 and above, and for a value
    that needs more than `places` decimals (trailing zeros do not count).
    """
    require_finite(value, name, refusal)
    scaled = shift_exactly(value, places)
    if scaled is None:
        raise refusal(f"The {name} may have at most {places} decimals.")
    return scaled


def require_finite(value: Decimal, name: str, refusal: type[MoneyError]) -> None:
    """Raise TypeError for anything but a Decimal, `refusal` for NaN, infinity, and 10^16 and above."""
    require_decimal(value, name)
    if not value.is_finite():
        raise refusal(f"The {name} must be a number.")
    # Checked before any conversion: the int of 1E+999999999 would not fit into memory.
    if value.adjusted() > LARGEST_EXPONENT:
        raise refusal(f"The {name} is too large.")


def shift_exactly(value: Decimal, places: int) -> int | None:
    """Return `value` × 10^`places` as an int, or None when it is not a whole number. `value` must be finite."""
    try:
        return int(_EXACT.to_integral_exact(_EXACT.scaleb(value, places)))
    except Inexact:
        return None


@lru_cache(maxsize=1024)
def unscale(value: int, places: int) -> Decimal:
    """Return `value` (not negative) ÷ 10^`places` in plain notation without trailing zeros (210000, 4 → 21)."""
    whole, rest = divmod(value, 10**places)
    decimals = str(rest).rjust(places, "0").rstrip("0")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)
