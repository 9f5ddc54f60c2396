"""Every statement about PINs."""

from uuid import UUID

from mainstay.modules.identity.repository.factors import LACKS_FACTOR
from mainstay.work import Row, UnitOfWork

PUT = """
INSERT INTO identity_pin (person_id, pin_sealed) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET pin_sealed = excluded.pin_sealed, changed_at = clock_timestamp()
RETURNING changed_at
"""

# One who has no PIN is found as well: both get the same answer in the same time.
CANDIDATE = f"""
SELECT person.id, person.name, person.email, person.role, person.place_ids, role.permissions,
       role.known_permissions, pin.pin_sealed, pin.changed_at AS pin_changed_at
FROM identity_person AS person JOIN identity_role AS role ON role.key = person.role
LEFT JOIN identity_pin AS pin ON pin.person_id = person.id
WHERE person.id = $1 AND person.is_active AND NOT {LACKS_FACTOR}
"""  # noqa: S608  constants

# Against whoever changes the person or the PIN while it is being used; the role is still the one that was read.
HOLD = """
SELECT person.id FROM identity_person AS person JOIN identity_pin AS pin ON pin.person_id = person.id
WHERE person.id = $1 AND person.is_active AND person.role = $2 AND pin.changed_at = $3
FOR NO KEY UPDATE OF person, pin
"""


async def put(uow: UnitOfWork, person_id: UUID, pin_sealed: bytes) -> None:
    """Give a person a PIN, or another one."""
    await uow.write(PUT, person_id, pin_sealed)


async def find(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Return when a person set their PIN (`changed_at`); None when they have none."""
    return await uow.read_row("SELECT changed_at FROM identity_pin WHERE person_id = $1", person_id)


async def remove(uow: UnitOfWork, person_id: UUID) -> bool:
    """Take a person's PIN away; False when they have none."""
    return bool(await uow.write("DELETE FROM identity_pin WHERE person_id = $1 RETURNING person_id", person_id))


async def candidate(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find an active person with what their role holds and their PIN, if they have one."""
    return await uow.read_row(CANDIDATE, person_id)


async def hold(uow: UnitOfWork, person: Row) -> bool:
    """Keep a person and their PIN from being changed until this work ends; False when either was changed meanwhile."""
    return bool(await uow.write(HOLD, person["id"], person["role"], person["pin_changed_at"]))
