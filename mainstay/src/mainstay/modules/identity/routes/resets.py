"""The routes of links that reset a password."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.routes.browsers import address_of, device_of, edge_of
from mainstay.modules.identity.schemas.invitations import TokenIn
from mainstay.modules.identity.schemas.resets import (
    ResetCheckOut,
    ResetIn,
    ResetLinkOut,
    ResetRequestIn,
    ResetRequestOut,
)
from mainstay.modules.identity.service import forgotten, known_devices, resets
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

FORGOTTEN = Public("whoever forgot their password cannot sign in to say so")
LINK = Public("whoever holds a one-time link has nothing else")

# What public routes answer besides the replies that every route has.
DEAD_LINK: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}

NO_MAIL: dict[int | str, dict[str, Any]] = {409: {"$ref": "#/components/responses/Conflict"}}


@router.post("/resets", status_code=202, responses=NO_MAIL)
@limited(SIGN_IN_RATE, named_by="email")
async def request_reset(
    request: Request, uow: Annotated[UnitOfWork, work(FORGOTTEN)], given: ResetRequestIn
) -> ResetRequestOut:
    """Ask for a link by which one sets a new password; it is mailed. The answer is the same for every address.

    Where the program sends no mails it is refused for everybody (409): whoever manages people can make a link.
    """
    device = known_devices.digest_of(edge_of(request).keyring, device_of(request), given.email)
    await forgotten.ask(uow, given.email, address_of(request), device)
    return ResetRequestOut(link_minutes=uow.setup.settings.of(IdentitySettings).forgotten_link_minutes)


@router.post("/people/{person_id}/reset-link", status_code=201)
async def make_reset_link(uow: Annotated[UnitOfWork, work(MANAGE)], person_id: UUID) -> ResetLinkOut:
    """Make a one-time link by which somebody sets a new password; it is mailed, or without mail shown here alone.

    Refused for people with rights that the caller does not have. A new link kills the one before.
    """
    link = await resets.send_link(uow, person_id)
    shown = None if link.is_mailed else link.path
    return ResetLinkOut(link_path=shown, is_mailed=link.is_mailed, expires_at=link.expires_at)


@router.post("/resets/check", responses=DEAD_LINK)
async def check_reset(uow: Annotated[UnitOfWork, work(LINK)], link: TokenIn) -> ResetCheckOut:
    """Whose password a link resets; looking at it does not use it up."""
    row = await resets.check(uow, link.token.get_secret_value())
    return ResetCheckOut(name=row["name"], email=row["email"], expires_at=row["expires_at"])


@router.post("/resets/use", status_code=204, responses=DEAD_LINK)
@limited(SIGN_IN_RATE, named_by="token", free_on=(204, 422))
async def use_reset(uow: Annotated[UnitOfWork, work(LINK)], given: ResetIn) -> None:
    """Set a new password by a link. All sessions of the person end; they sign in with it."""
    await resets.use(uow, given.token.get_secret_value(), given.password.get_secret_value())
