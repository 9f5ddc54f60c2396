"""The addresses that browsers and researchers look for themselves (RFC 8615): a new password, telling of a hole."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response

from mainstay import clock
from mainstay.errors import NotFound
from mainstay.permission import Public
from mainstay.settings import CoreSettings
from mainstay.web.routing import Edge, actor
from mainstay.work import Actor

ANYBODY = Public("whoever asks has no account here, or has not signed in yet")
# Where the web app of every program has the page; whoever is signed out signs in first.
ACCOUNT_PAGE = "/account"
# RFC 9116 wants a date within the year; the file is made anew for each reader.
VALID = timedelta(days=180)

router = APIRouter(prefix="/.well-known", include_in_schema=False)


@router.get("/change-password", status_code=302)
async def change_password(_actor: Annotated[Actor, actor(ANYBODY)]) -> Response:
    """Send a password manager to the page where a password is changed.

    The address is that of the W3C, A Well-Known URL for Changing Passwords.
    """
    return Response(status_code=302, headers={"Location": ACCOUNT_PAGE})


@router.get("/security.txt")
async def security_txt(request: Request, _actor: Annotated[Actor, actor(ANYBODY)]) -> Response:
    """Say whom to tell of a vulnerability (RFC 9116), when the settings name somebody."""
    edge: Edge = request.app.state.edge
    core = edge.open_work.setup.settings.of(CoreSettings)
    if core.security_contact is None:
        raise NotFound("Nobody is named here.")
    expires = (clock.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {core.security_contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    if core.public_url is not None:
        lines.append(f"Canonical: {core.public_url.rstrip('/')}/.well-known/security.txt")
    return Response("\n".join([*lines, ""]), media_type="text/plain; charset=utf-8")
