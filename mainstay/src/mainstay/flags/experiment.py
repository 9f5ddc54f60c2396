"""Experiment: variants of something, each unit in one of them for ever, and how many units it takes to know."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Final, Literal
from uuid import UUID

from mainstay.flags.flag import KEY, Said
from mainstay.flags.rules import share_of

ALPHA: Final = 0.05
POWER: Final = 0.8
# One alone has no variance.
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """What was expected before the first unit was seen: it fixes how many each variant needs.

    `measure` is a `share` of units (outcomes are 0 or 1) or a `mean` of outcomes, both around `baseline`, and a unit
    without an outcome counts as 0; `effect` is the smallest difference worth knowing of, `deviation` the standard
    deviation of a mean. An outcome counts within `window` of the exposure.
    """

    measure: Literal["share", "mean"]
    baseline: float
    effect: float
    window: timedelta = timedelta(days=7)
    deviation: float | None = None

    def __post_init__(self) -> None:
        if self.effect <= 0:
            raise ValueError("the effect worth knowing of must be above 0")
        if self.measure == "mean" and not self.deviation:
            raise ValueError("a mean needs the deviation that is expected")
        if self.measure == "share" and not (0 < self.baseline < 1 and self.baseline + self.effect < 1):
            raise ValueError("a share and the share with the effect must lie between 0 and 1")

    def size(self, comparisons: int = 1) -> int:
        """Return how many units each variant needs: two-sided, 5 % false alarms in all comparisons, power 80 %.

        Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., 4.14, without continuity.
        """
        normal = NormalDist()
        alarm, found = normal.inv_cdf(1 - ALPHA / comparisons / 2), normal.inv_cdf(POWER)
        if self.measure == "mean":
            return max(FEWEST, math.ceil(2 * ((alarm + found) * (self.deviation or 0.0) / self.effect) ** 2))
        first, second = self.baseline, self.baseline + self.effect
        middle = (first + second) / 2
        spread = alarm * math.sqrt(2 * middle * (1 - middle))
        spread += found * math.sqrt(first * (1 - first) + second * (1 - second))
        return max(FEWEST, math.ceil((spread / self.effect) ** 2))


@dataclass(frozen=True, slots=True)
class Experiment:
    """Variants, the first of which is how it was before; `percent` of the units take part, in equal shares.

    `unit` says whose id is assigned: the one who acts, or the place it happens at. Raises ValueError for fewer than two
    variants.
    """

    key: str
    says: Said
    variants: tuple[str, ...]
    plan: Plan
    unit: Literal["actor", "place"] = "actor"
    percent: int = 100

    def __post_init__(self) -> None:
        if KEY.fullmatch(self.key) is None:
            raise ValueError(f"the experiment {self.key} must be called module.what_it_is")
        if len(set(self.variants)) != len(self.variants) or len(self.variants) < 2:
            raise ValueError(f"the experiment {self.key} needs two variants or more, all different")

    @property
    def control(self) -> str:
        """The variant that the others are compared with."""
        return self.variants[0]

    @property
    def size(self) -> int:
        """How many units each variant needs."""
        return self.plan.size(len(self.variants) - 1)

    def variant_of(self, unit: UUID) -> str | None:
        """Return the variant of a unit, always the same; None for those who take no part.

        Who takes part is drawn apart from the variant: with more percent nobody changes theirs.
        """
        if share_of(f"{self.key}:part", unit) * 100 >= self.percent:
            return None
        return self.variants[int(share_of(self.key, unit) * len(self.variants))]


@dataclass(frozen=True, slots=True)
class Trial:
    """How far an experiment is: when it began and ended, and the variant that was kept then."""

    started_at: datetime
    ended_at: datetime | None = None
    kept: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether units are assigned."""
        return self.ended_at is None
