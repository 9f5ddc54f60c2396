"""Every statement about shared devices, and about who can sign in on one."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay.modules.identity.repository.factors import LACKS_FACTOR
from mainstay.work import Row, UnitOfWork

ADD = """
INSERT INTO identity_station (id, token_digest, place_id, name, created_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING id
"""

LIST = """
SELECT station.id, station.place_id, station.name, station.created_at, station.last_used_at, station.token_digest,
       person.name AS created_by_name
FROM identity_station AS station LEFT JOIN identity_person AS person ON person.id = station.created_by
ORDER BY station.created_at, station.id LIMIT 500
"""

# Enrolled, and used within $2.
FIND = """
SELECT id, place_id, name FROM identity_station
WHERE token_digest = $1 AND coalesce(last_used_at, created_at) > clock_timestamp() - $2::interval
"""

# Held against its being taken away meanwhile.
USE = """
UPDATE identity_station SET last_used_at = clock_timestamp() WHERE id = $1 RETURNING id
"""

REMOVE = "DELETE FROM identity_station WHERE id = $1 RETURNING id, place_id, name"

# Who is here and has a PIN; what their role holds decides whether they are shown.
PEOPLE_WITH_PIN = f"""
SELECT person.id, person.name, person.role, person.place_ids, role.permissions, role.known_permissions
FROM identity_pin AS pin JOIN identity_person AS person ON person.id = pin.person_id
JOIN identity_role AS role ON role.key = person.role
WHERE person.is_active AND NOT {LACKS_FACTOR} ORDER BY lower(person.name), person.id
"""  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class NewStation:
    """A device about to be enrolled."""

    id: UUID
    place_id: UUID
    name: str


async def add(uow: UnitOfWork, station: NewStation, digest: bytes) -> bool:
    """Enrol a device; False when the id is taken."""
    return bool(await uow.write(ADD, station.id, digest, station.place_id, station.name, uow.actor.id))


async def stations(uow: UnitOfWork) -> list[Row]:
    """Return all devices, the first one first."""
    return await uow.read(LIST)


async def find(uow: UnitOfWork, digest: bytes, unused: timedelta) -> Row | None:
    """Find the device with a token; None when it is not enrolled, or was not used for too long."""
    return await uow.read_row(FIND, digest, unused)


async def use(uow: UnitOfWork, station_id: UUID) -> bool:
    """Note that a device is used, and keep it until this work ends; False when it was taken away."""
    return bool(await uow.write(USE, station_id))


async def remove(uow: UnitOfWork, station_id: UUID) -> Row | None:
    """Take a device away, and every session that began on it; None when there is none."""
    return await uow.write_row(REMOVE, station_id)


async def by_token(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find the device with a token, however long it was not used."""
    return await uow.read_row("SELECT id, place_id FROM identity_station WHERE token_digest = $1", digest)


async def by_id(uow: UnitOfWork, station_id: UUID) -> Row | None:
    """Find a device."""
    return await uow.read_row("SELECT id, place_id FROM identity_station WHERE id = $1", station_id)


async def people_with_pin(uow: UnitOfWork) -> list[Row]:
    """Return the active people who have a PIN, with what their role holds, by name."""
    return await uow.read(PEOPLE_WITH_PIN)
