"""Every statement of registers, their shifts and their journals."""

import json
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, Parameters, Scope, both
from mainstay.work import Actor, Row, UnitOfWork
from tradepost.pos.repository.reaching import owned_by, reached
from tradepost.pos.schemas import JournalEntryIn

_REGISTERS = """
SELECT
    register.id, register.code, register.name, register.store_id, store.name AS store_name,
    shift.id AS shift_id, shift.opened_at, shift.opened_by_name, shift.float_minor
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
LEFT JOIN pos_shift AS shift ON shift.id = register.open_shift_id
WHERE register.archived_at IS NULL ORDER BY store.name, register.name
"""
_REGISTER = "SELECT id, store_id, code, name, archived_at FROM pos_register WHERE id = $1"
_ADD_REGISTER = """
INSERT INTO pos_register (id, store_id, code, name) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""
_LOCK_REGISTER = """
SELECT register.id, register.code, register.store_id, register.open_shift_id, register.archived_at, store.currency
FROM pos_register AS register
JOIN shop_selling_store AS store ON store.store_id = register.store_id
WHERE register.id = $1 FOR UPDATE OF register
"""
_ARCHIVE_REGISTER = "UPDATE pos_register SET archived_at = now() WHERE id = $1"
_SHIFT_SUMS = """
SELECT
    shift.id, shift.register_id, register.name AS register_name, register.store_id, store.name AS store_name,
    shift.currency, shift.opened_at, shift.opened_by_name, shift.float_minor, shift.closed_at, shift.closed_by_name,
    shift.counted_minor, shift.expected_minor, shift.difference_minor, shift.opened_by_id, shift.closed_by_id,
    coalesce(sums.sales_count, 0) AS sales_count, coalesce(sums.takings_minor, 0)::bigint AS takings_minor,
    coalesce(sums.cash_minor, 0)::bigint AS cash_minor, coalesce(sums.card_minor, 0)::bigint AS card_minor
FROM {shifts} AS shift
JOIN pos_register AS register ON register.id = shift.register_id
JOIN shop_selling_store AS store ON store.store_id = register.store_id
LEFT JOIN LATERAL (
    SELECT
        count(*) AS sales_count, sum(payable_minor) AS takings_minor,
        sum(cash_minor - change_minor) AS cash_minor, sum(card_minor) AS card_minor
    FROM pos_sale WHERE shift_id = shift.id AND {own}
) AS sums ON true
"""
_ONE_SHIFT = _SHIFT_SUMS.format(shifts="(SELECT * FROM pos_shift WHERE id = $1)", own="{own}")
_OWN_SUMS = "(cashier_id = $2 OR $2 IN (shift.opened_by_id, shift.closed_by_id))"
# The page is cut before sums are made: they read the sales of each shift.
_PAGE_OF_SHIFTS = "(SELECT * FROM pos_shift WHERE {conditions} ORDER BY {order} LIMIT {limit})"
_SHIFTS_COUNT = "SELECT count(*) FROM pos_shift WHERE {conditions}"
SHIFTS = Grammar(
    f"{_SHIFT_SUMS.format(shifts=_PAGE_OF_SHIFTS, own='true')} ORDER BY {{order}}",
    both(opened_at=Order((("opened_at", "timestamptz"),))),
    "-opened_at",
    {
        "register_id": Filter(UUID, "register_id"),
        "opened_at": Filter(AwareDatetime, "opened_at", RANGE),
    },
)
_OPEN_SHIFT = """
INSERT INTO pos_shift (id, register_id, currency, opened_at, opened_by_id, opened_by_name, float_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO NOTHING RETURNING id
"""
_SET_OPEN_SHIFT = "UPDATE pos_register SET open_shift_id = $2 WHERE id = $1"
_CLOSE_SHIFT = """
UPDATE pos_shift SET
    closed_at = $2, closed_by_id = $3, closed_by_name = $4, counted_minor = $5, expected_minor = $6,
    difference_minor = $5::bigint - $6::bigint
WHERE id = $1
"""
_APPEND_JOURNAL = """
SELECT (pos_append_journal(register, $2, $3, $4, $5::jsonb, 0)).sequence
FROM pos_register AS register WHERE id = $1
"""
_JOURNAL = """
SELECT register_id, sequence, kind, document_id, payload, previous_hash, hash
FROM pos_journal WHERE register_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
"""


async def registers(uow: UnitOfWork) -> list[Row]:
    """Return all registers in reach with their open shifts."""
    return [row for row in await uow.read(_REGISTERS) if uow.actor.reach.has(row["store_id"])]


async def register(uow: UnitOfWork, register_id: UUID) -> Row | None:
    """Return one register, if it is in reach."""
    return reached(uow, await uow.read_row(_REGISTER, register_id))


async def add_register(uow: UnitOfWork, register_id: UUID, store_id: UUID, code: str, name: str) -> bool:
    """Add a register; False when its id or code is taken."""
    return bool(await uow.write(_ADD_REGISTER, register_id, store_id, code, name))


async def archive_register(uow: UnitOfWork, register_id: UUID) -> None:
    """Give a locked register up."""
    await uow.write(_ARCHIVE_REGISTER, register_id)


async def lock_register(uow: UnitOfWork, register_id: UUID) -> Row | None:
    """Lock a register that is in reach against sales, opening and closing until the transaction ends."""
    return reached(uow, await uow.write_row(_LOCK_REGISTER, register_id))


async def shift(uow: UnitOfWork, shift_id: UUID) -> Row | None:
    """Return a shift with its sums, if it is in reach.

    Who reaches their own sales alone finds somebody else's shift while it is open, because they may sell in it: with
    sums of what they sold themselves.
    """
    owner = owned_by(uow.actor)
    own, values = ("true", []) if owner is None else (_OWN_SUMS, [owner])
    row = reached(uow, await uow.read_row(_ONE_SHIFT.format(own=own), shift_id, *values))
    is_theirs = row is not None and (owner is None or owner in {row["opened_by_id"], row["closed_by_id"]})
    return row if row is not None and (is_theirs or row["closed_at"] is None) else None


async def shift_to_close(uow: UnitOfWork, shift_id: UUID) -> Row | None:
    """Return a shift in a store that is in reach with the sums of all its sales, for whoever counts its drawer."""
    return reached(uow, await uow.read_row(_ONE_SHIFT.format(own="true"), shift_id))


async def shifts(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the shifts in reach that fit, and the cursor of the next one."""
    sql, values = SHIFTS.select(asked, cursor, size, _shifts_reached(uow.actor))
    return SHIFTS.order(asked).page(await uow.read(sql, *values), size)


async def count_shifts(uow: UnitOfWork, asked: Asked) -> int:
    """Return how many shifts in reach fit."""
    parameters = Parameters()
    conditions = SHIFTS.conditions(asked, _shifts_reached(uow.actor), parameters)
    return int(await uow.read_value(_SHIFTS_COUNT.format(conditions=conditions), *parameters.values))


def _shifts_reached(actor: Actor) -> Scope:
    """Return the conditions of the shifts that the actor reaches."""
    places, owner = actor.reach.places, owned_by(actor)
    asked: Scope = [
        ("register_id IN (SELECT id FROM pos_register WHERE store_id = ANY ({}::uuid[]))", places and list(places)),
        ("{} IN (opened_by_id, closed_by_id)", owner),
    ]
    return [(condition, value) for condition, value in asked if value is not None]


async def open_shift(uow: UnitOfWork, shift_id: UUID, lock: Row, opened_at: datetime, float_minor: int) -> bool:
    """Write an open shift of the locked register; False when the id is another's, in reach or not."""
    given = (shift_id, lock["id"], lock["currency"], opened_at, uow.actor.id, uow.actor.name, float_minor)
    if not await uow.write(_OPEN_SHIFT, *given):
        return False
    await uow.write(_SET_OPEN_SHIFT, lock["id"], shift_id)
    return True


async def close_shift(
    uow: UnitOfWork, shift: Row, closed_at: datetime, counted_minor: int, expected_minor: int
) -> None:
    """Close the shift of a locked register."""
    who = (uow.actor.id, uow.actor.name)
    await uow.write(_CLOSE_SHIFT, shift["id"], closed_at, *who, counted_minor, expected_minor)
    await uow.write(_SET_OPEN_SHIFT, shift["register_id"], None)


async def append_journal(uow: UnitOfWork, register_id: UUID, entry: JournalEntryIn) -> None:
    """Append to the journal of a locked register."""
    figures = json.dumps(entry.figures)
    await uow.write(_APPEND_JOURNAL, register_id, entry.kind, entry.document_id, entry.moment, figures)


async def journal(uow: UnitOfWork, register_id: UUID, after: int, limit: int) -> list[Row]:
    """Return the entries of a register's journal that follow the one with the sequence number `after`."""
    return await uow.read(_JOURNAL, register_id, after, limit)
