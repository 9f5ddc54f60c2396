"""The identity routes: set-up, invitations, the session and the list of people."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.repository import NewInvitation
from mainstay.modules.identity.schemas import (
    AcceptIn,
    InvitationCheckOut,
    InvitationIn,
    InvitationOut,
    PeopleOut,
    PersonOut,
    SessionOut,
    SetupOut,
    SignedInPersonOut,
    SignInIn,
    TokenIn,
)
from mainstay.modules.identity.service import invitations, people, sessions
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.service.sessions import NewSession, SignedInPerson
from mainstay.modules.identity.service.sign_in import Login
from mainstay.modules.identity.service.sign_in import sign_in as sign_in_by_password
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Public, SignedIn
from mainstay.web.csrf import csrf_token
from mainstay.web.head import cookie
from mainstay.web.limits.rates import SIGN_IN as SIGN_IN_RATE
from mainstay.web.limits.rates import limited
from mainstay.web.routing import Edge, work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

FRESH = Public("the first page of a new program has nobody to sign in")
LINK = Public("whoever holds a one-time link has nothing else yet")
SIGN_IN = Public("nobody is signed in before signing in")

# What public routes answer besides the replies that every route has.
DEAD_LINK: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}
NOT_YOU: dict[int | str, dict[str, Any]] = {401: {"$ref": "#/components/responses/NotSignedIn"}}


@router.get("/setup")
async def read_setup(uow: Annotated[UnitOfWork, work(FRESH)]) -> SetupOut:
    """Whether the program has an owner; without one, the link printed at its start makes the first."""
    return SetupOut(is_set_up=await people.is_set_up(uow))


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
    acceptance = Acceptance(given.token.get_secret_value(), given.password.get_secret_value(), given.name, given.email)
    return _answer(request, response, uow, await invitations.accept(uow, acceptance))


@router.post("/invitations", status_code=201)
async def invite_person(uow: Annotated[UnitOfWork, work(MANAGE)], person: InvitationIn) -> InvitationOut:
    """Make a one-time link for somebody; it is shown in this answer alone. Repeating the call gives a new link."""
    invitation = NewInvitation(person.id, person.role, person.name, person.email)
    link = await invitations.invite(uow, invitation)
    return InvitationOut(id=link.id, link_path=link.path, expires_at=link.expires_at)


@router.post("/session", status_code=201, responses=NOT_YOU)
@limited(SIGN_IN_RATE, named_by="email", free_on=(201,))
async def sign_in(
    request: Request, response: Response, uow: Annotated[UnitOfWork, work(SIGN_IN)], given: SignInIn
) -> SessionOut:
    """Sign in. Five wrong tries in a minute make an account wait; a right one starts a session in a new cookie."""
    address = request.client.host if request.client else ""
    login = Login(given.email, given.password.get_secret_value(), address, _token(request))
    return _answer(request, response, uow, await sign_in_by_password(uow, login))


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


@router.get("/people")
async def list_people(
    uow: Annotated[UnitOfWork, work(MANAGE)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1)] = 50,
) -> PeopleOut:
    """Everybody who can sign in, or could, in the order they joined."""
    size = page_size(limit)
    rows, total = await people.list_people(uow, decode_moment_cursor(cursor), size + 1)
    items = [PersonOut.model_validate(dict(row)) for row in rows[:size]]
    more = len(rows) > size
    return PeopleOut(
        items=items,
        next_cursor=encode_moment_cursor(items[-1].created_at, items[-1].id) if more else None,
        total=total,
    )


def _edge(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


def _answer(request: Request, response: Response, uow: UnitOfWork, new: NewSession) -> SessionOut:
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
