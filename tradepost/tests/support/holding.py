"""Asks a module's invariants inside of a test's transaction."""

from collections.abc import Iterable

from mainstay.db.invariants import Check, Figure, Invariant
from mainstay.work import UnitOfWork


async def broken(uow: UnitOfWork, checks: Iterable[Check]) -> dict[str, list[str]]:
    """Return what breaks which of the invariants."""
    found = {}
    for check in checks:
        if isinstance(check, Invariant):
            rows = await uow.read(f"SELECT name::text FROM ({check.broken}) AS broken (name) ORDER BY 1")
            found[check.name] = [row["name"] for row in rows]
    return {name: names for name, names in found.items() if names}


async def figure(uow: UnitOfWork, check: Figure) -> str:
    """Return a figure as it is now."""
    row = await uow.read_row(f"SELECT ({check.value})::text AS value")
    assert row is not None
    return str(row["value"])
