"""The routes of the session: sign in, who is signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.schemas.people import SignedInPersonOut
from mainstay.modules.identity.schemas.session import SessionOut, SignInIn
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.sessions import NewSession, SignedInPerson
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.sign_in import sign_in as sign_in_by_password
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.web.csrf import csrf_token
from mainstay.web.head import cookie
from mainstay.web.routing import Edge, work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

SIGN_IN = Public("nobody is signed in before signing in")

# What the public route answers besides the replies that every route has.
NOT_YOU: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}


@router.post("/session", status_code=201, responses=NOT_YOU)
async def sign_in(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn
) -> SessionOut:
    """Sign in. Five wrong tries in a minute make an account wait; a right one starts a session in a new cookie."""
    address = request.client.host if request.client else ""
    login = Login(given.email, given.password.get_secret_value(), address, _token(request))
    return answer(request, response, uow, await sign_in_by_password(uow, login))


@router.get("/session")
async def read_session(request: Request, uow: Annotated[UnitOfWork, work(SignedIn())]) -> SessionOut:
    """Who is signed in, what they may do, and the CSRF token for writes."""
    token = _token(request) or ""
    return _session(request, token, uow, await sessions.recognise(uow, token))


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, uow: Annotated[UnitOfWork, work(SignedIn())]) -> None:
    """End the session of this browser; its cookie is worth nothing from now on."""
    await sessions.sign_out(uow, _token(request) or "")
    response.delete_cookie(_edge(request).session_cookie, path="/", secure=True, httponly=True, samesite="strict")


def _edge(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


def answer(request: Request, response: Response, uow: UnitOfWork, new: NewSession) -> SessionOut:
    """Give the browser the new session's cookie, which pages cannot read and other sites cannot use."""
    response.set_cookie(
        _edge(request).session_cookie,
        new.token,
        max_age=uow.setup.settings.of(IdentitySettings).session_limit,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return _session(request, new.token, uow, new.person)


def _token(request: Request) -> str | None:
    """Return the session's token that the browser sent, if it sent one."""
    return cookie(request.scope, _edge(request).session_cookie.encode())


def _session(request: Request, token: str, uow: UnitOfWork, person: SignedInPerson) -> SessionOut:
    return SessionOut(
        person=SignedInPersonOut.model_validate(
            {"id": person.person_id, "name": person.name, "email": person.email, "role": person.role}
        ),
        permissions=sorted(uow.setup.roles.rights_of(person.role)),
        csrf_token=csrf_token(_edge(request).secret_key, token),
        expires_at=person.expires_at,
    )
