"""Every statement about authenticator apps."""

from uuid import UUID

from mainstay.work import Row, UnitOfWork

# What was begun and never confirmed is begun anew.
PUT_BEGUN = """
INSERT INTO identity_totp (id, person_id, secret_sealed) VALUES ($1, $2, $3)
ON CONFLICT (person_id) WHERE confirmed_at IS NULL DO UPDATE
SET id = excluded.id, secret_sealed = excluded.secret_sealed, created_at = now(), last_step = 0
"""

BEGUN = """
SELECT id, secret_sealed FROM identity_totp
WHERE person_id = $1 AND confirmed_at IS NULL AND created_at > clock_timestamp() - interval '1 hour'
"""

COUNTING = """
SELECT id, secret_sealed, confirmed_at, last_used_at FROM identity_totp
WHERE person_id = $1 AND confirmed_at IS NOT NULL
"""

CONFIRM = """
UPDATE identity_totp SET confirmed_at = now(), last_used_at = now(), last_step = $2
WHERE id = $1 AND confirmed_at IS NULL RETURNING id
"""

# A time step works once, whoever else asks at the same moment: the second waits for the row and finds it used.
USE_STEP = """
UPDATE identity_totp SET last_step = $2, last_used_at = now()
WHERE id = $1 AND last_step < $2 RETURNING id
"""


async def put_begun(uow: UnitOfWork, totp_id: UUID, person_id: UUID, sealed: bytes) -> None:
    """Keep the key of an app that is being set up; an earlier one that was not confirmed is gone."""
    await uow.write(PUT_BEGUN, totp_id, person_id, sealed)


async def begun(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find the app that a person is setting up; it has an hour for that."""
    return await uow.read_row(BEGUN, person_id)


async def counting(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find the app that a person signs in with."""
    return await uow.read_row(COUNTING, person_id)


async def confirm(uow: UnitOfWork, totp_id: UUID, step: int) -> bool:
    """Have an app count from now on, with the step of its first code used; False when it does already."""
    return bool(await uow.write(CONFIRM, totp_id, step))


async def use_step(uow: UnitOfWork, totp_id: UUID, step: int) -> bool:
    """Use a time step up; False when it, or a later one, was used before."""
    return bool(await uow.write(USE_STEP, totp_id, step))


async def remove(uow: UnitOfWork, person_id: UUID) -> bool:
    """Delete the app that a person signs in with; False when there is none."""
    sql = "DELETE FROM identity_totp WHERE person_id = $1 AND confirmed_at IS NOT NULL RETURNING id"
    return bool(await uow.write(sql, person_id))
