"""Counting the round trips of a request."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager

# The fixture `statements`: its context yields a list that is filled with the statements inside the block.
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]
# Statements that come by chance: who asks is remembered for a second, and the driver learns the types of parameters
# once per connection, with just-in-time compilation off: whichever test comes first pays for it.
BY_CHANCE = ("identity_session", "typeinfo_tree", "'jit'")


def own(statements: Iterable[str]) -> list[str]:
    """Return the statements without those that come by chance."""
    return [statement for statement in statements if not any(part in statement for part in BY_CHANCE)]
