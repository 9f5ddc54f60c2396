"""Shared devices, as a till is: enrolling one, who can sign in on it, and signing in by PIN."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay import crypto
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import NoStation, PlaceUnknown, StationIdTaken, StationUnknown, WrongPin
from mainstay.modules.identity.events import StationEnrolled, StationRevoked
from mainstay.modules.identity.repository import stations as repository
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.repository.stations import NewStation
from mainstay.modules.identity.service import pins, rights, sessions
from mainstay.modules.identity.service.pins import PinGiven
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.setup import Stand
from mainstay.work import Row, Station, UnitOfWork

NONE_HERE = "People do not sign in by PIN on this device; a manager can let them, in the settings."

NO_DEVICE = "There is no such device."


@dataclass(frozen=True, slots=True)
class Here:
    """The device that a browser is, with what it stands at."""

    station: Station
    name: str
    place: Stand


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A device in the list; `place_name` is None when what it stood at is gone."""

    row: Row
    place_name: str | None
    is_here: bool


async def enrol(uow: UnitOfWork, new: NewStation, old_token: str | None) -> str:
    """Enrol the browser that asks; return the token that only it keeps. What it was before ends.

    Raises PlaceUnknown and StationIdTaken.
    """
    stand = (await uow.setup.stands(uow)).get(new.place_id)
    if not _is_reached(uow, stand) or stand is None:
        raise PlaceUnknown("There is nothing with this id that a device can stand at.")
    former = None if old_token is None else await repository.by_token(uow, crypto.digest(old_token))
    if former is not None:
        await _remove(uow, former["id"])
    token = crypto.new_token()
    if not await repository.add(uow, new, crypto.digest(token)):
        raise StationIdTaken("A device with this id was enrolled before; enrol this one under another.")
    uow.publish(StationEnrolled(station_id=new.id, place_id=new.place_id))
    told = {"name": new.name, "place_id": str(new.place_id)}
    uow.record(Entry("identity.station_enrolled", "identity.station", new.id, new=told))
    return token


async def enrolled(uow: UnitOfWork, token: str | None) -> list[Enrolled]:
    """Return the devices that are enrolled where the actor reaches; `token` is the asking browser's."""
    places = await uow.setup.stands(uow)
    here = None if token is None else crypto.digest(token)
    return [
        Enrolled(row, place.name if (place := places.get(row["place_id"])) else None, row["token_digest"] == here)
        for row in await repository.stations(uow)
        if _is_reached(uow, places.get(row["place_id"]))
    ]


async def revoke(uow: UnitOfWork, station_id: UUID) -> None:
    """Have a device take no PINs any more; whoever is signed in by one there is signed out. Raises StationUnknown."""
    row = await repository.by_id(uow, station_id)
    if row is None or not _is_reached(uow, (await uow.setup.stands(uow)).get(row["place_id"])):
        raise StationUnknown(NO_DEVICE)
    if not await _remove(uow, station_id):
        raise StationUnknown(NO_DEVICE)


async def _remove(uow: UnitOfWork, station_id: UUID) -> bool:
    """Return whether the device was still there: somebody else may have removed it a moment ago."""
    row = await repository.remove(uow, station_id)
    if row is None:
        return False
    sessions.forget_station(station_id)
    uow.publish(StationRevoked(station_id=station_id, place_id=row["place_id"]))
    told = {"name": row["name"], "place_id": str(row["place_id"])}
    uow.record(Entry("identity.station_revoked", "identity.station", station_id, old=told))
    return True


async def revoke_at(uow: UnitOfWork, place_id: UUID) -> None:
    """Revoke every device at a place, because it is given up."""
    for row in await repository.stations(uow):
        if row["place_id"] == place_id:
            await _remove(uow, row["id"])


async def find(uow: UnitOfWork, token: str | None) -> Here | None:
    """Return the device that has `token`; None when it is none, or its place is gone."""
    if token is None:
        return None
    unused = timedelta(days=uow.setup.settings.of(IdentitySettings).station_days)
    row = await repository.find(uow, crypto.digest(token), unused)
    place = None if row is None else (await uow.setup.stands(uow)).get(row["place_id"])
    if row is None or place is None:
        return None
    return Here(Station(row["id"], place.id), row["name"], place)


async def demand(uow: UnitOfWork, token: str | None) -> Here:
    """Return the device that has `token`. Raises NoStation."""
    here = await find(uow, token)
    if here is None:
        raise NoStation(NONE_HERE)
    return here


async def people(uow: UnitOfWork, right: str, stand: Stand) -> list[Row]:
    """Return who has a PIN, reaches a stand and holds a right that counts at shared devices, by name."""
    if right not in uow.setup.roles.for_stations:
        return []
    found = [row for row in await repository.people_with_pin(uow) if reaches(row, stand)]
    return [row for row in found if right in rights.held_by(uow, row)]


def _is_reached(uow: UnitOfWork, stand: Stand | None) -> bool:
    """Whether the actor reaches a stand; one that is gone is left to those who reach all places."""
    if stand is None or stand.within is None:
        return uow.actor.reach.places is None or stand is not None
    return uow.actor.reach.has(stand.within)


def reaches(person: Row, stand: Stand) -> bool:
    """Whether a person, with their `place_ids`, may do anything at a stand."""
    return stand.within is None or person["place_ids"] is None or stand.within in person["place_ids"]


async def stand_of(uow: UnitOfWork, station: Station) -> Stand:
    """Return what a device stands at. Raises NoStation when that is gone."""
    found = (await uow.setup.stands(uow)).get(station.place_id)
    if found is None:
        raise NoStation(NONE_HERE)
    return found


async def sign_in(uow: UnitOfWork, here: Here, given: PinGiven, browser: Browser, old_token: str | None) -> NewSession:
    """Begin a session by PIN on a device; whoever was signed in there is signed out.

    Raises WrongPin and TooManyAttempts.
    """
    try:
        proven = await pins.prove(uow, here.station, given)
        if here.place.right not in proven.rights or not reaches(proven.row, here.place):
            raise WrongPin(pins.WRONG)
    except WrongPin:
        told = {"by": "pin", "station_id": str(here.station.id)}
        await uow.record_apart(Entry("identity.sign_in_failed", "identity.person", given.person_id, new=told))
        raise
    if not await repository.use(uow, here.station.id):
        raise NoStation(NONE_HERE)
    await pins.accept(uow, proven)
    if old_token is not None:
        await sessions.sign_out(uow, old_token)
    row = proven.row
    person = Identified(row["id"], row["name"], row["email"], row["role"])
    return await sessions.begin(uow, person, browser, station=here.station)
