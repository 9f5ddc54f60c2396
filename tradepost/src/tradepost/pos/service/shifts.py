"""Shifts: a register is opened with a float and closed with a count, atomically against sales (rules 21 and 23)."""

from uuid import UUID

from mainstay import clock
from mainstay.db.grammar import Asked
from mainstay.messages.audit import Entry
from mainstay.work import Row, UnitOfWork
from tradepost.pos.errors import IdReused, ShiftAlreadyOpen, ShiftIsClosed, UnknownRegister, UnknownShift
from tradepost.pos.events import ShiftClosed, ShiftOpened
from tradepost.pos.repository import tills
from tradepost.pos.schemas import JournalEntryIn, ShiftIn, ShiftOut, ShiftsOut
from tradepost.pos.service.notices import tell_difference
from tradepost.pos.service.registers import demand_here

ID_REUSED = "A shift with this id and other content exists; nothing was changed."
# What the audit trail tells of a count.
TOLD = ("currency", "expected_minor", "counted_minor", "difference_minor")


async def open_shift(uow: UnitOfWork, shift: ShiftIn) -> ShiftOut:
    """Open a register; the same id and content again gives the same shift.

    Raises UnknownRegister, ShiftAlreadyOpen, IdReused, OtherRegister.
    """
    demand_here(uow, shift.register_id)
    register = await tills.lock_register(uow, shift.register_id)
    if register is None or register["archived_at"] is not None:
        raise UnknownRegister("There is no such register.")
    known = await tills.shift(uow, shift.id)
    if known is not None:
        if (known["register_id"], known["float_minor"]) != (shift.register_id, shift.float_minor):
            raise IdReused(ID_REUSED)
        return ShiftOut.model_validate(dict(known))
    if register["open_shift_id"] is not None:
        raise ShiftAlreadyOpen(
            "This register has an open shift; close it first.", extra={"shift_id": str(register["open_shift_id"])}
        )
    moment = clock.now()
    if not await tills.open_shift(uow, shift.id, register, moment, shift.float_minor):
        raise IdReused(ID_REUSED)
    figures = {"currency": register["currency"], "float_minor": shift.float_minor}
    entry = JournalEntryIn("shift_opened", shift.id, moment, figures)
    await tills.append_journal(uow, shift.register_id, entry)
    uow.publish(
        ShiftOpened(
            shift_id=shift.id,
            register_id=shift.register_id,
            float_minor=shift.float_minor,
            currency=register["currency"],
        )
    )
    return await get_shift(uow, shift.id)


async def close_shift(uow: UnitOfWork, shift_id: UUID, counted_minor: int) -> ShiftOut:
    """Close a shift: what was expected is computed under the register's lock, so no sale slips in between.

    The same count again gives the same answer. Raises UnknownShift, OtherRegister, ShiftIsClosed for another count.
    """
    found = await _present(uow, shift_id)
    demand_here(uow, found["register_id"])
    await tills.lock_register(uow, found["register_id"])
    shift = await tills.shift_to_close(uow, shift_id)
    if shift is None:
        raise UnknownShift("There is no such shift.")
    if shift["closed_at"] is not None:
        if shift["counted_minor"] != counted_minor:
            raise ShiftIsClosed("This shift was closed with another count; the first one stands.")
        return ShiftOut.model_validate(dict(shift))
    expected = shift["float_minor"] + shift["cash_minor"]
    moment = clock.now()
    await tills.close_shift(uow, shift, moment, counted_minor, expected)
    figures = _figures(shift, counted_minor, expected)
    entry = JournalEntryIn("shift_closed", shift_id, moment, figures)
    await tills.append_journal(uow, shift["register_id"], entry)
    uow.publish(
        ShiftClosed(
            shift_id=shift_id,
            register_id=shift["register_id"],
            counted_minor=counted_minor,
            expected_minor=expected,
            difference_minor=counted_minor - expected,
            currency=shift["currency"],
        )
    )
    await tell_difference(uow, found, counted_minor, expected)
    told = {name: figures[name] for name in TOLD}
    uow.record(Entry("pos.shift_closed", "pos.shift", shift_id, new=told))
    return await get_shift(uow, shift_id)


def _figures(shift: Row, counted_minor: int, expected_minor: int) -> dict[str, str | int]:
    """Return what the journal keeps of a count."""
    return {
        "currency": shift["currency"],
        "counted_minor": counted_minor,
        "expected_minor": expected_minor,
        "difference_minor": counted_minor - expected_minor,
        "sales_count": shift["sales_count"],
        "takings_minor": shift["takings_minor"],
    }


async def get_shift(uow: UnitOfWork, shift_id: UUID) -> ShiftOut:
    """Return a shift. Raises UnknownShift."""
    return ShiftOut.model_validate(dict(await _present(uow, shift_id)))


async def list_shifts(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> ShiftsOut:
    """Return a page of the shifts that fit, and how many fit."""
    rows, following = await tills.shifts(uow, asked, cursor, size)
    items = [ShiftOut.model_validate(dict(row)) for row in rows]
    return ShiftsOut(items=items, next_cursor=following, total=await tills.count_shifts(uow, asked))


async def _present(uow: UnitOfWork, shift_id: UUID) -> Row:
    shift = await tills.shift(uow, shift_id)
    if shift is None:
        raise UnknownShift("There is no such shift.")
    return shift
