"""The routes of signing up by oneself, and of those who decide about it. Where a setting is off, all are not found."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request

from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.routes.browsers import address_of
from mainstay.modules.identity.schemas.invitations import TokenIn
from mainstay.modules.identity.schemas.sign_ups import (
    ApproveIn,
    ConfirmIn,
    SignUpCheckOut,
    SignUpIn,
    SignUpOut,
    WaitingOut,
    WaitingPageOut,
)
from mainstay.modules.identity.service import sign_ups
from mainstay.modules.identity.service.sign_ups import Wanted
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity/sign-ups", tags=["Identity"])

JOINING = Public("whoever signs up is nobody yet")
LINK = Public("whoever holds a one-time link has nothing else yet")

# What public routes answer besides the replies that every route has.
CLOSED: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}

ManageWork = Annotated[UnitOfWork, work(MANAGE)]


@router.post("", status_code=202, responses=CLOSED)
@limited(SIGN_IN_RATE, named_by="email")
async def sign_up(request: Request, uow: Annotated[UnitOfWork, work(JOINING)], given: SignUpIn) -> SignUpOut:
    """Ask to join. A mail goes to the address, whoever has it; the answer is the same for all.

    The link in it confirms the address. Then somebody who manages people decides, and before that nobody gets in.
    """
    password = given.password.get_secret_value()
    await sign_ups.ask(uow, Wanted(given.name, given.email, password, given.language, address_of(request)))
    return SignUpOut(link_hours=uow.setup.settings.of(IdentitySettings).sign_up_link_hours)


@router.post("/check", responses=CLOSED)
async def check_sign_up(uow: Annotated[UnitOfWork, work(LINK)], link: TokenIn) -> SignUpCheckOut:
    """Whose address a link confirms; looking at it does not use it up."""
    row = await sign_ups.check(uow, link.token.get_secret_value())
    return SignUpCheckOut(name=row["name"], email=row["email"], expires_at=row["expires_at"])


@router.post("/confirm", status_code=204, responses=CLOSED)
@limited(SIGN_IN_RATE, named_by="token", free_on=(204,))
async def confirm_sign_up(request: Request, uow: Annotated[UnitOfWork, work(LINK)], given: ConfirmIn) -> None:
    """Confirm one's address by the link and the password that one chose; from now on the sign-up waits."""
    secrets = (given.token.get_secret_value(), given.password.get_secret_value())
    await sign_ups.confirm(uow, *secrets, address_of(request))


@router.get("", responses=CLOSED)
async def list_sign_ups(
    uow: ManageWork,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> WaitingPageOut:
    """Who signed up, confirmed their address and waits, who has waited longest first."""
    size = page_size(limit)
    rows = await sign_ups.waiting(uow, decode_moment_cursor(cursor), size + 1)
    items = [WaitingOut.model_validate(dict(row)) for row in rows[:size]]
    has_more = len(rows) > size
    return WaitingPageOut(
        items=items, next_cursor=encode_moment_cursor(items[-1].confirmed_at, items[-1].id) if has_more else None
    )


@router.post("/{sign_up_id}/approve", status_code=204)
@repeatable
async def approve_sign_up(uow: ManageWork, sign_up_id: UUID, given: ApproveIn) -> None:
    """Let somebody who waits join, with a role; they are told by mail. Refused for rights that the caller lacks."""
    await sign_ups.approve(uow, sign_up_id, given.role, given.place_ids)


@router.post("/{sign_up_id}/refuse", status_code=204)
@repeatable
async def refuse_sign_up(uow: ManageWork, sign_up_id: UUID) -> None:
    """Do not let somebody who waits join; they are told by mail and forgotten."""
    await sign_ups.refuse(uow, sign_up_id)
