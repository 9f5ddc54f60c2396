"""What an experiment says: nothing before its planned size is reached, then a difference with its interval.

Only the first units of each variant count, as many as were planned, with the outcomes of their windows: the answer is
looked at once, so to say, however often somebody looks. Looking again and again at figures that still grow would find a
winner where there is none (Armitage, McPherson, Rowe 1969: with five looks 14 % instead of 5 %).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Literal

from mainstay.flags.experiment import ALPHA, Experiment

# Shares this unlikely are no chance: something assigns or counts wrongly, and no figure can be believed.
UNEVEN: Final = 0.001
# The law of the test holds from a few units on (Cochran 1954: five expected); before, nothing is called uneven.
FEW: Final = 10
State = Literal["not_started", "not_yet", "uneven", "no_difference", "winner"]


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen of a variant: all units, and of those that count their number, sum, squares and open windows."""

    variant: str
    exposed: int
    counted: int = 0
    total: float = 0.0
    squares: float = 0.0
    open_windows: int = 0

    @property
    def mean(self) -> float:
        """The mean outcome, which is the share where outcomes are 0 and 1."""
        return self.total / self.counted

    @property
    def variance(self) -> float:
        """The variance of a single outcome, estimated without bias."""
        return max(0.0, (self.squares - self.total**2 / self.counted) / (self.counted - 1))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a variant differs from the first, with an interval that holds the truth 95 times of 100."""

    variant: str
    mean: float
    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether no difference lies outside of the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said now; differences are told at the end only, `evenness` is how likely shares like these are."""

    state: State
    seen: int
    size: int
    evenness: float | None = None
    winner: str | None = None
    differences: tuple[Difference, ...] = ()


def evaluate(experiment: Experiment, samples: Sequence[Sample]) -> Verdict:
    """Return what `samples`, one for each variant in order, say of an experiment that has begun."""
    size, seen = experiment.size, min(each.exposed for each in samples)
    evenness = evenness_of([each.exposed for each in samples])
    if evenness < UNEVEN:
        return Verdict("uneven", seen, size, evenness)
    if any(each.counted < size or each.open_windows for each in samples):
        return Verdict("not_yet", seen, size, evenness)
    control, *others = samples
    level = 1 - ALPHA / len(others) / 2
    differences = tuple(compare(control, each, level) for each in others)
    clear = [each for each in differences if each.is_clear]
    if not clear:
        return Verdict("no_difference", seen, size, evenness, None, differences)
    best = max(clear, key=lambda each: each.difference)
    winner = best.variant if best.difference > 0 else control.variant
    return Verdict("winner", seen, size, evenness, winner, differences)


def compare(control: Sample, other: Sample, level: float) -> Difference:
    """Return the difference of two means with its interval (Welch; with hundreds of units the normal law is enough)."""
    error = math.sqrt(control.variance / control.counted + other.variance / other.counted)
    reach = NormalDist().inv_cdf(level) * error
    difference = other.mean - control.mean
    return Difference(other.variant, other.mean, difference, difference - reach, difference + reach)


def evenness_of(counts: Sequence[int]) -> float:
    """Return how likely counts as uneven as these are when all shares are equal (chi-square test)."""
    total = sum(counts)
    expected = total / len(counts)
    if expected < FEW:
        return 1.0
    return chi_square_tail(sum((each - expected) ** 2 / expected for each in counts), len(counts) - 1)


def chi_square_tail(value: float, freedom: int) -> float:
    """Return how likely a chi-square of `freedom` degrees is above `value` (Abramowitz, Stegun 26.4.4 and 26.4.5)."""
    half = value / 2
    if freedom % 2 == 0:
        term, total = 1.0, 1.0
        for index in range(1, freedom // 2):
            term *= half / index
            total += term
        return math.exp(-half) * total
    tail, term = math.erfc(math.sqrt(half)), math.sqrt(half) * math.exp(-half) / math.gamma(1.5)
    for index in range(1, (freedom + 1) // 2):
        tail += term
        term *= half / (index + 0.5)
    return tail
