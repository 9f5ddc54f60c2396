"""Whose contacts and cards the actor reaches: the one place that decides it.

A contact belongs to a person or to the house, a card to who sent its picture. Those limited to their own or to their
team's reach nothing of the house. Why so: docs/decisions/0033-limits-of-rights.md.
"""

from uuid import UUID

from mainstay.work import Actor
from tradepost.crm.permissions import CONTACTS

# No contact is theirs.
NOBODY = UUID(int=0)


def owners(actor: Actor) -> tuple[UUID, ...] | None:
    """Return whose contacts and cards alone the actor reaches; None when everybody's and the house's."""
    extent = actor.reach.extent(CONTACTS)
    if extent == "own":
        return (actor.id or NOBODY,)
    if extent == "team" and actor.reach.mates is not None:
        return tuple(sorted(actor.reach.mates))
    return None


def reaches(actor: Actor, owner_id: UUID | None) -> bool:
    """Whether the actor reaches what belongs to somebody, or to the house (None)."""
    whose = owners(actor)
    return whose is None or owner_id in whose


def belongs_to(column: str, whose: tuple[UUID, ...] | None, at: int) -> tuple[str, list[object]]:
    """Return a condition that an owner is one of `whose`, with its parameter, the `at`-th; for None there is neither.

    So those who are not limited run the statements that they would without limits, with their plans. One owner alone
    is compared as such: then an index that begins with the owner gives what follows in order.
    """
    if whose is None:
        return "", []
    if len(whose) == 1:
        return f"AND {column} = ${at}", [whose[0]]
    return f"AND {column} = ANY (${at}::uuid[])", [list(whose)]


def new_owner(actor: Actor) -> UUID | None:
    """Return whose is what the actor makes: theirs, and the house's where no person acts."""
    return actor.id if actor.kind == "person" else None
