"""The routes of one's own account: name, password, devices."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.routes.browsers import address_of, token_of
from mainstay.modules.identity.routes.session import answer
from mainstay.modules.identity.schemas.account import (
    AccountOut,
    AccountPatch,
    DeviceOut,
    DevicesOut,
    PasswordChangeIn,
    PasswordCheckIn,
    PasswordVerdictOut,
)
from mainstay.modules.identity.schemas.session import SessionOut
from mainstay.modules.identity.service import account, devices, judging, policy
from mainstay.modules.identity.service.account import PasswordChange
from mainstay.modules.identity.service.judging import Asker
from mainstay.permission import Public, SignedIn
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

CHOOSING = Public("whoever joins by a link chooses a password before they are somebody")

# What it answers besides the replies that every route has.
SLOWED: dict[int | str, dict[str, Any]] = {429: {"$ref": "#/components/responses/TooManyRequests"}}

OwnWork = Annotated[UnitOfWork, work(SignedIn())]


@router.get("/account")
async def read_account(uow: OwnWork) -> AccountOut:
    """One's own account."""
    return AccountOut.model_validate(dict(await account.read(uow)))


@router.patch("/account")
async def change_account(uow: OwnWork, patch: AccountPatch) -> AccountOut:
    """Take another name."""
    return AccountOut.model_validate(dict(await account.rename(uow, patch.version, patch.name)))


@router.post("/account/password", responses=SLOWED)
async def change_password(request: Request, response: Response, uow: OwnWork, given: PasswordChangeIn) -> SessionOut:
    """Change one's password. Every other session ends; this one goes on under a new cookie and CSRF token."""
    change = PasswordChange(
        given.present_password.get_secret_value(),
        given.password.get_secret_value(),
        token_of(request) or "",
        address_of(request),
    )
    return answer(request, response, uow, await account.change_password(uow, change))


@router.get("/account/devices")
async def list_devices(uow: OwnWork) -> DevicesOut:
    """The browsers that one is signed in on."""
    return DevicesOut(items=[DeviceOut(**asdict(device)) for device in await devices.own(uow)])


@router.delete("/account/devices", status_code=204)
async def end_other_devices(uow: OwnWork) -> None:
    """Sign out everywhere but here."""
    await devices.revoke_others(uow)


@router.delete("/account/devices/{device_id}", status_code=204)
async def end_device(uow: OwnWork, device_id: UUID) -> None:
    """Sign one of one's devices out; its next call is refused."""
    await devices.revoke(uow, device_id)


@router.post("/passwords/check")
async def check_password(
    request: Request, uow: Annotated[UnitOfWork, work(CHOOSING)], given: PasswordCheckIn
) -> PasswordVerdictOut:
    """Judge a password as setting it would; nothing of it is kept. An address has sixty a minute judged."""
    link = given.token.get_secret_value() if given.token else None
    asker = Asker(address_of(request), token_of(request), link, given.name, given.email)
    rules, verdict = await judging.judge(uow, given.password.get_secret_value(), asker)
    told: dict[str, Any] = {"min_length": rules.least, "needs_mix": rules.needs_mix, **asdict(verdict)}
    return PasswordVerdictOut.model_validate({"max_length": policy.MAX_LENGTH, **told})
