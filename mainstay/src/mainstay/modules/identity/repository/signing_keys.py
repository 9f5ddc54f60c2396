"""Every statement about the keys that sign access tokens."""

from datetime import timedelta

from mainstay.work import Row, UnitOfWork

SIGNING = "SELECT kid, private_key_sealed FROM identity_signing_key WHERE retired_at IS NULL"

# Of two processes that make the first key at once, one finds the other's.
ADD = """
INSERT INTO identity_signing_key (kid, public_key, private_key_sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""

RETIRE = """
UPDATE identity_signing_key SET retired_at = clock_timestamp(), private_key_sealed = NULL WHERE retired_at IS NULL
"""

VERIFYING = """
SELECT kid, public_key FROM identity_signing_key
WHERE retired_at IS NULL OR retired_at > clock_timestamp() - $1::interval
ORDER BY retired_at DESC NULLS FIRST, created_at DESC, kid
"""


async def signing(uow: UnitOfWork) -> Row | None:
    """Find the key that signs."""
    return await uow.read_row(SIGNING)


async def add(uow: UnitOfWork, kid: str, public_key: bytes, sealed: bytes) -> None:
    """Add the key that signs, unless there is one."""
    await uow.write(ADD, kid, public_key, sealed)


async def retire(uow: UnitOfWork) -> None:
    """End the signing of the present key and forget its private half."""
    await uow.write(RETIRE)


async def verifying(uow: UnitOfWork, overlap: timedelta) -> list[Row]:
    """Return the keys that verify, the newest first."""
    return await uow.read(VERIFYING, overlap)
