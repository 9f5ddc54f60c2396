"""Registers, and finding products at one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from mainstay import clock
from mainstay.messages.audit import Entry
from mainstay.modules.identity import api as identity
from mainstay.setup import Stand
from mainstay.work import UnitOfWork
from tradepost.catalog import api as catalog
from tradepost.pos.errors import (
    IdReused,
    OtherRegister,
    RegisterCodeTaken,
    RegisterIsOpen,
    UnknownCode,
    UnknownRegister,
)
from tradepost.pos.events import RegisterAdded, RegisterArchived
from tradepost.pos.permissions import SELL
from tradepost.pos.repository import sums, tills
from tradepost.pos.schemas.sales import OpenShiftOut, RegisterIn, RegisterOut, TileOut
from tradepost.shop import api as shop
from tradepost.stock import api as stock

# What sold in this time comes first in an empty finder.
LATELY = timedelta(days=14)


async def list_registers(uow: UnitOfWork) -> list[RegisterOut]:
    """Return all registers with their open shifts."""
    return [
        RegisterOut(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            store_id=row["store_id"],
            store_name=row["store_name"],
            open_shift=OpenShiftOut(
                id=row["shift_id"],
                opened_at=row["opened_at"],
                opened_by_name=row["opened_by_name"],
                float_minor=row["float_minor"],
            )
            if row["shift_id"]
            else None,
        )
        for row in await tills.registers(uow)
    ]


async def add_register(uow: UnitOfWork, register: RegisterIn) -> RegisterOut:
    """Set up a register; the same id and content again changes nothing.

    Raises RegisterCodeTaken, IdReused, and shop's error for an unknown store.
    """
    await shop.store(uow, register.store_id)
    if await tills.add_register(uow, register.id, register.store_id, register.code, register.name):
        uow.publish(RegisterAdded(register_id=register.id, store_id=register.store_id, code=register.code))
        told = {"store": str(register.store_id), "code": register.code, "name": register.name}
        uow.record(Entry("pos.register_added", "pos.register", register.id, new=told))
    else:
        known = await tills.register(uow, register.id)
        if known is None:
            raise RegisterCodeTaken(f"Another register has the code {register.code}; choose a different one.")
        if known["archived_at"] is not None:
            raise IdReused("The register with this id was archived; set up another one.")
        if {name: known[name] for name in RegisterIn.model_fields} != register.model_dump():
            raise IdReused("A register with this id and other content exists; nothing was changed.")
    return next(found for found in await list_registers(uow) if found.id == register.id)


async def archive_register(uow: UnitOfWork, register_id: UUID) -> None:
    """Give a till up: it is not shown any more, and its devices take no PINs; its documents stay. Twice is harmless.

    Raises UnknownRegister and RegisterIsOpen.
    """
    register = await tills.lock_register(uow, register_id)
    if register is None:
        raise UnknownRegister("There is no such register.")
    if register["archived_at"] is not None:
        return
    if register["open_shift_id"] is not None:
        raise RegisterIsOpen("This register has an open shift; close it first.")
    await tills.archive_register(uow, register_id)
    await identity.end_stations(uow, register_id)
    uow.publish(RegisterArchived(register_id=register_id))
    uow.record(Entry("pos.register_archived", "pos.register", register_id, old={"code": register["code"]}))


async def stands(uow: UnitOfWork) -> tuple[Stand, ...]:
    """Return the registers, as what shared devices can stand at: who signs in there by PIN must be allowed to sell."""
    return tuple(Stand(row["id"], row["name"], SELL.name, row["store_id"]) for row in await tills.registers(uow))


def demand_here(uow: UnitOfWork, register_id: UUID) -> None:
    """Raise OtherRegister when the actor signed in by PIN at another register."""
    if uow.actor.station is not None and uow.actor.station.place_id != register_id:
        raise OtherRegister("Your PIN opens the register at which you gave it; go there, or sign in there.")


async def find(uow: UnitOfWork, store_id: UUID, query: str, limit: int) -> list[TileOut]:
    """Return products for the finder: what fits the query, or what sold most lately and then by name."""
    if query.strip():
        return await _tiles(uow, store_id, await catalog.find(uow, query, limit))
    store = await shop.store(uow, store_id)
    since = shop.business_day(store.time_zone, store.day_cutoff, clock.now() - LATELY)
    sold = await catalog.facts(uow, await sums.best_selling(uow, store_id, since, limit))
    chosen = {variant: facts for variant, facts in sold.items() if facts.is_active}
    for facts in await catalog.find(uow, "", limit):
        chosen.setdefault(facts.variant_id, facts)
    return await _tiles(uow, store_id, list(chosen.values())[:limit])


async def by_code(uow: UnitOfWork, store_id: UUID, code: str) -> TileOut:
    """Return the product with a barcode or SKU. Raises UnknownCode."""
    facts = await catalog.by_code(uow, code)
    if facts is None or not facts.is_active:
        raise UnknownCode(f"No product has the code {code}.")
    return (await _tiles(uow, store_id, [facts]))[0]


async def _tiles(uow: UnitOfWork, store_id: UUID, found: Sequence[catalog.VariantFacts]) -> list[TileOut]:
    on_hand = await stock.on_hand(uow, store_id, [facts.variant_id for facts in found])
    return [_tile(facts, on_hand) for facts in found]


def _tile(facts: catalog.VariantFacts, on_hand: Mapping[UUID, Decimal]) -> TileOut:
    return TileOut(
        variant_id=facts.variant_id,
        name=facts.name,
        sku=facts.sku,
        barcode=facts.barcode,
        price=facts.price,
        currency=facts.currency,
        tax_rate=facts.tax_rate,
        unit=facts.unit,
        on_hand=on_hand.get(facts.variant_id),
    )
