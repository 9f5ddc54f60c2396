"""Counters: what has happened in this process how often, in the text form that Prometheus reads."""

from collections import defaultdict

_Labels = tuple[tuple[str, str], ...]


class Counters:
    """Numbers by name and labels. A name that ends in `_total` only grows; any other says how things stand."""

    def __init__(self) -> None:
        self._values: dict[str, dict[_Labels, float]] = defaultdict(dict)

    def add(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count something."""
        values, key = self._values[name], tuple(sorted(labels.items()))
        values[key] = values.get(key, 0) + amount

    def set(self, name: str, value: float, **labels: str) -> None:
        """Say how something stands."""
        self._values[name][tuple(sorted(labels.items()))] = value

    def forget(self, name: str, **labels: str) -> None:
        """Say no more how something stands that is gone."""
        self._values[name].pop(tuple(sorted(labels.items())), None)

    def value(self, name: str, **labels: str) -> float:
        """Return a number, 0 when nothing has been counted."""
        return self._values.get(name, {}).get(tuple(sorted(labels.items())), 0)

    def text(self) -> str:
        """Return all numbers in Prometheus' text format 0.0.4."""
        lines: list[str] = []
        for name in sorted(self._values):
            lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
            lines += [f"{name}{_braced(labels)} {value:.15g}" for labels, value in sorted(self._values[name].items())]
        return "".join(f"{line}\n" for line in lines)


def _braced(labels: _Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
