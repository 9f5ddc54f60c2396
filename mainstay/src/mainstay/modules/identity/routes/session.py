"""The routes of the session: sign in, who is signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.routes.browsers import (
    edge_of,
    forget_cookie,
    keep_cookie,
    party_of,
    step_cookie,
    token_of,
)
from mainstay.modules.identity.schemas.factors import SecondStepOut
from mainstay.modules.identity.schemas.people import SignedInPersonOut
from mainstay.modules.identity.schemas.session import SessionOut, SignInIn
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.second_step import PendingStep
from mainstay.modules.identity.service.sessions import NewSession, SignedInPerson
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.sign_in import sign_in as sign_in_by_password
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.web.csrf import csrf_token
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

SIGN_IN = Public("nobody is signed in before signing in")

# What the public route answers besides the replies that every route has.
NOT_YOU: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}


@router.post("/session", status_code=201, responses={**NOT_YOU, 202: {"model": SecondStepOut}})
async def sign_in(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn
) -> SessionOut | SecondStepOut:
    """Sign in. Five wrong tries in a minute make an account wait; a right one starts a session in a new cookie.

    Whoever has a second factor is not signed in by the password: the answer is 202 and says what else to give.
    """
    address = request.client.host if request.client else ""
    password = given.password.get_secret_value()
    login = Login(given.email, password, address, token_of(request), party_of(request))
    result = await sign_in_by_password(uow, login)
    if isinstance(result, PendingStep):
        response.status_code = 202
        seconds = uow.setup.settings.of(IdentitySettings).step_seconds
        keep_cookie(response, step_cookie(request), result.token, seconds)
        return SecondStepOut(factors=result.factors, expires_at=result.expires_at)
    return answer(request, response, uow, result)


@router.get("/session")
async def read_session(
    request: Request, uow: Annotated[UnitOfWork, work(SignedIn(may_lack_factor=True))]
) -> SessionOut:
    """Who is signed in, what they may do, and the CSRF token for writes."""
    token = token_of(request) or ""
    return _session(request, token, uow, await sessions.recognise(uow, token))


@router.delete("/session", status_code=204)
async def sign_out(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SignedIn(may_lack_factor=True))]
) -> None:
    """End the session of this browser; its cookie is worth nothing from now on."""
    await sessions.sign_out(uow, token_of(request) or "")
    forget_cookie(response, edge_of(request).session_cookie)


def answer(request: Request, response: Response, uow: UnitOfWork, new: NewSession) -> SessionOut:
    """Give the browser the new session's cookie, which pages cannot read and other sites cannot use."""
    seconds = uow.setup.settings.of(IdentitySettings).session_limit
    keep_cookie(response, edge_of(request).session_cookie, new.token, seconds)
    return _session(request, new.token, uow, new.person)


def _session(request: Request, token: str, uow: UnitOfWork, person: SignedInPerson) -> SessionOut:
    return SessionOut(
        person=SignedInPersonOut.model_validate(
            {"id": person.person_id, "name": person.name, "email": person.email, "role": person.role}
        ),
        permissions=sorted(person.rights(uow)),
        csrf_token=csrf_token(edge_of(request).secret_key, token),
        factor=person.factor,
        expires_at=person.expires_at,
    )
