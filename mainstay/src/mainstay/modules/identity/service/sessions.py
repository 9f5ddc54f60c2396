"""Sessions: begin one, be recognised by it, end it."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import clock, crypto, ids
from mainstay.errors import NotSignedIn
from mainstay.modules.identity.events import SignedIn, SignedOut
from mainstay.modules.identity.repository import sessions as repository
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Actor, UnitOfWork


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """A session and whose it is."""

    session_id: UUID
    expires_at: datetime
    person_id: UUID
    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun, with the token that only the browser keeps."""

    token: str
    person: SignedInPerson


class RecentSessions:
    """Sessions looked up a moment ago, by token digest: no statement for the next call of the same browser.

    Bounded, and for so short a time that other processes may be late by it when a session ends there.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._known: OrderedDict[bytes, tuple[float, SignedInPerson]] = OrderedDict()

    def find(self, digest: bytes) -> SignedInPerson | None:
        """Return the session, if it was put here and its time has not run out."""
        until, person = self._known.get(digest, (0.0, None))
        if person is None or clock.monotonic() >= until:
            self._known.pop(digest, None)
            return None
        return person

    def put(self, digest: bytes, person: SignedInPerson, seconds: float) -> None:
        """Remember a session for some `seconds`; the oldest make room."""
        if seconds <= 0:
            return
        self._known[digest] = (clock.monotonic() + seconds, person)
        self._known.move_to_end(digest)
        if len(self._known) > self._size:
            self._known.popitem(last=False)

    def drop(self, digest: bytes) -> None:
        """Forget a session."""
        self._known.pop(digest, None)


_recent = RecentSessions()


async def authenticate(uow: UnitOfWork, token: str) -> Actor:
    """Return who the session `token` belongs to; at most one statement. Raises NotSignedIn."""
    person = await recognise(uow, token)
    return Actor(
        "person",
        id=person.person_id,
        name=person.name,
        role=person.role,
        permissions=uow.setup.roles.rights_of(person.role),
        session_id=person.session_id,
    )


async def recognise(uow: UnitOfWork, token: str) -> SignedInPerson:
    """Return the living session of `token` and its person. Raises NotSignedIn."""
    digest = crypto.digest(token)
    known = _recent.find(digest)
    if known is not None:
        return known
    settings = uow.setup.settings.of(IdentitySettings)
    idle, touch = timedelta(seconds=settings.session_idle), timedelta(seconds=settings.session_touch)
    row = await repository.use_session(uow, digest, idle, touch)
    if row is None:
        raise NotSignedIn("Your session has ended; sign in again.")
    person = SignedInPerson(row["id"], row["expires_at"], row["person_id"], row["name"], row["email"], row["role"])
    _recent.put(digest, person, settings.session_cache)
    return person


async def begin(uow: UnitOfWork, person: Identified) -> NewSession:
    """Begin a session for a person whose identity is proven, under a token that nobody has seen before."""
    settings = uow.setup.settings.of(IdentitySettings)
    token, session_id = crypto.new_token(), ids.new_id()
    lifetime = timedelta(seconds=settings.session_limit)
    expires_at = await repository.add_session(uow, (session_id, crypto.digest(token)), person.id, lifetime)
    uow.actor = Actor("person", person.id, person.name, person.role, uow.setup.roles.rights_of(person.role), session_id)
    uow.publish(SignedIn(person_id=person.id, session_id=session_id))
    return NewSession(token, SignedInPerson(session_id, expires_at, person.id, person.name, person.email, person.role))


async def sign_out(uow: UnitOfWork, token: str) -> None:
    """End the session of `token`; harmless when it has ended."""
    digest = crypto.digest(token)
    ended = await repository.end_session(uow, digest)
    _recent.drop(digest)
    if ended is not None:
        uow.publish(SignedOut(person_id=ended["person_id"], session_id=ended["id"]))
