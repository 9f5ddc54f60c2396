"""The routes of set-up and of invitations."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.repository.invitations import NewInvitation
from mainstay.modules.identity.routes.browsers import read_browser
from mainstay.modules.identity.routes.session import answer
from mainstay.modules.identity.schemas.invitations import (
    AcceptIn,
    InvitationCheckOut,
    InvitationIn,
    InvitationOut,
    SetupOut,
    TokenIn,
)
from mainstay.modules.identity.schemas.session import SessionOut
from mainstay.modules.identity.service import invitations, people, sign_ups
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.mail import api as mail
from mainstay.permission import Public
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

FRESH = Public("the first page of a new program has nobody to sign in")
LINK = Public("whoever holds a one-time link has nothing else yet")

# What public routes answer besides the replies that every route has.
DEAD_LINK: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}


@router.get("/setup")
async def read_setup(uow: Annotated[UnitOfWork, work(FRESH)]) -> SetupOut:
    """Whether the program has an owner; without one, the link printed at its start makes the first."""
    is_set_up = await people.is_set_up(uow)
    return SetupOut(is_set_up=is_set_up, sends_mail=mail.is_sent(uow), takes_sign_ups=sign_ups.is_open(uow))


@router.post("/invitations/check", responses=DEAD_LINK)
async def check_invitation(uow: Annotated[UnitOfWork, work(LINK)], link: TokenIn) -> InvitationCheckOut:
    """What a one-time link invites to; looking at it does not use it up."""
    row = await invitations.check(uow, link.token.get_secret_value())
    return InvitationCheckOut(role=row["role"], name=row["name"], email=row["email"], expires_at=row["expires_at"])


@router.post("/invitations/accept", status_code=201, responses=DEAD_LINK)
@limited(SIGN_IN_RATE, named_by="token", free_on=(201, 422))
async def accept_invitation(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(LINK)], given: AcceptIn
) -> SessionOut:
    """Join by a one-time link with a password of one's own; the new person is signed in."""
    secrets = (given.token.get_secret_value(), given.password.get_secret_value())
    acceptance = Acceptance(*secrets, given.name, given.email, read_browser(request))
    return answer(request, response, uow, await invitations.accept(uow, acceptance))


@router.post("/invitations", status_code=201)
async def invite_person(uow: Annotated[UnitOfWork, work(MANAGE)], person: InvitationIn) -> InvitationOut:
    """Make a one-time link for somebody. Repeating the call gives a new link.

    Where mails leave the machine it is mailed and not shown; otherwise it is shown in this answer alone.
    """
    invitation = NewInvitation(person.id, person.role, person.name, person.email, _places(person))
    link = await invitations.invite(uow, invitation)
    shown = None if link.is_mailed else link.path
    return InvitationOut(id=link.id, link_path=shown, is_mailed=link.is_mailed, expires_at=link.expires_at)


def _places(person: InvitationIn) -> tuple[UUID, ...] | None:
    return None if person.place_ids is None else tuple(sorted(set(person.place_ids)))
