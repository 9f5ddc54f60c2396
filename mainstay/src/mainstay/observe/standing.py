"""What the numbers of the program say about its requests: by route, and against what it promises."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mainstay.observe.counters import BOUNDS

# As the access log counts (`mainstay.web.access_log`).
REQUESTS: Final = "mainstay_requests_total"
SECONDS: Final = "mainstay_request_seconds"
# Of 1,000 requests one may fail, and of 100 answers five may begin later than this; `deploy/prometheus/objectives.yml`.
MAY_FAIL: Final = 0.001
MAY_BE_SLOW: Final = 0.05
QUICK: Final = 0.1
# Probes of load balancers are no requests of people.
PROBES: Final = "/health/"
_LABEL: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_BUCKET: Final = f"{SECONDS}_bucket"


@dataclass(slots=True)
class Route:
    """The requests of one route: how many, how many failed (5xx), and how many answers began until each bound."""

    method: str
    route: str
    requests: int = 0
    failed: int = 0
    until: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    @property
    def answered(self) -> int:
        """How many answers have begun: who went away before has none."""
        return self.until[-1]

    @property
    def slow(self) -> int:
        """How many answers began later than is promised."""
        return self.answered - self.until[BOUNDS.index(QUICK)]

    def quantile(self, share: float) -> tuple[float, float | None] | None:
        """Return between how many seconds the answer began that so large a share was not slower than; None without any.

        The bounds of a bucket, for nothing else is known: a number in between would be made up. Beyond the last bound
        there is no other.
        """
        if self.answered == 0:
            return None
        at = bisect_left(self.until, share * self.answered)
        return BOUNDS[at - 1] if at else 0.0, BOUNDS[at] if at < len(BOUNDS) else None


def routes_of(text: str) -> list[Route]:
    """Read numbers in Prometheus' form, and return the routes that people asked for."""
    found: dict[tuple[str, str], Route] = {}
    for name, labels, value in _series(text):
        if labels["route"].startswith(PROBES):
            continue
        key = labels["method"], labels["route"]
        route = found.setdefault(key, Route(*key))
        if name == REQUESTS:
            route.requests += value
            route.failed += value if labels["status"].startswith("5") else 0
        else:
            end = labels["le"]
            route.until[len(BOUNDS) if end == "+Inf" else BOUNDS.index(float(end))] = value
    return list(found.values())


def budget_left(missed: int, count: int, allowed: float) -> float:
    """Return how much of what may be missed is left: 1 is untouched, 0 used up, below that the promise is broken."""
    return 1.0 if count == 0 else 1 - missed / count / allowed


def burn(missed: int, count: int, allowed: float) -> float | None:
    """Return how fast the budget is used up: 1 leaves nothing at the end of its time; None when nothing came."""
    return None if count == 0 else missed / count / allowed


def _series(text: str) -> Iterator[tuple[str, dict[str, str], int]]:
    for line in text.split("\n"):
        name, brace, rest = line.partition("{")
        if brace and name in {REQUESTS, _BUCKET}:
            labels, _, value = rest.rpartition(" ")
            yield name, dict(_LABEL.findall(labels)), int(float(value))
