"""The routes of the session: sign in, who is signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.routes.browsers import (
    device_cookie,
    device_of,
    edge_of,
    forget_cookie,
    keep_cookie,
    party_of,
    read_browser,
    step_cookie,
    token_of,
)
from mainstay.modules.identity.schemas.factors import SecondStepOut
from mainstay.modules.identity.schemas.people import SignedInPersonOut
from mainstay.modules.identity.schemas.session import SessionOut, SessionStationOut, SignInIn
from mainstay.modules.identity.service import known_devices, marks, sessions
from mainstay.modules.identity.service.second_step import PendingStep
from mainstay.modules.identity.service.sessions import NewSession, SignedInPerson
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.sign_in import sign_in as sign_in_by_password
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.web.csrf import csrf_token
from mainstay.web.keeping import unkept
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.overload.urgency import FIRST, urgent
from mainstay.web.read_only import while_read_only
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

SIGN_IN = Public("nobody is signed in before signing in")
ANYBODY = SignedIn(may_lack_factor=True, stations=True)

# What the public route answers besides the replies that every route has.
NOT_YOU: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}


@router.post("/session", status_code=201, responses={**NOT_YOU, 202: {"model": SecondStepOut}})
@limited(SIGN_IN_RATE, named_by="email", free_on=(201, 202))
@while_read_only
@urgent(FIRST)
async def sign_in(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn
) -> SessionOut | SecondStepOut:
    """Sign in. Five wrong tries in a minute make an account wait; a right one starts a session in a new cookie.

    Whoever has a second factor is not signed in by the password: the answer is 202 and says what else to give.
    """
    device = known_devices.digest_of(edge_of(request).keyring, device_of(request), given.email)
    browser = read_browser(request, ends_with_browser=given.ends_with_browser)
    who = (given.email, given.password.get_secret_value(), browser.address)
    result = await sign_in_by_password(uow, Login(*who, token_of(request), device, browser, party_of(request)))
    if isinstance(result, PendingStep):
        response.status_code = 202
        seconds = uow.setup.settings.of(IdentitySettings).step_seconds
        keep_cookie(response, step_cookie(request), result.token, seconds)
        return SecondStepOut(factors=result.factors, expires_at=result.expires_at)
    return answer(request, response, uow, result)


@router.get("/session")
@unkept
@urgent(FIRST)
async def read_session(request: Request, uow: Annotated[UnitOfWork, work(ANYBODY)]) -> SessionOut:
    """Who is signed in, what they may do, and the CSRF token for writes."""
    token = token_of(request) or ""
    return describe(request, uow, token, await sessions.recognise(uow, token))


@router.delete("/session", status_code=204)
@while_read_only
@urgent(FIRST)
async def sign_out(
    request: Request,
    response: Response,
    uow: Annotated[UnitOfWork, work(ANYBODY)],
) -> None:
    """End the session of this browser; its cookie is worth nothing from now on."""
    await sessions.sign_out(uow, token_of(request) or "")
    forget_cookie(response, edge_of(request).session_cookie)


def answer(request: Request, response: Response, uow: UnitOfWork, new: NewSession) -> SessionOut:
    """Give the browser the new session's cookie, and the one by which the account knows this device from now on.

    Pages cannot read them and other sites cannot use them.
    """
    edge, settings = edge_of(request), uow.setup.settings.of(IdentitySettings)
    device = known_devices.with_account(edge.keyring, device_of(request), new.person.email)
    keep_cookie(response, edge.session_cookie, new.token, None if new.ends_with_browser else settings.session_limit)
    keep_cookie(response, device_cookie(request), device, settings.device_days * 86_400)
    return describe(request, uow, new.token, new.person)


def describe(request: Request, uow: UnitOfWork, token: str, person: SignedInPerson) -> SessionOut:
    """Tell the browser of a session what its cookie holds."""
    return SessionOut(
        person=SignedInPersonOut.model_validate(
            {"id": person.person_id, "name": person.name, "email": person.email, "role": person.role}
        ),
        permissions=sorted(person.permissions),
        place_ids=None if person.reach.places is None else sorted(person.reach.places),
        extents=dict(person.reach.extents),
        csrf_token=csrf_token(edge_of(request).keyring, token),
        factor=person.factor,
        expires_at=person.expires_at,
        station=_station(request, uow, person),
    )


def _station(request: Request, uow: UnitOfWork, person: SignedInPerson) -> SessionStationOut | None:
    if person.station is None:
        return None
    return SessionStationOut(
        id=person.station.id,
        place_id=person.station.place_id,
        idle_seconds=uow.setup.settings.of(IdentitySettings).pin_idle,
        mark=marks.make(edge_of(request).keyring, person.station.place_id, person.person_id),
    )
