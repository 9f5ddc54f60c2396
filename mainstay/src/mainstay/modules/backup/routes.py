"""The backup routes: what was made and how it stands, and having one made now."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter

from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.modules.backup.permissions import MANAGE
from mainstay.modules.backup.schemas import BackupIn, BackupOut, BackupsOut, BackupStatusOut
from mainstay.modules.backup.service import looking, making, sources, watching
from mainstay.web.paging import Cursor, Limit
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/backup", tags=["Backups"])

ManageWork = Annotated[UnitOfWork, work(MANAGE)]


@router.get("/archives")
async def list_backups(
    uow: ManageWork,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BackupsOut:
    """The backups of this database, the newest first, and whether they are as they should be."""
    size = page_size(limit)
    rows = await looking.page(uow, decode_moment_cursor(cursor), size + 1)
    items = [_shown(row) for row in rows[:size]]
    has_more = len(rows) > size
    following = encode_moment_cursor(items[-1].started_at, items[-1].id) if has_more else None
    return BackupsOut(status=await _status(uow), items=items, next_cursor=following)


@router.post("/archives", status_code=202)
async def make_backup(uow: ManageWork, wanted: BackupIn) -> BackupOut:
    """Have a backup made now; the answer does not wait for it."""
    return _shown(await making.ask(uow, wanted.id))


def _shown(row: Row) -> BackupOut:
    path = row["path"]
    return BackupOut.model_validate({**dict(row), "file": None if path is None else Path(path).name})


async def _status(uow: UnitOfWork) -> BackupStatusOut:
    settings, found = sources.chosen(uow), await watching.standing(uow)
    return BackupStatusOut(
        is_scheduled=settings.schedule,
        is_encrypted=settings.key is not None,
        verified_at=found.verified_at if found else None,
        age_seconds=int(found.age.total_seconds()) if found else None,
        max_age_hours=settings.max_age,
        alarm_since=found.alarm_since if found else None,
    )
