"""The routes of the session: sign in, who is signed in, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.schemas.people import SignedInPersonOut
from mainstay.modules.identity.schemas.session import SessionOut, SignInIn
from mainstay.modules.identity.service import known_devices, sessions
from mainstay.modules.identity.service.sessions import NewSession, SignedInPerson
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.sign_in import sign_in as sign_in_by_password
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.web.csrf import csrf_token
from mainstay.web.head import cookie, header
from mainstay.web.routing import Edge, work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

SIGN_IN = Public("nobody is signed in before signing in")

# Longer user agents are cut: enough to tell a browser and a system by.
LONGEST_AGENT = 300

# What the public route answers besides the replies that every route has.
NOT_YOU: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}


@router.post("/session", status_code=201, responses=NOT_YOU)
async def sign_in(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn
) -> SessionOut:
    """Sign in. Five wrong tries in a minute make an account wait; a right one starts a session in a new cookie."""
    device = known_devices.digest_of(edge_of(request).secret_key, _device(request), given.email)
    browser = browser_of(request, ends_with_browser=given.ends_with_browser)
    login = Login(given.email, given.password.get_secret_value(), browser.address, token_of(request), device, browser)
    return answer(request, response, uow, await sign_in_by_password(uow, login))


@router.get("/session")
async def read_session(request: Request, uow: Annotated[UnitOfWork, work(SignedIn())]) -> SessionOut:
    """Who is signed in, what they may do, and the CSRF token for writes."""
    token = token_of(request) or ""
    return _session(request, token, await sessions.recognise(uow, token))


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, uow: Annotated[UnitOfWork, work(SignedIn())]) -> None:
    """End the session of this browser; its cookie is worth nothing from now on."""
    await sessions.sign_out(uow, token_of(request) or "")
    response.delete_cookie(edge_of(request).session_cookie, path="/", secure=True, httponly=True, samesite="strict")


def edge_of(request: Request) -> Edge:
    """Return what the program's routes need of it."""
    edge: Edge = request.app.state.edge
    return edge


def address_of(request: Request) -> str:
    """Return the address that the request came from."""
    return request.client.host if request.client else ""


def browser_of(request: Request, *, ends_with_browser: bool = False) -> Browser:
    """Return what the browser says of itself, cut to what a list of devices needs."""
    agent = (header(request.scope, b"user-agent") or b"").decode("latin-1")[:LONGEST_AGENT]
    return Browser(address_of(request), "".join(filter(str.isprintable, agent)), ends_with_browser)


def answer(request: Request, response: Response, uow: UnitOfWork, new: NewSession) -> SessionOut:
    """Give the browser the new session's cookie, and the one by which the account knows this device from now on.

    Pages cannot read them and other sites cannot use them.
    """
    edge, settings = edge_of(request), uow.setup.settings.of(IdentitySettings)
    device = known_devices.with_account(edge.secret_key, _device(request), new.person.email)
    for name, value, seconds in (
        (edge.session_cookie, new.token, None if new.ends_with_browser else settings.session_limit),
        (f"{edge.session_cookie}-device", device, settings.device_days * 86_400),
    ):
        response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")
    return _session(request, new.token, new.person)


def _device(request: Request) -> str | None:
    return cookie(request.scope, f"{edge_of(request).session_cookie}-device".encode())


def token_of(request: Request) -> str | None:
    """Return the session's token that the browser sent, if it sent one."""
    return cookie(request.scope, edge_of(request).session_cookie.encode())


def _session(request: Request, token: str, person: SignedInPerson) -> SessionOut:
    return SessionOut(
        person=SignedInPersonOut.model_validate(
            {"id": person.person_id, "name": person.name, "email": person.email, "role": person.role}
        ),
        permissions=sorted(person.permissions),
        csrf_token=csrf_token(edge_of(request).secret_key, token),
        expires_at=person.expires_at,
    )
