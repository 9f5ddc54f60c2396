"""The routes of people."""

from typing import Annotated

from fastapi import APIRouter, Query

from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.schemas.people import PeopleOut, PersonOut
from mainstay.modules.identity.service import people
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])


@router.get("/people")
async def list_people(
    uow: Annotated[UnitOfWork, work(MANAGE)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1)] = 50,
) -> PeopleOut:
    """Everybody who can sign in, or could, in the order they joined."""
    size = page_size(limit)
    rows, total = await people.list_people(uow, decode_moment_cursor(cursor), size + 1)
    items = [PersonOut.model_validate(dict(row)) for row in rows[:size]]
    more = len(rows) > size
    return PeopleOut(
        items=items,
        next_cursor=encode_moment_cursor(items[-1].created_at, items[-1].id) if more else None,
        total=total,
    )
