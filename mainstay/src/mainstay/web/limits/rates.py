"""Classes of routes by how often one caller may ask, and how a route says which is its own.

A route that is more, or less, than the rule takes it for says so under its own decorator: `@limited(SIGN_IN)`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal, TypeVar

from fastapi.routing import APIRoute

RateName = Literal["sign_in", "sign_in_address", "upload", "api", "read", "busy"]

# Whoever takes more than this (bytes) takes files.
LARGE_BODY = 1024 * 1024
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_JSON = "application/json"
_NAME = "mainstay_limit"


@dataclass(frozen=True, slots=True)
class Rate:
    """A class of routes with one allowance a minute for each caller; the settings have its size."""

    name: RateName
    meaning: str


@dataclass(frozen=True, slots=True)
class Unlimited:
    """The route may be asked as often as anybody likes, for this `reason`."""

    reason: str


SIGN_IN = Rate("sign_in", "attempts to sign in as somebody, from one address")
# No route has this class: whoever tries one account after the other meets it.
SIGN_IN_ADDRESS = Rate("sign_in_address", "attempts to sign in as anybody, from one address")
UPLOAD = Rate("upload", "files sent")
API = Rate("api", "writes")
READ = Rate("read", "reads")
BUSY = Rate("busy", "writes that a device makes by the second")
RATES = (SIGN_IN, SIGN_IN_ADDRESS, UPLOAD, API, READ, BUSY)


@dataclass(frozen=True, slots=True)
class Limit:
    """What limits a route.

    `named_by` is the field of the body that says who wants to be let in; an answer with a status of `free_on` costs
    that somebody nothing.
    """

    rate: Rate | Unlimited
    named_by: str | None = None
    free_on: frozenset[int] = frozenset()


Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def limited(
    rate: Rate | Unlimited, *, named_by: str | None = None, free_on: Collection[int] = ()
) -> Callable[[Endpoint], Endpoint]:
    """Give a route's function its class; see `Limit`."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__[_NAME] = Limit(rate, named_by, frozenset(free_on))
        return endpoint

    return mark


def limit_of(route: APIRoute, max_body_size: int | None) -> Limit:
    """Return what limits `route`: as it says, or else by what it does: take files, read, or write."""
    stated = getattr(route.endpoint, "__dict__", {}).get(_NAME)
    if isinstance(stated, Limit):
        return stated
    if (max_body_size or 0) > LARGE_BODY or _takes_other_than_json(route):
        return Limit(UPLOAD)
    return Limit(READ if (route.methods or set()) <= _READS else API)


def _takes_other_than_json(route: APIRoute) -> bool:
    content = (route.openapi_extra or {}).get("requestBody", {}).get("content", {})
    return bool(set(content) - {_JSON})
