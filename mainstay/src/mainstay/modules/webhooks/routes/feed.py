"""The route of the feed of events."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from mainstay.db.query import page_size
from mainstay.modules.webhooks.permissions import READ_EVENTS
from mainstay.modules.webhooks.schemas import EventName, EventOut, EventsOut
from mainstay.modules.webhooks.service import feed
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Limit
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/events", tags=["Webhooks"])

GONE: dict[int | str, dict[str, Any]] = {410: {"$ref": "#/components/responses/Gone"}}


@router.get("", responses=GONE)
@urgent(LAST)
async def read_events(
    uow: Annotated[UnitOfWork, work(READ_EVENTS)],
    after: Annotated[int, Query(ge=0, le=9_223_372_036_854_775_807, description="The last position that was seen")] = 0,
    names: Annotated[list[EventName] | None, Query(max_length=50, description="Only events of these names")] = None,
    limit: Limit = 100,
) -> EventsOut:
    """All events in the order in which they are settled, from a position on; none is ever passed over.

    An event shows as soon as every transaction that began before its own has ended. 410 says that there is no event at
    the position any more: begin anew.
    """
    part = await feed.read(uow, after, names or (), page_size(limit))
    items = [EventOut.model_validate(dict(row)) for row in part.events]
    return EventsOut(items=items, next_after=items[-1].position if items else after, oldest=part.oldest)
