"""The routes of people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mainstay.db.grammar import Asked
from mainstay.db.query import page_size
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.repository.people import PEOPLE
from mainstay.modules.identity.schemas.fields import Version
from mainstay.modules.identity.schemas.people import PeopleOut, PersonOut, PersonPatch, PlaceOut, PlacesOut
from mainstay.modules.identity.schemas.roles import PersonExtentOut, PersonRightOut, PersonRightsOut
from mainstay.modules.identity.service import people, rights, staff
from mainstay.modules.identity.service.staff import Change
from mainstay.web.asking import asks
from mainstay.web.paging import Cursor, Limit
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

FreshWork = Annotated[UnitOfWork, work(MANAGE, fresh=True)]


@router.get("/people")
async def list_people(
    uow: Annotated[UnitOfWork, work(MANAGE)],
    asked: Annotated[Asked, asks(PEOPLE)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PeopleOut:
    """Everybody who can sign in, or could, in the order they joined unless asked for otherwise."""
    rows, following, total = await people.list_people(uow, asked, cursor, page_size(limit))
    items = [PersonOut.model_validate(dict(row)) for row in rows]
    return PeopleOut(items=items, next_cursor=following, total=total)


@router.get("/places")
async def list_places(uow: Annotated[UnitOfWork, work(MANAGE)]) -> PlacesOut:
    """What people can be limited to, such as the stores of a shop, as far as one reaches oneself."""
    found = await uow.setup.places(uow)
    return PlacesOut(items=[PlaceOut(id=place.id, name=place.name) for place in found])


@router.get("/people/{person_id}")
async def read_person(uow: Annotated[UnitOfWork, work(MANAGE)], person_id: UUID) -> PersonOut:
    """One person."""
    return PersonOut.model_validate(dict(await staff.find(uow, person_id)))


@router.patch("/people/{person_id}")
async def change_person(uow: FreshWork, person_id: UUID, patch: PersonPatch) -> PersonOut:
    """Rename somebody else, give them another role, or end or restore their access; their sessions end with the old."""
    is_everywhere = patch.place_ids is None and "place_ids" in patch.model_fields_set
    change = Change(patch.name, patch.role, patch.is_active, patch.place_ids, is_everywhere)
    return PersonOut.model_validate(dict(await staff.change(uow, person_id, patch.version, change)))


@router.delete("/people/{person_id}", status_code=204)
async def delete_person(
    uow: FreshWork,
    person_id: UUID,
    version: Annotated[Version, Query()],
    *,
    keeps_name: Annotated[bool, Query(description="Whether documents still show the name")] = True,
) -> None:
    """Delete somebody else for ever; documents and the audit trail still refer to them."""
    await staff.delete(uow, person_id, version, keeps_name=keeps_name)


@router.get("/people/{person_id}/rights")
async def read_rights(uow: Annotated[UnitOfWork, work(MANAGE)], person_id: UUID) -> PersonRightsOut:
    """What a person can do, and why."""
    found = await rights.explain(uow, await staff.find(uow, person_id))
    items = [
        PersonRightOut(name=right.name, title=right.title, is_held=is_held, role=found.title if is_held else None)
        for right, is_held in found.rights
    ]
    extents = [PersonExtentOut(name=each.name, title=each.title, extent=extent) for each, extent in found.extents]
    return PersonRightsOut(
        role=found.role,
        role_title=found.title,
        is_active=found.is_active,
        places=None if found.places is None else list(found.places),
        extents=extents,
        items=items,
    )
