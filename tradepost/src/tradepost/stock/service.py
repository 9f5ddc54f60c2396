"""The rules of stock: it moves only through ledger rows, and every row names its document."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from mainstay import clock
from mainstay.db.grammar import Asked
from mainstay.messages.audit import Entry
from mainstay.work import UnitOfWork
from tradepost.catalog import api as catalog
from tradepost.stock import repository
from tradepost.stock.errors import AdjustmentReused
from tradepost.stock.events import StockAdjusted, StockOpened
from tradepost.stock.schemas import AdjustmentIn, MovementOut, MovementsOut


async def open_from_import(uow: UnitOfWork, import_id: UUID, store_id: UUID) -> None:
    """Book the quantities that an import brought as opening stock of the store; safe to repeat.

    Only items that were never counted there are opened: a later file does not overwrite a living ledger.
    """
    await repository.lock_document(uow, import_id)
    if await repository.is_opened(uow, import_id):
        return
    quantities = await catalog.imported_quantities(uow, import_id)
    kept = {row["variant_id"] for row in await repository.levels(uow, store_id, list(quantities))}
    fresh = [(variant, quantity) for variant, quantity in sorted(quantities.items()) if variant not in kept]
    if not fresh:
        return
    document = {
        "store_id": str(store_id),
        "kind": "opening",
        "source_kind": "import",
        "source_id": str(import_id),
        "negative": "refuse",
        "starts_keeping": True,
    }
    await repository.post(uow, document, fresh, clock.now())
    uow.publish(StockOpened(store_id=store_id, import_id=import_id, variants=len(fresh)))


async def adjust(uow: UnitOfWork, adjustment: AdjustmentIn) -> None:
    """Correct what is on hand; the same id with the same content changes nothing the second time.

    Raises NotEnoughStock, UnknownItem, AdjustmentReused.
    """
    wanted = (adjustment.store_id, adjustment.variant_id, adjustment.quantity, adjustment.note)
    repository.demand_store(uow, adjustment.store_id)
    await repository.lock_document(uow, adjustment.id)
    known = await repository.booked(uow, "adjustment", adjustment.id)
    if known:
        if tuple(known[0].values()) != wanted:
            raise AdjustmentReused("This adjustment was booked before with other content; nothing was changed.")
        return
    document = {
        "store_id": adjustment.store_id,
        "kind": "adjustment",
        "source_kind": "adjustment",
        "source_id": adjustment.id,
        "note": adjustment.note,
        "negative": "refuse",
        "starts_keeping": True,
    }
    await repository.post(uow, document, [(adjustment.variant_id, adjustment.quantity)], clock.now())
    uow.publish(
        StockAdjusted(
            adjustment_id=adjustment.id,
            store_id=adjustment.store_id,
            variant_id=adjustment.variant_id,
            quantity=str(adjustment.quantity),
        )
    )
    booked = {"adjustment": str(adjustment.id), "store": str(adjustment.store_id), "quantity": str(adjustment.quantity)}
    reason = adjustment.note or None
    uow.record(Entry("stock.adjusted", "catalog.variant", adjustment.variant_id, new=booked, reason=reason))


async def levels(uow: UnitOfWork, store_id: UUID, variant_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
    """Return what is on hand by variant; variants never counted in the store are absent."""
    return {row["variant_id"]: row["on_hand"] for row in await repository.levels(uow, store_id, variant_ids)}


async def movements(
    uow: UnitOfWork, ledger: tuple[UUID, UUID], asked: Asked, cursor: str | None, size: int
) -> MovementsOut:
    """Return a page of a (store, variant)'s ledger, and how many of its rows fit."""
    rows, following = await repository.movements(uow, ledger, asked, cursor, size)
    items = [MovementOut.model_validate(dict(row)) for row in rows]
    total = await repository.count_movements(uow, ledger, asked)
    return MovementsOut(items=items, next_cursor=following, total=total)
