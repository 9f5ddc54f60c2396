"""Which answers nobody may keep: a route says so under its own decorator, `@unkept`."""

from collections.abc import Callable
from typing import TypeVar

_NAME = "mainstay_unkept"

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def unkept(endpoint: Endpoint) -> Endpoint:
    """Mark a route that reads secrets, such as the token against forged writes.

    Its answers are stored by nobody (`no-store`), have no entity tag, and are sent uncompressed: the size of a
    compressed answer tells of what is in it to whoever can have a part of it repeated (BREACH, 2013).
    """
    endpoint.__dict__[_NAME] = True
    return endpoint


def is_unkept(endpoint: Callable[..., object] | None) -> bool:
    """Whether a route's function is marked so."""
    return bool(getattr(endpoint, "__dict__", {}).get(_NAME))
