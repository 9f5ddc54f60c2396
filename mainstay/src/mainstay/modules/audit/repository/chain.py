"""Every statement about the chain of hashes, and about what leaves the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork

# Whoever seals holds this until the end of the transaction; writers of entries never ask for it.
HOLD_CHAIN = "SELECT pg_advisory_xact_lock(hashtextextended('audit_link', 0))"

HEAD = """
(SELECT sequence, hash FROM audit_link ORDER BY sequence DESC LIMIT 1)
UNION ALL (SELECT sequence, hash FROM audit_checkpoint ORDER BY sequence DESC LIMIT 1)
ORDER BY sequence DESC LIMIT 1
"""

CHECKPOINT = "SELECT sequence, hash FROM audit_checkpoint ORDER BY sequence DESC LIMIT 1"

_HASHED = """
entry.position, entry.id, entry.happened_at, entry.act, entry.object_type, entry.object_id, entry.actor_kind,
entry.actor_id, entry.actor_role, entry.approver_id, entry.request_id, entry.actor_digest, entry.change_digest
"""

PENDING = f"""
SELECT {_HASHED} FROM audit_pending AS pending JOIN audit_entry AS entry USING (position)
ORDER BY pending.position LIMIT $1
"""

ADD_LINKS = """
WITH waiting AS (DELETE FROM audit_pending WHERE position = ANY($2::bigint[]))
INSERT INTO audit_link (sequence, position, previous, hash)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])
"""

LINKED = f"""
SELECT link.sequence, link.previous, link.hash, {_HASHED}, (
    SELECT jsonb_object_agg(part, jsonb_build_object('salt', encode(salt, 'hex'), 'content', content))
    FROM audit_private AS private WHERE private.position = link.position
) AS private
FROM audit_link AS link JOIN audit_entry AS entry USING (position)
WHERE link.sequence > $1 ORDER BY link.sequence LIMIT $2
"""

ERASE = "SELECT audit_erase($1, $2)"

EXPIRE = "SELECT through, through_hash, removed FROM audit_expire(now() - make_interval(years => $1))"


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an entry in the chain."""

    sequence: int
    position: int
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class HashedEntry:
    """What the chain covers of an entry, as the database keeps it."""

    position: int
    id: UUID
    happened_at: datetime
    act: str
    object_type: str
    object_id: str | None
    actor_kind: str
    actor_id: UUID | None
    actor_role: str
    approver_id: UUID | None
    request_id: str
    actor_digest: bytes | None
    change_digest: bytes | None

    @classmethod
    def of(cls, row: Row) -> "HashedEntry":
        """Take an entry out of a row."""
        return cls(**{name: row[name] for name in cls.__slots__})


async def hold_chain(uow: UnitOfWork) -> None:
    """Keep others from sealing until this work ends."""
    await uow.write(HOLD_CHAIN)


async def head(uow: UnitOfWork) -> tuple[int, bytes] | None:
    """Return the newest (sequence, hash), that of a checkpoint where all has had its time; None at the beginning."""
    row = await uow.read_row(HEAD)
    return None if row is None else (row["sequence"], row["hash"])


async def checkpoint(uow: UnitOfWork) -> tuple[int, bytes] | None:
    """Return the (sequence, hash) from which the chain goes on; None when nothing has had its time."""
    row = await uow.read_row(CHECKPOINT)
    return None if row is None else (row["sequence"], row["hash"])


async def pending(uow: UnitOfWork, limit: int) -> list[HashedEntry]:
    """Return up to `limit` entries that have no place in the chain yet."""
    return [HashedEntry.of(row) for row in await uow.read(PENDING, limit)]


async def add_links(uow: UnitOfWork, links: Sequence[Link]) -> None:
    """Add links; their entries wait no more."""
    columns = zip(*((link.sequence, link.position, link.previous, link.hash) for link in links), strict=True)
    await uow.write(ADD_LINKS, *map(list, columns))


async def linked(uow: UnitOfWork, after: int, limit: int) -> list[Row]:
    """Return up to `limit` links behind a sequence, with their entries and what is left of the private parts."""
    return await uow.read(LINKED, after, limit)


async def erase(uow: UnitOfWork, object_type: str, object_id: str) -> int:
    """Erase the private parts about a thing; return how many."""
    rows = await uow.write(ERASE, object_type, object_id)
    removed: int = rows[0][0]
    return removed


async def expire(uow: UnitOfWork, years: int) -> Row | None:
    """Delete the sealed entries older than `years`; return (through, through_hash, removed), None without any."""
    return await uow.write_row(EXPIRE, years)
