"""Sessions: begin one, be recognised by it, end it."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import clock, crypto, ids
from mainstay.errors import JsonValue, NotSignedIn
from mainstay.messages.audit import Entry
from mainstay.modules.identity.events import SignedIn, SignedOut
from mainstay.modules.identity.repository import factors
from mainstay.modules.identity.repository import sessions as repository
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sessions import Browser, SessionKey, Spans
from mainstay.modules.identity.service import rights
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import EVERYWHERE, Bounds
from mainstay.work import Actor, FactorState, Station, UnitOfWork

UNTOLD = Browser()


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """A session, whose it is and what they may do."""

    session_id: UUID
    expires_at: datetime
    person_id: UUID
    name: str
    email: str
    role: str
    permissions: frozenset[str]
    factor: FactorState = "none"
    reach: Bounds = EVERYWHERE
    station: Station | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session under a new token, which only the browser keeps, and not beyond its own end if it so wants."""

    token: str
    person: SignedInPerson
    ends_with_browser: bool = False


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

    def drop_at(self, station_id: UUID) -> None:
        """Forget the sessions that began on a shared device."""
        for digest, (_, known) in tuple(self._known.items()):
            if known.station is not None and known.station.id == station_id:
                del self._known[digest]

    def drop_of(self, person_id: UUID, keep: UUID | None = None) -> None:
        """Forget the sessions of a person but `keep`."""
        of_person = [digest for digest, (_, known) in self._known.items() if known.person_id == person_id]
        for digest in of_person:
            if self._known[digest][1].session_id != keep:
                del self._known[digest]


_recent = RecentSessions()


async def authenticate(uow: UnitOfWork, token: str) -> Actor:
    """Return who the session `token` belongs to; at most one statement. Raises NotSignedIn."""
    return _actor(await recognise(uow, token))


def _actor(person: SignedInPerson) -> Actor:
    return Actor(
        "person",
        id=person.person_id,
        name=person.name,
        role=person.role,
        permissions=person.permissions,
        session_id=person.session_id,
        factor=person.factor,
        reach=person.reach,
        station=person.station,
    )


async def recognise(uow: UnitOfWork, token: str) -> SignedInPerson:
    """Return the living session of `token` and its person. Raises NotSignedIn."""
    digest = crypto.digest(token)
    known = _recent.find(digest)
    if known is not None:
        return known
    settings = uow.setup.settings.of(IdentitySettings)
    row = await repository.use_session(uow, digest, _spans(settings))
    if row is None:
        raise NotSignedIn("Your session has ended; sign in again.")
    station = None if row["station_id"] is None else Station(row["station_id"], row["place_id"])
    held = _usable(uow, rights.held_by(uow, row), row["factor"], station)
    who = (row["person_id"], row["name"], row["email"], row["role"])
    reach = rights.reach_of(uow, row)
    person = SignedInPerson(row["id"], row["expires_at"], *who, held, row["factor"], reach, station)
    _recent.put(digest, person, settings.session_cache)
    return person


def _spans(settings: IdentitySettings) -> Spans:
    seconds = (settings.session_idle, settings.pin_idle, settings.session_touch, settings.factor_fresh)
    return Spans(*(timedelta(seconds=each) for each in seconds))


async def begin(
    uow: UnitOfWork,
    person: Identified,
    browser: Browser = UNTOLD,
    *,
    with_factor: bool = False,
    station: Station | None = None,
) -> NewSession:
    """Begin a session for a person whose identity is proven, under a token that nobody has seen before.

    `with_factor` says that they gave a second factor; who gave none here has none. `station` is the shared device on
    which a PIN was their proof: then only rights that are for such devices count, and for a shorter time.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    token, session_id = crypto.new_token(), ids.new_id()
    lifetime = timedelta(seconds=settings.session_limit if station is None else settings.pin_limit)
    key = SessionKey(session_id, crypto.digest(token), None if station is None else station.id)
    expires_at = await repository.add_session(uow, key, person.id, lifetime, browser)
    factor = await _factor_at_start(uow, person, session_id, with_factor=with_factor, station=station)
    held = _usable(uow, await rights.of_role(uow, person.role), factor, station)
    who = (person.id, person.name, person.email, person.role)
    reach = await rights.reach_of_person(uow, person.id)
    begun = SignedInPerson(session_id, expires_at, *who, held, factor, reach, station)
    uow.actor = _actor(begun)
    uow.publish(SignedIn(person_id=person.id, session_id=session_id))
    told: dict[str, JsonValue] = {"session_id": str(session_id), "with_factor": with_factor}
    if station is not None:
        told["station_id"] = str(station.id)
    uow.record(Entry("identity.signed_in", "identity.person", person.id, new=told))
    return NewSession(token, begun, browser.ends_with_browser)


async def rotate(uow: UnitOfWork, person: SignedInPerson) -> NewSession:
    """Put a session under a token that nobody has seen before; the old one is worth nothing from now on.

    Raises NotSignedIn when it has ended.
    """
    token = crypto.new_token()
    row = await repository.change_token(uow, person.session_id, crypto.digest(token))
    forget(person.person_id)
    if row is None:
        raise NotSignedIn("Your session has ended; sign in again.")
    return NewSession(token, person, row["ends_with_browser"])


async def renew(uow: UnitOfWork, person: SignedInPerson, factor: FactorState = "fresh") -> NewSession:
    """Go on under a fresh token after `person` proved themselves again; the old one is worth nothing.

    `factor` is what they are known by from now on: `none` for those who have none. Raises NotSignedIn.

    ASVS 5.0, 7.2.4: proving oneself again makes a new token. Other processes look the new one up at once, so that
    none goes on knowing the factor as stale, nor the person as one without rights for want of it.
    """
    await factors.mark_session(uow, person.session_id)
    held = _usable(uow, await rights.of_role(uow, person.role), factor, person.station)
    renewed = replace(person, factor=factor, permissions=held)
    uow.actor = _actor(renewed)
    return await rotate(uow, renewed)


async def _mark(uow: UnitOfWork, session_id: UUID) -> FactorState:
    await factors.mark_session(uow, session_id)
    return "fresh"


async def _factor_at_start(
    uow: UnitOfWork, person: Identified, session_id: UUID, *, with_factor: bool, station: Station | None
) -> FactorState:
    if with_factor:
        return await _mark(uow, session_id)
    if station is not None:  # who must have a factor and has none does not come this far
        return "stale" if await factors.has_any(uow, person.id) else "none"
    return "lacking" if await factors.is_required(uow, person.role) else "none"


def _usable(uow: UnitOfWork, held: frozenset[str], factor: FactorState, station: Station | None) -> frozenset[str]:
    """Return what of a role's rights counts: nothing before the second factor is there that the role must have.

    A PIN opens no more than what may be done at shared devices.
    """
    if factor == "lacking":
        return frozenset()
    return held if station is None else held & uow.setup.roles.for_stations


async def sign_out(uow: UnitOfWork, token: str) -> None:
    """End the session of `token`; harmless when it has ended."""
    digest = crypto.digest(token)
    ended = await repository.end_session(uow, digest)
    _recent.drop(digest)
    if ended is not None:
        person_id, session_id = ended["person_id"], ended["id"]
        uow.publish(SignedOut(person_id=person_id, session_id=session_id))
        uow.record(Entry("identity.signed_out", "identity.person", person_id, old={"session_id": str(session_id)}))


def forget_station(station_id: UUID) -> None:
    """Look the sessions that began on a shared device up again when they are next used, in this process."""
    _recent.drop_at(station_id)


def forget(person_id: UUID, keep: UUID | None = None) -> None:
    """Look the sessions of a person but `keep` up again when they are next used, in this process."""
    _recent.drop_of(person_id, keep)
