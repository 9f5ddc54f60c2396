"""The routes of the numbers."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mainstay.web.closing import until_closing
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.routing import Edge, actor, work
from mainstay.work import Actor, UnitOfWork
from tradepost.insight import service
from tradepost.insight.permissions import READ
from tradepost.insight.schemas import TodayOut

router = APIRouter(prefix="/insight", tags=["Numbers"])


@router.get("/today", responses={409: {}})
@urgent(LAST)
async def get_today(uow: Annotated[UnitOfWork, work(READ)], store_id: UUID | None = None) -> TodayOut:
    """Takings, tickets, average and best sellers of the present business day, computed from the sales."""
    return await service.today(uow, store_id)


async def _following(
    request: Request, reader: Annotated[Actor, actor(READ)], store_id: UUID | None = None
) -> AsyncIterator[TodayOut]:
    """Return what to stream. Whoever may not have it is told so here: a stream that has begun can only break off."""
    edge: Edge = request.app.state.edge
    async with edge.open_work(reader) as uow:
        await service.check_reach(uow, store_id)
    return service.watch(edge.open_work, reader, store_id)


@router.get("/today/stream", responses={409: {}}, response_class=EventSourceResponse)
async def stream_today(
    request: Request, following: Annotated[AsyncIterator[TodayOut], Depends(_following, scope="function")]
) -> AsyncIterable[ServerSentEvent]:
    """The same figures as server-sent events named `today`: at once, and within a second of every sale.

    A stream ends after five minutes and is taken up again by the browser, so that a lost right ends it too.
    """
    async for figures in until_closing(request, following):
        yield ServerSentEvent(event="today", raw_data=figures.model_dump_json())
