"""Every statement of the stock module."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from mainstay.work import Row, UnitOfWork
from tradepost.stock.errors import NotEnoughStock, UnknownItem

# Raised by the SQL function stock_post; its DETAIL is the list of shortages as JSON.
NOT_ENOUGH = "TS001"

_LEVELS = (
    "SELECT variant_id, trim_scale(on_hand) AS on_hand FROM stock_level WHERE store_id = $1 AND variant_id = ANY ($2)"
)
_MOVEMENTS = """
SELECT
    id, kind, trim_scale(quantity) AS quantity, trim_scale(balance) AS balance, source_kind, source_id, note,
    actor_name, happened_at
FROM stock_movement
WHERE store_id = $1 AND variant_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4
"""
_COUNT = "SELECT count(*) FROM stock_movement WHERE store_id = $1 AND variant_id = $2"
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


async def movements(uow: UnitOfWork, store_id: UUID, variant_id: UUID, before: int, limit: int) -> list[Row]:
    """Return ledger rows older than row `before`, newest first; none of a store that the actor does not reach."""
    if not uow.actor.reach.has(store_id):
        return []
    return await uow.read(_MOVEMENTS, store_id, variant_id, before, limit)


async def count_movements(uow: UnitOfWork, store_id: UUID, variant_id: UUID) -> int:
    """Return how many ledger rows there are that the actor reaches."""
    if not uow.actor.reach.has(store_id):
        return 0
    return int(await uow.read_value(_COUNT, store_id, variant_id))


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
