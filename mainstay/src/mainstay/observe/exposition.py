"""Numbers of several processes as one text in Prometheus' form: what is counted is summed, the rest is told by process.

It reads the text that each process tells rather than what it counts with, so that counting may be as quick as it likes.
"""

from collections.abc import Iterable
from typing import Final

GAUGE: Final = "gauge"
_Family = dict[str, float]


class Exposition:
    """Families of numbers: for each name its kind, and the values by the rest of its lines."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._families: dict[str, _Family] = {}

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Exposition":
        """Return the sum of what several processes counted; how things stood with them is left out."""
        made = cls()
        for text in texts:
            made.add(text, is_counted_only=True)
        return made

    def add(self, text: str, process: str | None = None, *, is_counted_only: bool = False) -> None:
        """Add what a process tells: its gauges with its name, unless it has none or they are left out."""
        family: _Family = {}
        kind = ""
        # Not by `splitlines`, which ends lines at what may stand in a label.
        for line in filter(None, text.split("\n")):
            if line.startswith("# TYPE "):
                name, _, kind = line[7:].partition(" ")
                if kind != GAUGE or not is_counted_only:
                    self._kinds[name] = kind
                    family = self._families.setdefault(name, {})
                continue
            series, _, value = line.rpartition(" ")
            if kind != GAUGE:
                family[series] = family.get(series, 0.0) + float(value)
            elif not is_counted_only:
                family[series if process is None else labelled(series, process)] = float(value)

    def text(self) -> str:
        """Return all numbers in Prometheus' text format 0.0.4."""
        lines: list[str] = []
        for name in sorted(self._families):
            lines.append(f"# TYPE {name} {self._kinds[name]}")
            lines += [f"{series} {value:.15g}" for series, value in self._families[name].items()]
        return "".join(f"{line}\n" for line in lines)


def labelled(series: str, process: str) -> str:
    """Return a series with the name of its process as a label."""
    name, brace, rest = series.partition("{")
    return f'{name}{{process="{process}"{"," + rest if brace else "}"}'
