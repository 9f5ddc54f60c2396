"""The routes of sources, and the address that takes their messages."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import SecretStr

from mainstay.modules.webhooks.permissions import MANAGE
from mainstay.modules.webhooks.schemas import SourceIn, SourceMadeOut, SourceOut, SourceRotation, SourcesOut, TakenOut
from mainstay.modules.webhooks.service import receiving, sources
from mainstay.permission import Public
from mainstay.web.limits.rates import API, limited
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/webhooks", tags=["Webhooks"])

Managing = Annotated[UnitOfWork, work(MANAGE)]
ManagingAfresh = Annotated[UnitOfWork, work(MANAGE, fresh=True)]
SIGNED = Public("the signature of the message says who sends it")
REFUSED: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}
LARGEST = 256 * 1024
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}


@router.get("/sources")
async def list_sources(uow: Managing) -> SourcesOut:
    """Who may send messages."""
    return SourcesOut(items=[SourceOut.model_validate(dict(row)) for row in await sources.all_of(uow)])


@router.post("/sources", status_code=201)
async def add_source(uow: ManagingAfresh, new: SourceIn) -> SourceMadeOut:
    """Let somebody send messages to `/api/v1/webhooks/in/{name}`; the secret is in this answer alone."""
    made = await sources.add(uow, new.id, new.name, new.description, _text(new.secret))
    return SourceMadeOut(secret=made.secret, **made.row)


@router.post("/sources/{source_id}/rotate")
async def rotate_source_secret(uow: ManagingAfresh, source_id: UUID, change: SourceRotation) -> SourceMadeOut:
    """Give a source another secret; for a day the former one counts too."""
    made = await sources.rotate(uow, source_id, change.version, _text(change.secret))
    return SourceMadeOut(secret=made.secret, **made.row)


@router.delete("/sources/{source_id}", status_code=204)
async def remove_source(uow: Managing, source_id: UUID) -> None:
    """Take nothing from a source any more, and delete what it sent."""
    await sources.remove(uow, source_id)


@router.post("/in/{source}", status_code=202, max_body_size=LARGEST, openapi_extra=BODY, responses=REFUSED)
@limited(API)
@urgent(LAST)
async def receive_message(
    uow: Annotated[UnitOfWork, work(SIGNED)],
    request: Request,
    source: Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,39}$")],
) -> TakenOut:
    """Take a message that is signed in the form of Standard Webhooks, within five minutes.

    It is kept before anybody handles it, and handled once, however often it is sent.
    """
    body = await request.body()
    return TakenOut(is_new=await receiving.receive(uow, source, request.headers, body))


def _text(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
