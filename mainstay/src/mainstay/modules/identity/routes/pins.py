"""The routes of one's own PIN."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from mainstay.errors import NotSignedIn
from mainstay.modules.identity.routes.browsers import edge_of
from mainstay.modules.identity.schemas.stations import PinIn, PinOut
from mainstay.modules.identity.service import pins
from mainstay.permission import SignedIn
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity/account/pin", tags=["Identity"])

OwnAfresh = Annotated[UnitOfWork, work(SignedIn(), fresh=True)]
NO_PIN: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}


@router.get("")
async def read_pin(uow: Annotated[UnitOfWork, work(SignedIn())]) -> PinOut:
    """Whether you have a PIN for shared devices, and since when."""
    return await _told(uow)


@router.put("")
async def set_pin(request: Request, uow: OwnAfresh, given: PinIn) -> PinOut:
    """Set the PIN by which you sign in on shared devices; it opens nothing anywhere else."""
    await pins.put(uow, _me(uow), given.pin.get_secret_value(), edge_of(request).keyring)
    return await _told(uow)


@router.delete("", status_code=204, responses=NO_PIN)
async def remove_pin(uow: Annotated[UnitOfWork, work(SignedIn())]) -> None:
    """Take your PIN away."""
    await pins.remove(uow, _me(uow))


async def _told(uow: UnitOfWork) -> PinOut:
    moment = await pins.set_at(uow, _me(uow))
    return PinOut(is_set=moment is not None, changed_at=moment)


def _me(uow: UnitOfWork) -> UUID:
    if uow.actor.id is None:
        raise NotSignedIn("Sign in to do this.")
    return uow.actor.id
