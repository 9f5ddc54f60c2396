"""Every statement of the stock module."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import AwareDatetime

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, Parameters, Scope, both
from mainstay.work import Row, UnitOfWork
from tradepost.stock.errors import NotEnoughStock, UnknownItem
from tradepost.stock.schemas import MovementKind

# Raised by the SQL function stock_post; its DETAIL is the list of shortages as JSON.
NOT_ENOUGH = "TS001"

_LEVELS = (
    "SELECT variant_id, trim_scale(on_hand) AS on_hand FROM stock_level WHERE store_id = $1 AND variant_id = ANY ($2)"
)
MOVEMENTS = Grammar(
    """
SELECT
    id, kind, trim_scale(quantity) AS quantity, trim_scale(balance) AS balance, source_kind, source_id, note,
    actor_name, happened_at
FROM stock_movement WHERE {conditions} ORDER BY {order} LIMIT {limit}
""",
    # In the order in which they were booked, which the balances follow.
    both(id=Order(ending=(("id", "bigint"),))),
    "-id",
    {
        "kind": Filter(MovementKind, "kind", ("in",)),
        "happened_at": Filter(AwareDatetime, "happened_at", RANGE),
    },
)
_COUNT = "SELECT count(*) FROM stock_movement WHERE {conditions}"
_BOOKED = """
SELECT store_id, variant_id, trim_scale(quantity) AS quantity, note FROM stock_movement
WHERE source_kind = $1 AND source_id = $2
"""
# Whoever books the same document meanwhile waits until it is known what became of it.
_LOCK_DOCUMENT = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))"
_ALREADY_OPENED = "SELECT EXISTS (SELECT 1 FROM stock_movement WHERE source_kind = 'import' AND source_id = $1)"
_LEVELS_DIFFERING = """
SELECT store_id, variant_id FROM stock_level
FULL JOIN (
    SELECT store_id, variant_id, sum(quantity) AS total FROM stock_movement GROUP BY 1, 2
) AS ledger USING (store_id, variant_id)
WHERE on_hand IS DISTINCT FROM total
"""


async def levels(uow: UnitOfWork, store_id: UUID, variant_ids: Sequence[UUID]) -> list[Row]:
    """Return the levels of the variants that are kept in the store; none of one that the actor does not reach."""
    if not uow.actor.reach.has(store_id):
        return []
    return await uow.read(_LEVELS, store_id, list(variant_ids))


async def movements(
    uow: UnitOfWork, ledger: tuple[UUID, UUID], asked: Asked, cursor: str | None, size: int
) -> tuple[list[Row], str | None]:
    """Return a page of the rows that fit of a (store, variant)'s ledger, and the cursor of the next one.

    There are none of a store that the actor does not reach.
    """
    if not uow.actor.reach.has(ledger[0]):
        return [], None
    sql, values = MOVEMENTS.select(asked, cursor, size, ledger_of(*ledger))
    return MOVEMENTS.order(asked).page(await uow.read(sql, *values), size)


async def count_movements(uow: UnitOfWork, ledger: tuple[UUID, UUID], asked: Asked) -> int:
    """Return how many rows of a (store, variant)'s ledger fit that the actor reaches."""
    if not uow.actor.reach.has(ledger[0]):
        return 0
    parameters = Parameters()
    conditions = MOVEMENTS.conditions(asked, ledger_of(*ledger), parameters)
    return int(await uow.read_value(_COUNT.format(conditions=conditions), *parameters.values))


def ledger_of(store_id: UUID, variant_id: UUID) -> Scope:
    """Return the conditions of the ledger of a variant in a store."""
    return [("store_id = {}", store_id), ("variant_id = {}", variant_id)]


async def lock_document(uow: UnitOfWork, source_id: UUID) -> None:
    """Wait until nobody else is booking this document, and have others wait until this transaction ends."""
    await uow.write(_LOCK_DOCUMENT, source_id)


async def booked(uow: UnitOfWork, source_kind: str, source_id: UUID) -> list[Row]:
    """Return the ledger rows that a document has caused."""
    return await uow.read(_BOOKED, source_kind, source_id)


async def is_opened(uow: UnitOfWork, import_id: UUID) -> bool:
    """Say whether the import's opening stock has been booked."""
    return bool(await uow.read_value(_ALREADY_OPENED, import_id))


async def levels_differing(uow: UnitOfWork) -> list[Row]:
    """Return the items whose level is not the sum of their ledger rows: always none (rule 10)."""
    return await uow.read(_LEVELS_DIFFERING)


def demand_store(uow: UnitOfWork, store_id: UUID) -> None:
    """Raise UnknownItem for a store that the actor does not reach, as for one that there is not."""
    if not uow.actor.reach.has(store_id):
        raise UnknownItem("There is no such product or store.")


async def post(
    uow: UnitOfWork,
    document: Mapping[str, object],
    items: Sequence[tuple[UUID, Decimal]],
    happened_at: datetime,
) -> None:
    """Book `items` (variant, signed quantity) for a document; see `stock_post` in the migrations.

    Raises NotEnoughStock with the shortages, UnknownItem for a variant or store that does not exist, or that the actor
    does not reach.
    """
    demand_store(uow, UUID(str(document["store_id"])))
    posting: dict[str, Any] = {
        **document,
        "actor_id": str(uow.actor.id) if uow.actor.id else None,
        "actor_name": uow.actor.name,
        "happened_at": happened_at.isoformat(),
        "items": [{"variant_id": str(variant_id), "quantity": str(quantity)} for variant_id, quantity in items],
    }
    try:
        await uow.write("SELECT stock_post($1::jsonb)", json.dumps(posting, default=str))
    except asyncpg.ForeignKeyViolationError as failure:
        raise UnknownItem("There is no such product or store.") from failure
    except asyncpg.PostgresError as failure:
        if failure.sqlstate != NOT_ENOUGH:
            raise
        raise NotEnoughStock("There is not enough stock.", extra={"items": json.loads(failure.detail)}) from failure
