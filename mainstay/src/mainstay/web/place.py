"""Place: which operation a request is for, found once and kept in its scope for everything that asks."""

from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope

from mainstay.web.operation import Operation

_KEY = "mainstay.place"


@dataclass(frozen=True, slots=True)
class Place:
    """The operation of a request with the values from its path; or the methods that its path has, or neither."""

    operation: Operation | None = None
    path_params: dict[str, Any] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()

    @property
    def route(self) -> str | None:
        """The path with its parameters' names instead of their values, for logs and metrics."""
        return self.operation.path_format if self.operation is not None else None


NOWHERE = Place()


def place_of(scope: Scope) -> Place:
    """Return the place that was found for a request."""
    place: Place = scope.get(_KEY, NOWHERE)
    return place


def put_place(scope: Scope, place: Place) -> None:
    """Keep the place of a request."""
    scope[_KEY] = place
