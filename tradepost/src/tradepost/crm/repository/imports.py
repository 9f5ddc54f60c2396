"""Files of contacts, and what came of their entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.work import Row, UnitOfWork
from tradepost.crm.exchange.answers import EntryOutcome, Passed
from tradepost.crm.exchange.entry import Notice
from tradepost.crm.exchange.normal import plain
from tradepost.crm.repository import reaching

_COLUMNS = """
    id, filename, size_bytes, format, country, mapping, has_header, state, problem_code, problem, scan,
    entries_read, entries_accepted, entries_known, entries_rejected, created_at, finished_at
"""
_ONE = f"SELECT {_COLUMNS} FROM crm_import WHERE id = $1"  # noqa: S608  constants
_OF_CONTENT = f"""
SELECT {_COLUMNS} FROM crm_import WHERE sha256 = $1 AND mapping = $2 AND has_header = $3
"""  # noqa: S608  put together from constants
_PAGE = f"""
SELECT {_COLUMNS} FROM crm_import
WHERE ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid))
ORDER BY created_at DESC, id DESC LIMIT $3
"""  # noqa: S608  put together from constants
_COLUMNS_OF = "SELECT coalesce(columns, '{}') FROM crm_import WHERE id = $1"
_COUNT = "SELECT count(*) FROM crm_import"
_ADD = """
INSERT INTO crm_import (
    id, filename, size_bytes, sha256, content, format, country, mapping, has_header, columns, owner_id, scan
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING RETURNING true
"""
_BEGIN = """
SELECT content, country, mapping, has_header, owner_id FROM crm_import
WHERE id = $1 AND state = 'waiting' FOR NO KEY UPDATE
"""
_ADD_ROWS = """
INSERT INTO crm_import_row (import_id, number, line, outcome, code, sentence, contact_id, cells)
SELECT $1, number, line, outcome, code, sentence, contact_id, cells FROM json_to_recordset($2::json) AS entry (
    number integer, line integer, outcome text, code text, sentence text, contact_id uuid, cells text[]
)
"""
_FINISH = """
UPDATE crm_import
SET state = 'done', content = NULL, finished_at = $2, entries_read = told.entries_read,
    entries_accepted = told.accepted, entries_known = told.known, entries_rejected = told.rejected
FROM (
    SELECT count(*) AS entries_read, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
        count(*) FILTER (WHERE outcome = 'known') AS known, count(*) FILTER (WHERE outcome = 'rejected') AS rejected
    FROM crm_import_row WHERE import_id = $1
) AS told
WHERE id = $1
"""
_FAIL = """
UPDATE crm_import SET state = 'failed', problem_code = $2, problem = $3, finished_at = $4
WHERE id = $1 AND state = 'waiting'
"""
_WAIT = """
UPDATE crm_import SET state = 'waiting', problem_code = NULL, problem = NULL, finished_at = NULL
WHERE id = $1 AND state = 'failed'
"""
_ROWS = """
SELECT number, line, outcome, code, sentence, contact_id, coalesce(cells, '{}') AS cells FROM crm_import_row
WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2) AND number > $3
ORDER BY number LIMIT $4
"""
_COUNT_ROWS = "SELECT count(*) FROM crm_import_row WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2)"
# Each half has an index of its own.
_NAMED = """
SELECT id FROM crm_contact WHERE name_key = ANY ($1) AND archived_at IS NULL
UNION ALL SELECT id FROM crm_contact WHERE name_key = ANY ($1) AND archived_at IS NOT NULL
ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent; `country` is where its phones without a country code are from, None for the shop's.

    `mapping` are the fields of its columns as text, empty where they are guessed; `columns` are those of what is
    rejected. `scan` says whether a virus scanner has looked at it.
    """

    id: UUID
    filename: str
    sha256: bytes
    content: bytes
    format: str
    country: str | None
    mapping: str
    has_header: bool
    columns: Sequence[str]
    scan: Passed


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What came of an entry."""

    number: int
    line: int
    outcome: EntryOutcome
    code: str | None
    sentence: str | None
    contact_id: UUID | None
    cells: list[str] | None


async def one(uow: UnitOfWork, import_id: UUID) -> Row | None:
    """Return an import."""
    return await uow.read_row(_ONE, import_id)


async def of_content(uow: UnitOfWork, upload: Upload) -> Row | None:
    """Return the import of a file that was read in the same way, if it was here before."""
    return await uow.read_row(_OF_CONTENT, upload.sha256, upload.mapping, upload.has_header)


async def page(uow: UnitOfWork, before: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return imports, newest first, older than `before`."""
    return await uow.read(_PAGE, *(before or (None, None)), limit)


async def count(uow: UnitOfWork) -> int:
    """Return how many imports there are."""
    return int(await uow.read_value(_COUNT))


async def add(uow: UnitOfWork, upload: Upload) -> bool:
    """Add an import, the actor's; False when its id, or its content that is read in the same way, is there already."""
    facts = (upload.id, upload.filename, len(upload.content), upload.sha256, upload.content, upload.format)
    chosen = (upload.country, upload.mapping, upload.has_header, [plain(column) for column in upload.columns])
    return bool(await uow.write(_ADD, *facts, *chosen, reaching.new_owner(uow.actor), upload.scan))


async def begin(uow: UnitOfWork, import_id: UUID) -> Row | None:
    """Return a file that waits and how it is read, and keep others from reading it; None when it was read."""
    return await uow.write_row(_BEGIN, import_id)


async def columns(uow: UnitOfWork, import_id: UUID) -> list[str]:
    """Return what the cells of rejected entries are called."""
    found: list[str] = await uow.read_value(_COLUMNS_OF, import_id)
    return found


async def add_rows(uow: UnitOfWork, import_id: UUID, rows: Sequence[EntryRow]) -> None:
    """Keep what came of entries."""
    await uow.write(_ADD_ROWS, import_id, orjson.dumps(rows, default=str).decode())


async def finish(uow: UnitOfWork, import_id: UUID, moment: datetime) -> None:
    """Mark an import as done, with the numbers of its entries, and forget the file."""
    await uow.write(_FINISH, import_id, moment)


async def fail(uow: UnitOfWork, import_id: UUID, problem: Notice, moment: datetime) -> None:
    """Mark an import that waits as failed; the file is kept."""
    await uow.write(_FAIL, import_id, problem.code, problem.sentence, moment)


async def wait_again(uow: UnitOfWork, import_id: UUID) -> None:
    """Mark an import that failed as waiting."""
    await uow.write(_WAIT, import_id)


async def rows(uow: UnitOfWork, import_id: UUID, outcome: EntryOutcome | None, after: int, limit: int) -> list[Row]:
    """Return what came of the entries with numbers above `after`."""
    return await uow.read(_ROWS, import_id, outcome, after, limit)


async def count_rows(uow: UnitOfWork, import_id: UUID, outcome: EntryOutcome | None) -> int:
    """Return how many entries there are."""
    return int(await uow.read_value(_COUNT_ROWS, import_id, outcome))


async def named(uow: UnitOfWork, name_keys: Sequence[str]) -> list[UUID]:
    """Return the ids of the contacts with these folded names."""
    return [row["id"] for row in await uow.read(_NAMED, name_keys)]
