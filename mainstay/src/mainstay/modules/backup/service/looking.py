"""What the list of backups shows."""

from datetime import datetime
from uuid import UUID

from mainstay.modules.backup import repository
from mainstay.work import Row, UnitOfWork


async def page(uow: UnitOfWork, before: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return up to `limit` backups of this database from before a (started, id), the newest first."""
    database = await repository.database(uow)
    return [] if database is None else await repository.page(uow, database["id"], before, limit)
