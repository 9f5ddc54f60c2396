"""The tagging routes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from tradepost.tagging import service
from tradepost.tagging.permissions import READ, WRITE
from tradepost.tagging.schemas import TagIn, TagKind, TagOut, TagPatch, TagsOut

router = APIRouter(prefix="/tagging", tags=["Tags"])


@router.get("/tags")
async def list_tags(
    uow: Annotated[UnitOfWork, work(READ)],
    kind: TagKind | None = None,
    entity: Annotated[
        str | None, Query(max_length=60, description="Count only things of this sort, such as `crm.contact`")
    ] = None,
) -> TagsOut:
    """All tags and groups by name, with the number of things that each labels."""
    return await service.list_tags(uow, kind, entity)


@router.post("/tags", status_code=201)
async def create_tag(uow: Annotated[UnitOfWork, work(WRITE)], tag: TagIn, response: Response) -> TagOut:
    """Make a tag or group. Repeating the call with the same id and content is harmless."""
    created = await service.create_tag(uow, tag)
    response.headers["Location"] = f"/api/v1/tagging/tags/{tag.id}"
    return created


@router.patch("/tags/{tag_id}")
async def change_tag(uow: Annotated[UnitOfWork, work(WRITE)], tag_id: UUID, patch: TagPatch) -> TagOut:
    """Give a tag another name or colour, everywhere; what is left out stays as it is."""
    return await service.change_tag(uow, tag_id, patch)


@router.delete("/tags/{tag_id}", status_code=204)
async def delete_tag(uow: Annotated[UnitOfWork, work(WRITE)], tag_id: UUID) -> None:
    """Delete a tag or group and take it from everything that has it; the things themselves stay."""
    await service.delete_tag(uow, tag_id)
