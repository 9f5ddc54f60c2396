"""How urgent a route is when there is more to do than can be done, and how a route says so.

A route that is more, or less, urgent than the rule takes it for says so under its own decorator: `@urgent(FIRST)`.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Final, TypeVar

from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute

from mainstay.web.limits.rates import UPLOAD, Limit, Unlimited

_NAME: Final = "mainstay_urgency"


class Urgency(IntEnum):
    """What is let in before what else."""

    FIRST = 0
    USUAL = 1
    LAST = 2

    @property
    def title(self) -> str:
        """Its name in numbers and logs."""
        return _TITLES[self]


# Asked for with each refusal, of which there may be thousands in a second.
_TITLES: Final = tuple(each.name.lower() for each in Urgency)
# Somebody stands at the till, or wants to be let in.
FIRST: Final = Urgency.FIRST
USUAL: Final = Urgency.USUAL
# Reports, files, and what programs fetch: it can wait for a quieter minute.
LAST: Final = Urgency.LAST

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def urgent(urgency: Urgency) -> Callable[[Endpoint], Endpoint]:
    """Say how urgent a route's function is."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__[_NAME] = urgency
        return endpoint

    return mark


def urgency_of(route: APIRoute, limit: Limit) -> Urgency | None:
    """Return how urgent `route` is: as it says, else LAST where files come or go; None: it is never refused."""
    if isinstance(limit.rate, Unlimited):
        return None
    stated = getattr(route.endpoint, "__dict__", {}).get(_NAME)
    if isinstance(stated, Urgency):
        return stated
    is_file = limit.rate is UPLOAD or not isinstance(route.response_class, DefaultPlaceholder)
    return LAST if is_file else USUAL
