"""What a request says of the browser it comes from: its cookies, and the site that it shows."""

from fastapi import Request, Response

from mainstay import crypto
from mainstay.modules.identity.errors import StepLost
from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.factors import Circumstances
from mainstay.modules.identity.service.passkeys import Party, Purpose, Window
from mainstay.modules.identity.service.second_step import LOST, Arrival
from mainstay.modules.identity.service.sessions import SignedInPerson
from mainstay.web.addresses import Addresses
from mainstay.web.head import cookie, header
from mainstay.web.routing import Edge
from mainstay.work import UnitOfWork

# Longer ones tell nobody more in a list of devices.
LONGEST_AGENT = 300


def edge_of(request: Request) -> Edge:
    """Return what the web edge knows of the program."""
    edge: Edge = request.app.state.edge
    return edge


def token_of(request: Request) -> str | None:
    """Return the session's token that the browser sent, if it sent one."""
    return cookie(request.scope, edge_of(request).cookie_name)


async def person_of(request: Request, uow: UnitOfWork) -> SignedInPerson:
    """Return who is signed in; to be asked before the transaction begins. Raises NotSignedIn."""
    return await sessions.recognise(uow, token_of(request) or "")


def device_cookie(request: Request) -> str:
    """Return the name of the cookie by which an account knows a device that has signed in to it."""
    return f"{edge_of(request).session_cookie}-device"


def device_of(request: Request) -> str | None:
    """Return what tells the device that the browser is on, if it has signed in before."""
    return cookie(request.scope, device_cookie(request).encode())


def address_of(request: Request) -> str:
    """Return the address that the request came from."""
    return request.client.host if request.client else ""


def read_browser(request: Request, *, ends_with_browser: bool = False) -> Browser:
    """Return what the browser says of itself, cut to what a list of devices needs."""
    agent = (header(request.scope, b"user-agent") or b"").decode("latin-1")[:LONGEST_AGENT]
    return Browser(address_of(request), "".join(filter(str.isprintable, agent)), ends_with_browser)


def arrival_of(request: Request, *, ends_with_browser: bool = False) -> Arrival:
    """Return the browser that a session is to begin in."""
    return Arrival(read_browser(request, ends_with_browser=ends_with_browser), token_of(request))


def step_cookie(request: Request) -> str:
    """Return the name of the cookie that a browser has while it signs in; it is no session's."""
    return f"{edge_of(request).session_cookie}-step"


def find_step_token(request: Request) -> str | None:
    """Return the token of the browser that is signing in, if it sent one."""
    return cookie(request.scope, step_cookie(request).encode())


def step_token(request: Request) -> str:
    """Return the token of the browser that is signing in. Raises StepLost."""
    token = find_step_token(request)
    if token is None:
        raise StepLost(LOST)
    return token


def station_cookie(request: Request) -> str:
    """Return the name of the cookie by which a browser is a shared device; it opens nothing without a PIN."""
    return f"{edge_of(request).session_cookie}-station"


def find_station_token(request: Request) -> str | None:
    """Return what tells which shared device the browser is, if it is one."""
    return cookie(request.scope, station_cookie(request).encode())


def keep_cookie(response: Response, name: str, token: str, seconds: int | None) -> None:
    """Give the browser a cookie, which pages cannot read nor other sites use; without `seconds` it ends with it."""
    response.set_cookie(name, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict")


def forget_cookie(response: Response, name: str) -> None:
    """Take a cookie away from the browser."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")


def party_of(request: Request) -> Party | None:
    """Return the site that the browser shows; None where it was opened by a number."""
    addresses: Addresses = request.app.state.addresses
    site = addresses.site_of((header(request.scope, b"host") or b"").decode("latin-1"))
    return None if site is None else Party(site.name, site.origins)


def window_signing_in(request: Request, token: str) -> Window:
    """Return the browser that is signing in under a step's `token`."""
    return Window(crypto.digest(token), party_of(request))


def window_in_session(request: Request, uow: UnitOfWork) -> Window:
    """Return the browser that is signed in."""
    return Window(crypto.digest(f"session/{uow.actor.session_id}"), party_of(request))


def circumstances(request: Request, window: Window, purpose: Purpose) -> Circumstances:
    """Return where a second factor is given."""
    return Circumstances(edge_of(request).keyring, window, purpose)
