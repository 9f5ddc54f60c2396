"""Loads in turns: what is compared runs side by side in each round, so that one run's ratio does not depend on luck."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.load import Figures
from benchmarks.usage import Usage, measured


@dataclass(frozen=True, slots=True)
class Load:
    """A load: what makes it for so many seconds, and what finds the processes that answer it, by group."""

    run: Callable[[int], Figures]
    groups: Callable[[], Mapping[str, Sequence[psutil.Process]]]


@dataclass(slots=True)
class Rounds:
    """What loads reached in each round."""

    figures: dict[str, list[Figures]] = field(default_factory=dict)
    usage: dict[str, Usage] = field(default_factory=dict)

    def play(self, loads: Mapping[str, Load], rounds: int, seconds: int) -> None:
        """Run each of `loads` once a round, for about `seconds` in all, after a short time to get warm."""
        each = max(2, seconds // rounds)
        for load in loads.values():
            load.run(1)
        for _ in range(rounds):
            for name, load in loads.items():
                with measured(load.groups()) as usage:
                    self.figures.setdefault(name, []).append(load.run(each))
                self.usage.setdefault(name, Usage()).add(usage)

    def summary(self, name: str) -> dict[str, object]:
        """Return a load's rate and latencies (the middle one of all rounds), and processor time a request."""
        figures = self.figures[name]
        requests = sum(one.requests for one in figures)
        usage = self.usage[name]
        return {
            "rate": round(statistics.median(one.rate for one in figures), 1),
            "rates": [round(one.rate, 1) for one in figures],
            **{key: _middle(figures, key) for key in ("p50_ms", "p95_ms", "p99_ms")},
            "requests": requests,
            "errors": sum(one.errors for one in figures),
            "processor microseconds a request": usage.microseconds(requests),
            "processors busy elsewhere": round(usage.elsewhere / usage.elapsed, 2),
        }

    def ratios(self, over: str, under: str) -> list[float]:
        """Return the ratio of two loads' rates in each round."""
        return [
            round(one.rate / other.rate, 3) for one, other in zip(self.figures[over], self.figures[under], strict=True)
        ]


def _middle(figures: Sequence[Figures], key: str) -> float:
    return round(statistics.median(one.as_dict()[key] for one in figures), 2)
