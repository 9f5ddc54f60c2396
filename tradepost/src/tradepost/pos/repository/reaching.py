"""What the actor reaches of what is sold: rows of their stores, and of others' sales all or none."""

from uuid import UUID

from mainstay.db.grammar import Scope
from mainstay.work import Actor, Row, UnitOfWork
from tradepost.pos.permissions import SALES

# No sale is theirs.
NOBODY = UUID(int=0)


def owned_by(actor: Actor) -> UUID | None:
    """Return whose sales alone the actor reaches: their own, or None when everybody's in their stores."""
    if actor.reach.extent(SALES) != "own":
        return None
    return actor.id or NOBODY


def reached_by(actor: Actor) -> Scope:
    """Return the conditions of the sales, or the refunds, that the actor reaches."""
    places = actor.reach.places
    asked: Scope = [
        ("store_id = ANY ({}::uuid[])", None if places is None else list(places)),
        ("cashier_id = {}", owned_by(actor)),
    ]
    return [(condition, value) for condition, value in asked if value is not None]


def reached(uow: UnitOfWork, row: Row | None) -> Row | None:
    """Return a row with a `store_id`, if the actor reaches that store."""
    return row if row is not None and uow.actor.reach.has(row["store_id"]) else None
