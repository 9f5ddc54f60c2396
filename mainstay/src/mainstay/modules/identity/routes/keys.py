"""The routes of API keys: one's own, and those of services."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from mainstay.modules.identity.permissions import KEYS
from mainstay.modules.identity.repository.keys import NewKey
from mainstay.modules.identity.schemas.keys import KeyIn, KeyMadeOut, KeyOut, KeyPatch, KeysOut
from mainstay.modules.identity.service import keys
from mainstay.permission import SignedIn
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/identity/keys", tags=["Identity"])

Own = Annotated[UnitOfWork, work(SignedIn())]
OwnAfresh = Annotated[UnitOfWork, work(SignedIn(), fresh=True)]
Managing = Annotated[UnitOfWork, work(KEYS)]
ManagingAfresh = Annotated[UnitOfWork, work(KEYS, fresh=True)]


@router.get("")
async def list_own_keys(uow: Own) -> KeysOut:
    """My API keys; each acts as me, with no more than the rights I chose."""
    return await _list(uow, uow.actor.id)


@router.post("", status_code=201)
async def make_own_key(uow: OwnAfresh, key: KeyIn) -> KeyMadeOut:
    """Make an API key of my own; its text is shown in this answer alone. It ends with my account."""
    return await _make(uow, uow.actor.id, key)


@router.patch("/{key_id}")
async def rename_own_key(uow: Own, key_id: UUID, change: KeyPatch) -> KeyOut:
    """Give one of my keys another name."""
    return _shown(await keys.rename(uow, key_id, uow.actor.id, change.name))


@router.delete("/{key_id}", status_code=204)
async def revoke_own_key(uow: Own, key_id: UUID) -> None:
    """End one of my keys; it is worth nothing within a second."""
    await keys.revoke(uow, key_id, uow.actor.id)


@router.get("/service")
async def list_service_keys(uow: Managing) -> KeysOut:
    """The API keys of services, which act for no person."""
    return await _list(uow, None)


@router.post("/service", status_code=201)
async def make_service_key(uow: ManagingAfresh, key: KeyIn) -> KeyMadeOut:
    """Make an API key for a service, with rights that I hold myself; its text is shown in this answer alone."""
    return await _make(uow, None, key)


@router.patch("/service/{key_id}")
async def rename_service_key(uow: Managing, key_id: UUID, change: KeyPatch) -> KeyOut:
    """Give a service's key another name."""
    return _shown(await keys.rename(uow, key_id, None, change.name))


@router.delete("/service/{key_id}", status_code=204)
async def revoke_service_key(uow: Managing, key_id: UUID) -> None:
    """End a service's key; it is worth nothing within a second."""
    await keys.revoke(uow, key_id, None)


async def _list(uow: UnitOfWork, person_id: UUID | None) -> KeysOut:
    rows = await keys.list_keys(uow, person_id)
    return KeysOut(items=[_shown(row) for row in rows], grantable=sorted(keys.grantable(uow)))


async def _make(uow: UnitOfWork, person_id: UUID | None, key: KeyIn) -> KeyMadeOut:
    lifetime = timedelta(days=key.expires_in_days)
    rights = tuple(sorted(set(key.permissions)))
    made = await keys.make(uow, NewKey(key.id, person_id, key.name, rights, lifetime))
    return KeyMadeOut(key=made.text, **_shown(made.row).model_dump())


def _shown(row: Row) -> KeyOut:
    return KeyOut.model_validate(dict(row))
