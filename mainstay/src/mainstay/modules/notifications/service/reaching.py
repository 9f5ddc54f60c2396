"""Whom mail does not reach: noted when a server says so, shown to them and to whoever manages mail, and cleared."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from mainstay.modules.identity import api as identity
from mainstay.modules.identity.api import Reader
from mainstay.modules.mail import api as mail
from mainstay.modules.notifications.errors import AddressWell
from mainstay.modules.notifications.repository import people as repository
from mainstay.work import Row, UnitOfWork

MOST_SHOWN: Final = 200


async def missed(uow: UnitOfWork, readers: Sequence[Reader]) -> frozenset[UUID]:
    """Return who of some people is not reached at the address that they have now."""
    rows = await repository.bounces(uow, [reader.id for reader in readers])
    return frozenset(one.id for one in readers if one.id in rows and rows[one.id]["address"] == one.address)


async def note(uow: UnitOfWork, mail_id: UUID) -> tuple[Reader, str] | None:
    """Remember that mail does not reach whoever has the address of a mail that could not be delivered.

    Returns who that is and what the server said; None when that is nobody here, or known.
    """
    bounced = await mail.bounced(uow, mail_id)
    reader = None if bounced is None else await identity.reader_at(uow, bounced.address)
    if bounced is None or reader is None:
        return None
    is_new = await repository.note_bounce(uow, reader.id, reader.address, bounced.reason, bounced.told)
    return (reader, bounced.told or bounced.reason) if is_new else None


async def own(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Return that mail does not reach a person at their address, and why; None when it does as far as is known."""
    (reader,) = await identity.readers_of(uow, [person_id]) or (None,)
    row = (await repository.bounces(uow, [person_id])).get(person_id)
    return row if row is not None and reader is not None and row["address"] == reader.address else None


async def everybody(uow: UnitOfWork) -> list[tuple[Row, Reader]]:
    """Return who is not reached at the address that they have now, the latest first."""
    rows = await repository.all_bounces(uow, MOST_SHOWN)
    readers = {reader.id: reader for reader in await identity.readers_of(uow, [row["person_id"] for row in rows])}
    here = [(row, readers[row["person_id"]]) for row in rows if row["person_id"] in readers]
    return [(row, reader) for row, reader in here if row["address"] == reader.address]


async def clear(uow: UnitOfWork, person_id: UUID) -> None:
    """Write to a person's address again: it was set right, or is. Raises AddressWell."""
    if not await repository.clear_bounce(uow, person_id):
        raise AddressWell("Mail is not known to miss this person.")
