"""Numbers of several processes as one text in Prometheus' form: what is counted is summed, the rest is told by process.

It reads the text that each process tells rather than what it counts with, so that counting may be as quick as it likes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

GAUGE: Final = "gauge"
COUNTED: Final = "_total"
# An exemplar as `Counters` writes it; its quotes are none that a label's value could hold.
_MARKED: Final = re.compile(r'(.+) # (\{trace_id="[0-9a-f]+"\} \S+ (\S+))')
_Family = dict[str, float]


class Exposition:
    """Families of numbers: for each name its kind, and the values by the rest of its lines.

    Of each series the newest exemplar is kept, whichever process told it.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._families: dict[str, _Family] = {}
        self._exemplars: dict[str, tuple[float, str]] = {}

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
            marked = _MARKED.fullmatch(line) if " # {" in line else None
            series, _, value = (line if marked is None else marked[1]).rpartition(" ")
            if marked is not None:
                self._exemplars[series] = max(self._exemplars.get(series, (0.0, "")), (float(marked[3]), marked[2]))
            if kind != GAUGE:
                family[series] = family.get(series, 0.0) + float(value)
            elif not is_counted_only:
                family[series if process is None else labelled(series, process)] = float(value)

    def text(self, *, has_exemplars: bool = False) -> str:
        """Return all numbers in Prometheus' text format 0.0.4, which has no exemplars unless they are asked for."""
        lines: list[str] = []
        for name in sorted(self._families):
            lines.append(f"# TYPE {name} {self._kinds[name]}")
            lines += self._lines(name, has_exemplars=has_exemplars)
        return "".join(f"{line}\n" for line in lines)

    def open_text(self) -> str:
        """Return all numbers, with exemplars, in the text format of OpenMetrics 1.0.

        What is counted has its family's name without `_total` there.
        """
        lines: list[str] = []
        for name in sorted(self._families, key=lambda each: each.removesuffix(COUNTED)):
            lines.append(f"# TYPE {name.removesuffix(COUNTED)} {self._kinds[name]}")
            lines += self._lines(name, has_exemplars=True)
        return "".join(f"{line}\n" for line in (*lines, "# EOF"))

    def _lines(self, name: str, *, has_exemplars: bool) -> Iterator[str]:
        for series, value in self._families[name].items():
            exemplar = self._exemplars.get(series) if has_exemplars else None
            yield f"{series} {value:.15g}" if exemplar is None else f"{series} {value:.15g} # {exemplar[1]}"


def labelled(series: str, process: str) -> str:
    """Return a series with the name of its process as a label."""
    name, brace, rest = series.partition("{")
    return f'{name}{{process="{process}"{"," + rest if brace else "}"}'
