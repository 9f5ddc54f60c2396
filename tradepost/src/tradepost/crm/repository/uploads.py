"""Files of pictures of cards that wait for the virus scanner: their bytes are given to nobody but that scanner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.answers import Scan
from tradepost.crm.repository import reaching
from tradepost.crm.repository.photos import Chosen, Place, Sender

_SHOWN = """
    upload.id, upload.batch_id, upload.filename, upload.size_bytes, upload.state, upload.scan, upload.code,
    upload.sentence, upload.photo_ids, upload.refused, upload.created_at, upload.decided_at
"""
_ONE = f"SELECT {_SHOWN} FROM crm_card_upload AS upload WHERE upload.id = $1 {{reached}}"  # noqa: S608  constants
_FILTER = "($1::uuid IS NULL OR upload.batch_id = $1) AND ($2::text IS NULL OR upload.state = $2)"
_PAGE = f"""
SELECT {_SHOWN} FROM crm_card_upload AS upload
WHERE {_FILTER} AND ($3::timestamptz IS NULL OR (upload.created_at, upload.id) > ($3, $4::uuid)) {{reached}}
ORDER BY upload.created_at, upload.id LIMIT $5
"""  # noqa: S608  put together from constants
_COUNT = f"SELECT count(*) FROM crm_card_upload AS upload WHERE {_FILTER} {{reached}}"  # noqa: S608  constants
# Neither an id that is taken nor a file that waits already makes a batch.
_IS_NEW = """
NOT EXISTS (SELECT FROM crm_card_photo WHERE id = $1) AND NOT EXISTS (
    SELECT FROM crm_card_upload
    WHERE id = $1 OR (sha256 = $4 AND owner_id IS NOT DISTINCT FROM $6::uuid AND state = 'waiting')
)
"""
_ADD = f"""
WITH batch AS (
    INSERT INTO crm_card_batch (id, actor_id, actor_name)
    SELECT $2, $8::uuid, $9::text WHERE {_IS_NEW}
    ON CONFLICT DO NOTHING
)
INSERT INTO crm_card_upload (id, batch_id, filename, sha256, size_bytes, owner_id, reach)
SELECT $1, $2, $3, $4, $5::integer, $6, $7::uuid[] WHERE {_IS_NEW}
ON CONFLICT DO NOTHING RETURNING id
"""
_THE_SAME = f"""
SELECT {_SHOWN} FROM crm_card_upload AS upload
WHERE sha256 = $2 AND owner_id IS NOT DISTINCT FROM $3::uuid AND (id = $1 OR state = 'waiting')
ORDER BY id = $1 DESC LIMIT 1
"""  # noqa: S608  put together from constants
_ADD_CHUNK = "INSERT INTO crm_card_upload_chunk (upload_id, position, content) VALUES ($1, $2, $3)"
# Until the commit, which follows: of those who come at the same time each counts all before it.
_COUNT_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('crm_card_upload', 0))"
_WAITING = """
SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes FROM crm_card_upload WHERE state = 'waiting'
"""
_QUARANTINED = "SELECT id, filename FROM crm_card_upload WHERE id = $1 AND state = 'waiting'"
_LOCK = """
SELECT upload.id, upload.batch_id, upload.filename, upload.owner_id, upload.reach, batch.actor_name
FROM crm_card_upload AS upload JOIN crm_card_batch AS batch ON batch.id = upload.batch_id
WHERE upload.id = $1 AND upload.state = 'waiting' FOR NO KEY UPDATE OF upload
"""
_CHUNK = "SELECT content FROM crm_card_upload_chunk WHERE upload_id = $1 AND position = $2"
_DECIDE = """
UPDATE crm_card_upload
SET state = $2, scan = $3, code = $4, sentence = $5, photo_ids = $6, refused = $7::jsonb, decided_at = $8
WHERE id = $1
"""
_FORGET_BYTES = "DELETE FROM crm_card_upload_chunk WHERE upload_id = $1"
_DELETE = "DELETE FROM crm_card_upload AS upload WHERE upload.id = $1 {reached} RETURNING upload.batch_id"
_ALL_WAITING = "SELECT id FROM crm_card_upload WHERE state = 'waiting' ORDER BY created_at, id LIMIT $1"
_FORGET_OLD = "DELETE FROM crm_card_upload WHERE decided_at < $1 RETURNING batch_id"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file as it was sent."""

    id: UUID
    batch_id: UUID
    filename: str
    sha256: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file: taken, or refused with the reason."""

    scan: Scan
    photo_ids: Sequence[UUID] = ()
    refused: JsonValue = ()
    code: str | None = None
    sentence: str | None = None


async def add(uow: UnitOfWork, upload: NewUpload, sender: Sender) -> bool:
    """Keep a file without its bytes, and its batch where it is new; False when its id, or the same file, is there."""
    facts = (upload.id, upload.batch_id, upload.filename, upload.sha256, upload.size_bytes)
    return bool(await uow.write(_ADD, *facts, sender.owner_id, sender.reach, uow.actor.id, uow.actor.name))


async def the_same(uow: UnitOfWork, upload: NewUpload, sender: Sender) -> Row | None:
    """Return the sender's file with the same content that waits, or that was sent with the same id."""
    return await uow.read_row(_THE_SAME, upload.id, upload.sha256, sender.owner_id)


async def add_chunk(uow: UnitOfWork, upload_id: UUID, position: int, content: bytes) -> None:
    """Keep a part of a file."""
    await uow.write(_ADD_CHUNK, upload_id, position, content)


async def waiting(uow: UnitOfWork) -> Row:
    """Return how many `files` wait, and their `bytes`; nobody else adds one until the transaction ends."""
    await uow.write(_COUNT_ALONE)
    (row,) = await uow.read(_WAITING)
    return row


async def one(uow: UnitOfWork, upload_id: UUID) -> Row | None:
    """Return a file without its bytes."""
    sql, given = _reaching(uow, _ONE, 2)
    return await uow.read_row(sql, upload_id, *given)


async def page(uow: UnitOfWork, chosen: Chosen, after: Place | None, limit: int) -> list[Row]:
    """Return files in the order in which they were sent, after `after`."""
    sql, given = _reaching(uow, _PAGE, 6)
    return await uow.read(sql, chosen.batch_id, chosen.state, *(after or (None, None)), limit, *given)


async def count(uow: UnitOfWork, chosen: Chosen) -> int:
    """Return how many files a list holds."""
    sql, given = _reaching(uow, _COUNT, 3)
    return int(await uow.read_value(sql, chosen.batch_id, chosen.state, *given))


async def in_quarantine(uow: UnitOfWork, upload_id: UUID) -> Row | None:
    """Return the id and the name of a file that waits; None for any other."""
    return await uow.read_row(_QUARANTINED, upload_id)


async def lock(uow: UnitOfWork, upload_id: UUID) -> Row | None:
    """Return a file that waits, with whose it is, and keep others from deciding about it; None for any other."""
    return await uow.write_row(_LOCK, upload_id)


async def chunk(uow: UnitOfWork, upload_id: UUID, position: int) -> bytes | None:
    """Return a part of a file, for the scanner, or for who asked it; None behind the last one."""
    found: bytes | None = await uow.read_value(_CHUNK, upload_id, position)
    return found


async def decide(uow: UnitOfWork, upload_id: UUID, fate: Fate, moment: datetime) -> None:
    """Write down what became of a file, and forget its bytes."""
    state = "taken" if fate.code is None else "refused"
    told = (fate.code, fate.sentence, list(fate.photo_ids), orjson.dumps(fate.refused).decode(), moment)
    await uow.write(_DECIDE, upload_id, state, fate.scan, *told)
    await uow.write(_FORGET_BYTES, upload_id)


async def delete(uow: UnitOfWork, upload_id: UUID) -> UUID | None:
    """Delete a file and return its batch; None when there is none."""
    sql, given = _reaching(uow, _DELETE, 2)
    row = await uow.write_row(sql, upload_id, *given)
    return row["batch_id"] if row else None


async def all_waiting(uow: UnitOfWork, limit: int) -> list[UUID]:
    """Return files that wait, the oldest first."""
    return [row["id"] for row in await uow.read(_ALL_WAITING, limit)]


async def forget_old(uow: UnitOfWork, before: datetime) -> set[UUID]:
    """Forget files that were decided long ago, and return their batches."""
    return {row["batch_id"] for row in await uow.write(_FORGET_OLD, before)}


def _reaching(uow: UnitOfWork, sql: str, at: int) -> tuple[str, list[object]]:
    """Return a statement limited to files in reach, with its parameter for that, the `at`-th; or none."""
    reached, given = reaching.belongs_to("upload.owner_id", reaching.owners(uow.actor), at)
    return sql.format(reached=reached), given
