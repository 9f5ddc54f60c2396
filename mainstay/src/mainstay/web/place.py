"""Place: which operation a request is for, found once and kept in its scope for everything that asks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import Scope

from mainstay.web.operation import Operation

_KEY = "mainstay.place"
# Path parameters whose value opens something, as a password does.
OPENING: Final = frozenset({"ticket", "token", "secret"})
MOST_PATH: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """The operation of a request with the values from its path; or the methods that its path has, or neither.

    `told` is what logs say in place of a path that opens something.
    """

    operation: Operation | None = None
    path_params: dict[str, Any] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    told: str | None = None

    @property
    def route(self) -> str | None:
        """The path with its parameters' names instead of their values, for logs and metrics."""
        return self.operation.path_format if self.operation is not None else None


NOWHERE = Place()


def place_of(scope: Scope) -> Place:
    """Return the place that was found for a request."""
    place: Place = scope.get(_KEY, NOWHERE)
    return place


def told_path(scope: Scope) -> str:
    """Return the path of a request as logs and traces may have it."""
    told = place_of(scope).told
    path: str = scope["path"] if told is None else told
    return path[:MOST_PATH]


def is_opening(parameters: Iterable[str]) -> bool:
    """Whether a path with `parameters` is nobody's but the caller's."""
    return not OPENING.isdisjoint(parameters)


def put_place(scope: Scope, place: Place) -> None:
    """Keep the place of a request."""
    scope[_KEY] = place
