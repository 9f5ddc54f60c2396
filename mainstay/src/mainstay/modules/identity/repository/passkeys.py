"""Every statement about passkeys."""

from dataclasses import dataclass
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD = """
INSERT INTO identity_passkey (id, person_id, credential_id, public_key, sign_count, site, name, last_used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT (credential_id) DO NOTHING RETURNING id
"""

BY_CREDENTIAL = """
SELECT passkey.id, passkey.person_id, passkey.public_key, passkey.sign_count,
       person.name, person.email, person.role
FROM identity_passkey AS passkey JOIN identity_person AS person ON person.id = passkey.person_id
WHERE passkey.credential_id = $1 AND person.is_active
"""

# A device that counts must count on: of two copies that count the same, one is not the device.
USE = """
UPDATE identity_passkey SET sign_count = $2, last_used_at = now()
WHERE id = $1 AND (sign_count < $2 OR (sign_count = 0 AND $2 = 0)) RETURNING id
"""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey about to be kept."""

    id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    site: str
    name: str


async def add(uow: UnitOfWork, person_id: UUID, new: NewPasskey) -> bool:
    """Keep a passkey; False when somebody has it already."""
    values = (new.credential_id, new.public_key, new.sign_count, new.site, new.name)
    return bool(await uow.write(ADD, new.id, person_id, *values))


async def of_person(uow: UnitOfWork, person_id: UUID) -> list[Row]:
    """Return a person's passkeys, oldest first."""
    sql = """
    SELECT id, credential_id, site, name, created_at, last_used_at FROM identity_passkey
    WHERE person_id = $1 ORDER BY created_at, id
    """
    return await uow.read(sql, person_id)


async def by_credential(uow: UnitOfWork, credential_id: bytes) -> Row | None:
    """Find a passkey and the active person whose it is."""
    return await uow.read_row(BY_CREDENTIAL, credential_id)


async def use(uow: UnitOfWork, passkey_id: UUID, sign_count: int) -> bool:
    """Record a use and the device's count; False when the count did not grow."""
    return bool(await uow.write(USE, passkey_id, sign_count))


async def remove(uow: UnitOfWork, person_id: UUID, passkey_id: UUID) -> bool:
    """Delete a passkey of a person; False when they have no such passkey."""
    sql = "DELETE FROM identity_passkey WHERE id = $2 AND person_id = $1 RETURNING id"
    return bool(await uow.write(sql, person_id, passkey_id))
