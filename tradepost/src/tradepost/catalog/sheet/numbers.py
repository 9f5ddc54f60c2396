"""Numbers as people and spreadsheets write them: decimal points and commas, grouped digits, spaces of all kinds."""

import re
from decimal import Decimal

LARGEST_DIGITS = 12
# Signs that group thousands and can mean nothing else.
_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f'’ ]")
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d{1,30})?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d{1,30}(?:[.,]\d{1,30})?", re.ASCII)
_MIXED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d{1,30}", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,})", re.ASCII)


class NotANumber(ValueError):
    """The text is no number; the message says so."""


class ThreeDecimals(NotANumber):
    """The text has three decimals, or one group of thousands: nobody can tell."""


def parse_number(text: str, *, may_be_fine: bool = False) -> Decimal:
    """Return the number that a cell holds ("2,49", "1 234,50", "1,234.50", "12").

    `may_be_fine` says that three decimals are usual here; otherwise "1,234" is refused (ThreeDecimals). Raises
    NotANumber, also for NaN, infinity, and more than 12 digits before the decimals.
    """
    compact = _SPACES.sub(" ", text.strip())
    if _SPACED.fullmatch(compact):
        compact = compact.replace(" ", "").replace(",", ".")
    elif _PLAIN.fullmatch(compact):
        compact = compact.replace(",", ".")
        whole, _, decimals = compact.partition(".")
        if len(decimals) == 3 and not may_be_fine and whole.strip("+-0"):
            raise ThreeDecimals(f"“{text}” has three decimals; are they grouped thousands? Write it without grouping.")
    elif _MIXED.fullmatch(compact):
        last = max(compact.rfind("."), compact.rfind(","))
        compact = f"{_digits(compact[:last])}.{compact[last + 1 :]}"
    elif _GROUPED.fullmatch(compact):
        compact = _digits(compact)
    else:
        raise NotANumber(f"“{text[:40]}” is not a number.")
    value = Decimal(compact)
    if value.adjusted() >= LARGEST_DIGITS:
        raise NotANumber(f"“{text[:40]}” is too large.")
    return value


def _digits(text: str) -> str:
    return text.replace(".", "").replace(",", "")
