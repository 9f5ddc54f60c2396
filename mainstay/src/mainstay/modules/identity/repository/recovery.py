"""Every statement about recovery codes."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD = """
INSERT INTO identity_recovery_code (id, person_id, selector, code_hash)
SELECT id, $1, selector, code_hash FROM unnest($2::uuid[], $3::text[], $4::text[]) AS made (id, selector, code_hash)
"""

UNUSED = """
SELECT id, code_hash FROM identity_recovery_code WHERE person_id = $1 AND selector = $2 AND used_at IS NULL
"""

# A code works once, whoever else uses it at the same moment.
USE = "UPDATE identity_recovery_code SET used_at = now() WHERE id = $1 AND used_at IS NULL RETURNING id"


async def replace(uow: UnitOfWork, person_id: UUID, codes: Sequence[tuple[UUID, str, str]]) -> None:
    """Put new codes (id, selector, hash) in the place of all that a person had."""
    await remove(uow, person_id)
    await uow.write(ADD, person_id, *map(list, zip(*codes, strict=True)))


async def unused(uow: UnitOfWork, person_id: UUID, selector: str) -> Row | None:
    """Find the code that a selector names, if it was not used."""
    return await uow.read_row(UNUSED, person_id, selector)


async def use(uow: UnitOfWork, code_id: UUID) -> bool:
    """Use a code up; False when it was used meanwhile."""
    return bool(await uow.write(USE, code_id))


async def remove(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete all codes of a person."""
    await uow.write("DELETE FROM identity_recovery_code WHERE person_id = $1", person_id)
