"""Reading the trail: a page of it, one entry, the story of one thing."""

from uuid import UUID

from mainstay.db.grammar import Asked
from mainstay.modules.audit.errors import EntryUnknown, StoryUnknown
from mainstay.modules.audit.repository import entries as repository
from mainstay.work import Row, UnitOfWork


async def list_entries(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the entries that fit, and the cursor of the next one. Raises NotAllowed, as all here do."""
    _demand_all(uow)
    return await repository.entries(uow, asked, cursor, size)


async def read_entry(uow: UnitOfWork, entry_id: UUID) -> Row:
    """Return an entry. Raises EntryUnknown."""
    _demand_all(uow)
    row = await repository.entry(uow, entry_id)
    if row is None:
        raise EntryUnknown("There is no such entry; it may have had its time.")
    return row


async def tell_story(uow: UnitOfWork, thing: tuple[str, str], after: int, limit: int) -> list[Row]:
    """Return up to `limit` entries about a (type, id) that lie behind a position, oldest first. Raises StoryUnknown."""
    _demand_all(uow)
    rows = await repository.story(uow, *thing, after, limit)
    if not rows and not after:
        raise StoryUnknown("Nothing is on record about this; what there was may have had its time.")
    return rows


async def list_acts(uow: UnitOfWork) -> list[str]:
    """Return the acts that there are entries of, by name."""
    _demand_all(uow)
    return await repository.acts(uow)


def _demand_all(uow: UnitOfWork) -> None:
    """Raise NotAllowed for whoever does not reach everything: the trail tells of all stores and of everybody."""
    uow.actor.demand_everywhere(*uow.setup.roles.records)
