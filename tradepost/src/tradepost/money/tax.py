"""Tax profile of a jurisdiction, and tax added to or carved out of amounts (rules 3, 4 and 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from tradepost.money.allocation import share
from tradepost.money.rounding import RoundingMode, divide_rounded, require_mode

RATE_PLACES = 4
WHOLE = 100 * 10**RATE_PLACES


class RoundingLevel(StrEnum):
    """Where tax is rounded: on every line, or once per tax group of the document."""

    LINE = "line"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """How a jurisdiction counts: stored on the document, because it must be computed again the same way later."""

    prices_include_tax: bool
    rounding_level: RoundingLevel
    rounding_mode: RoundingMode

    def __post_init__(self) -> None:
        require_mode(self.rounding_mode)
        if not isinstance(self.rounding_level, RoundingLevel):
            raise TypeError(f"rounding_level must be a RoundingLevel, not {type(self.rounding_level).__name__}")


class TaxTreatment(NamedTuple):
    """What lines must share to be taxed as one group; rates are percent × 10^RATE_PLACES, `parts` add up to `rate`."""

    rate: int
    parts: tuple[int, ...]
    category: str


@dataclass(frozen=True, slots=True)
class TaxPart:
    """One of the taxes inside a rate, e.g. the 9.975 of Quebec's 14.975 percent."""

    rate: Decimal
    tax_minor: int


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """Taxes of one (category, rate): `net_minor` + `tax_minor` = `gross_minor`; `parts` add up to the tax."""

    category: str
    rate: Decimal
    net_minor: int
    tax_minor: int
    gross_minor: int
    parts: tuple[TaxPart, ...]


def tax_amounts(amounts: Sequence[int], treatment: TaxTreatment, profile: TaxProfile) -> tuple[list[int], list[int]]:
    """Return the tax of each amount, and the sums of the tax by part of the rate, both in minor units.

    `amounts` are net or gross as the profile says. At document level the tax of the sum is apportioned to the
    amounts by largest remainder; at line level the sums follow from the lines. Both lists add up to the same tax.
    """
    if profile.rounding_level is RoundingLevel.DOCUMENT:
        parts = _tax_parts(sum(amounts), treatment, profile)
        return share(sum(parts), amounts), parts
    by_amount = [_tax_parts(amount, treatment, profile) for amount in amounts]
    return [sum(parts) for parts in by_amount], [sum(column) for column in zip(*by_amount, strict=True)]


def _tax_parts(amount_minor: int, treatment: TaxTreatment, profile: TaxProfile) -> list[int]:
    """Return the tax on one amount by part of the rate.

    On top of a net price each tax is rounded by itself, as its law says. Out of a gross price the whole tax is
    rounded once and then split: rounding each part could take out more than there is.
    """
    mode = profile.rounding_mode
    if not profile.prices_include_tax:
        return [divide_rounded(amount_minor * rate, WHOLE, mode) for rate in treatment.parts]
    whole = divide_rounded(amount_minor * treatment.rate, WHOLE + treatment.rate, mode)
    return [whole] if len(treatment.parts) == 1 else share(whole, treatment.parts)
