"""Counters: what has happened in this process how often, in the text form that Prometheus reads."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

_Labels = tuple[tuple[str, str], ...]
# The id of a trace, and when what it tells of began, in seconds since 1970.
Traced = tuple[str, float]


# Where the histograms' buckets end, in seconds: from what no one notices to what nobody waits for.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Histogram:
    """How many values fell into each bucket, and their sum; and of each bucket the newest value that has a trace."""

    counts: list[int]
    total: float = 0.0
    exemplars: dict[int, tuple[Traced, float]] = field(default_factory=dict)

    def take(self, value: float, traced: Traced | None = None) -> None:
        """Take a value, and where it comes from, if that was recorded."""
        place = bisect_left(BOUNDS, value)
        self.counts[place] += 1
        self.total += value
        if traced is not None:
            self.exemplars[place] = traced, value

    def lines(self, name: str, labels: _Labels, *, has_exemplars: bool) -> Iterator[str]:
        """Yield the lines of the histogram; each bucket counts those below it too."""
        below = 0
        for place, (bound, count) in enumerate(zip((*map(str, BOUNDS), "+Inf"), self.counts, strict=True)):
            below += count
            line = f"{name}_bucket{_braced(tuple(sorted((*labels, ('le', bound)))))} {below}"
            exemplar = self.exemplars.get(place) if has_exemplars else None
            yield line if exemplar is None else f"{line} {_marked(*exemplar)}"
        yield f"{name}_sum{_braced(labels)} {self.total:.15g}"
        yield f"{name}_count{_braced(labels)} {below}"


@dataclass(slots=True, frozen=True)
class Counter:
    """One number of `Counters` that only grows, found once: for what is counted with each request."""

    _values: dict[_Labels, float]
    _labels: _Labels

    def add(self, amount: float = 1) -> None:
        """Count something."""
        self._values[self._labels] = self._values.get(self._labels, 0) + amount


class Counters:
    """Numbers by name and labels. A name that ends in `_total` only grows; any other says how things stand."""

    def __init__(self) -> None:
        self._values: dict[str, dict[_Labels, float]] = defaultdict(dict)
        self._spread: dict[str, dict[_Labels, Histogram]] = defaultdict(dict)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count something."""
        self.counter(name, **labels).add(amount)

    def counter(self, name: str, **labels: str) -> Counter:
        """Return the number of this name and these labels; it is none of those that are told until it has counted."""
        return Counter(self._values[name], tuple(sorted(labels.items())))

    def set(self, name: str, value: float, **labels: str) -> None:
        """Say how something stands."""
        self._values[name][tuple(sorted(labels.items()))] = value

    def forget(self, name: str, **labels: str) -> None:
        """Say no more how something stands that is gone."""
        self._values[name].pop(tuple(sorted(labels.items())), None)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Take a value, such as the seconds of a request, into the histogram of this name."""
        self.histogram(name, **labels).take(value)

    def histogram(self, name: str, **labels: str) -> Histogram:
        """Return the histogram of this name and these labels; it is told from now on."""
        spreads, key = self._spread[name], tuple(sorted(labels.items()))
        spread = spreads.get(key)
        if spread is None:
            spread = spreads[key] = Histogram([0] * (len(BOUNDS) + 1))
        return spread

    def value(self, name: str, **labels: str) -> float:
        """Return a number, 0 when nothing has been counted."""
        return self._values.get(name, {}).get(tuple(sorted(labels.items())), 0)

    def values(self, name: str) -> Iterator[tuple[dict[str, str], float]]:
        """Yield the numbers of a name, each with its labels."""
        return ((dict(labels), value) for labels, value in list(self._values.get(name, {}).items()))

    def spreads(self, name: str) -> Iterator[tuple[dict[str, str], Histogram]]:
        """Yield the histograms of a name, each with its labels."""
        return ((dict(labels), spread) for labels, spread in list(self._spread.get(name, {}).items()))

    def text(self, *, has_exemplars: bool = False) -> str:
        """Return all numbers in Prometheus' text format 0.0.4, which has no exemplars unless they are asked for."""
        lines: list[str] = []
        for name in sorted(self._values):
            lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
            lines += [f"{name}{_braced(labels)} {value:.15g}" for labels, value in sorted(self._values[name].items())]
        for name in sorted(self._spread):
            lines.append(f"# TYPE {name} histogram")
            for labels, spread in sorted(self._spread[name].items(), key=lambda each: each[0]):
                lines += spread.lines(name, labels, has_exemplars=has_exemplars)
        return "".join(f"{line}\n" for line in lines)


def _marked(traced: Traced, value: float) -> str:
    """Return an exemplar as OpenMetrics writes it."""
    trace_id, at = traced
    return f'# {{trace_id="{trace_id}"}} {value:.9g} {at:.3f}'


def _braced(labels: _Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
