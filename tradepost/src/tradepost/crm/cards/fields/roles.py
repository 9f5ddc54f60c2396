"""Decides what each line without contact data is: a small trained network, then the best reading of the whole card."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from tradepost.crm.cards.fields.features import Surroundings, features_of, neighbour
from tradepost.crm.cards.fields.segments import Segment

ROLES: Final = ("name", "title", "department", "company", "address", "other")
OTHER: Final = ROLES.index("other")
ADDRESS: Final = ROLES.index("address")
BEAM: Final = 300
# What a card loses (natural logarithm) by having no such line.
MISSING: Final = {"name": 3.0, "title": 0.6, "department": 0.0, "company": 1.2}
# What a second line of the same role costs, next to the first or apart from it.
WRAPPED: Final = 0.3
APART: Final = 6.0
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """Layers of weights with a rectifier between them; the input is brought to mean 0 and deviation 1 first."""

    mean: Floats
    deviation: Floats
    layers: tuple[tuple[Floats, Floats], ...]

    def probabilities(self, rows: Floats) -> Floats:
        """Return a row of probabilities for each row of features."""
        value = (rows - self.mean) / self.deviation
        for at, (weights, bias) in enumerate(self.layers):
            value = value @ weights + bias
            if at < len(self.layers) - 1:
                value = np.maximum(value, 0)
        value = np.exp(value - value.max(axis=1, keepdims=True))
        return np.asarray(value / value.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Role:
    """What a line is, and how sure that is, 0 to 1."""

    name: str
    confidence: float


@cache
def network() -> Network:
    """Return the trained network of this release; `benchmarks.train_roles` makes the file."""
    with files(__package__).joinpath("roles.npz").open("rb") as file, np.load(file) as data:
        count = sum(name.startswith("weights") for name in data)
        layers = [
            (data[f"weights{at}"].astype(np.float32), data[f"bias{at}"].astype(np.float32)) for at in range(count)
        ]
        return Network(data["mean"], data["deviation"], tuple(layers))


def roles_of(segments: Sequence[Segment], around: Surroundings) -> list[Role]:
    """Return the role of each line; a card has at most one name, title, department and company."""
    if not segments:
        return []
    probabilities = network().probabilities(features_of(segments, around))
    best = _best(np.log(np.maximum(probabilities, 1e-6)), _next_to(segments))
    return [Role(ROLES[role], float(probabilities[at, role])) for at, role in enumerate(best)]


def _next_to(segments: Sequence[Segment]) -> list[set[int]]:
    """Return for each line those that it may continue: next to it in its column, of about the same height."""
    found: list[set[int]] = [set() for _ in segments]
    for at, one in enumerate(segments):
        other = neighbour(at, segments, above=False)
        if other is not None and 0.6 < segments[other].height / max(one.height, 1) < 1.6:
            found[at].add(other)
            found[other].add(at)
    return found


def _best(logs: Floats, adjacent: Sequence[set[int]]) -> tuple[int, ...]:
    """Search the roles with the highest sum of logarithms under the limits of a card."""
    beam: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for at in range(len(logs)):
        grown = [
            (score + float(logs[at, role]) - _cost(taken, at, role, adjacent), (*taken, role))
            for score, taken in beam
            for role in range(len(ROLES))
        ]
        beam = sorted(grown, reverse=True)[:BEAM]
    return max(beam, key=lambda one: one[0] - _missing(one[1]))[1]


def _cost(taken: tuple[int, ...], at: int, role: int, adjacent: Sequence[set[int]]) -> float:
    if role in {OTHER, ADDRESS}:
        return 0.0
    same = [number for number, other in enumerate(taken) if other == role]
    if not same:
        return 0.0
    return WRAPPED * len(same) if any(number in adjacent[at] for number in same) else APART


def _missing(taken: tuple[int, ...]) -> float:
    return math.fsum(cost for name, cost in MISSING.items() if ROLES.index(name) not in taken)
