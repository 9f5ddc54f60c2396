"""Imported files, what became of them, and of their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.schemas import RowOutcome, Scan

_COLUMNS = """
    id, store_id, filename, size_bytes, status, format, encoding, separator, rows_read, rows_accepted, rows_rejected,
    rows_warned, created, updated, unchanged, problem, scan, created_at, finished_at,
    CASE
        WHEN status IN ('done', 'failed') THEN 1.0
        WHEN rows_total > 0 THEN least(0.99, rows_read::float8 / rows_total)
        ELSE 0.0
    END AS progress
"""
_ONE = f"SELECT {_COLUMNS}, sha256, columns FROM catalog_import WHERE id = $1"  # noqa: S608  constants
_OF_CONTENT = f"""
SELECT {_COLUMNS}, sha256, columns FROM catalog_import
WHERE sha256 = $1 AND store_id = $2 AND status <> 'failed'
"""  # noqa: S608  put together from constants
_PAGE = f"""
SELECT {_COLUMNS} FROM catalog_import
WHERE ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)) AND {{reached}}
ORDER BY created_at DESC, id DESC LIMIT $3
"""  # noqa: S608  put together from constants
_COUNT = "SELECT count(*) FROM catalog_import WHERE {reached}"
_ADD = """
INSERT INTO catalog_import (id, store_id, filename, size_bytes, sha256, scan) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING true
"""
_ADD_CHUNK = "INSERT INTO catalog_import_chunk (import_id, position, content) VALUES ($1, $2, $3)"
_CHUNK = "SELECT content FROM catalog_import_chunk WHERE import_id = $1 AND position = $2"
_FORGET_CHUNKS = "DELETE FROM catalog_import_chunk WHERE import_id = $1"
_BEGIN = """
UPDATE catalog_import
SET status = 'running', problem = NULL, rows_total = 0, rows_read = 0, rows_accepted = 0, rows_rejected = 0,
    rows_warned = 0, created = 0, updated = 0, unchanged = 0
WHERE id = $1 AND status IN ('waiting', 'running') AND scan IN ('none', 'clean')
RETURNING store_id
"""
_WAITING_FOR_SCAN = "SELECT filename FROM catalog_import WHERE id = $1 AND scan = 'waiting'"
_IN_QUARANTINE = "SELECT id FROM catalog_import WHERE status = 'waiting' AND scan = 'waiting' ORDER BY created_at"
_NOTE_SCAN = "UPDATE catalog_import SET scan = $2 WHERE id = $1 AND scan = 'waiting' RETURNING filename, store_id"
_DESCRIBE = """
UPDATE catalog_import
SET format = $2, encoding = $3, separator = $4, columns = $5, rows_total = $6
WHERE id = $1
"""
_PROGRESS = """
UPDATE catalog_import
SET rows_read = $2, rows_accepted = $3, rows_rejected = $4, rows_warned = $5, created = $6, updated = $7,
    unchanged = $8
WHERE id = $1
"""
_FINISH = "UPDATE catalog_import SET status = 'done', finished_at = $2 WHERE id = $1"
_FAIL = "UPDATE catalog_import SET status = 'failed', problem = $2, finished_at = $3 WHERE id = $1"
_GIVE_UP = """
UPDATE catalog_import SET status = 'failed', problem = $2, finished_at = $3
WHERE id = $1 AND status IN ('waiting', 'running') RETURNING true
"""
_WAIT = "UPDATE catalog_import SET status = 'waiting', problem = $2 WHERE id = $1 AND status = 'running'"
_ROWS = """
SELECT row_number, outcome, reason_code, reason, raw FROM catalog_import_row
WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2) AND row_number > $3
ORDER BY row_number LIMIT $4
"""
_COUNT_ROWS = "SELECT count(*) FROM catalog_import_row WHERE import_id = $1 AND ($2::text IS NULL OR outcome = $2)"
_QUANTITIES = """
SELECT variant_id, trim_scale(quantity) AS quantity FROM catalog_import_item
WHERE import_id = $1 AND quantity <> 0
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent."""

    id: UUID
    store_id: UUID
    filename: str
    size_bytes: int
    sha256: bytes
    scan: Scan


@dataclass(frozen=True, slots=True)
class Description:
    """What was found out about a file before its rows are read."""

    format: str
    encoding: str
    separator: str
    columns: list[str]
    rows_total: int


async def one(uow: UnitOfWork, import_id: UUID) -> Row | None:
    """Return an import, None as well when it is for a store that the actor does not reach."""
    row = await uow.read_row(_ONE, import_id)
    return row if row is not None and uow.actor.reach.has(row["store_id"]) else None


async def of_content(uow: UnitOfWork, sha256: bytes, store_id: UUID) -> Row | None:
    """Return the import of a file for a store that did not fail, if there is one."""
    return await uow.read_row(_OF_CONTENT, sha256, store_id)


async def page(uow: UnitOfWork, before: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return imports that the actor reaches, newest first, older than `before`."""
    condition, places = _reached(uow, 4)
    return await uow.read(_PAGE.format(reached=condition), *(before or (None, None)), limit, *places)


async def count(uow: UnitOfWork) -> int:
    """Return how many imports there are that the actor reaches."""
    condition, places = _reached(uow, 1)
    return int(await uow.read_value(_COUNT.format(reached=condition), *places))


def _reached(uow: UnitOfWork, number: int) -> tuple[str, list[object]]:
    """Return the condition for imports into stores that the actor reaches, with its parameter, which is `number`."""
    places = uow.actor.reach.places
    return ("true", []) if places is None else (f"store_id = ANY (${number}::uuid[])", [list(places)])


async def add(uow: UnitOfWork, upload: Upload) -> bool:
    """Add an import; False when its id, or its content for the store, is there already."""
    facts = (upload.id, upload.store_id, upload.filename, upload.size_bytes, upload.sha256, upload.scan)
    return bool(await uow.write(_ADD, *facts))


async def add_chunk(uow: UnitOfWork, import_id: UUID, position: int, content: bytes) -> None:
    """Keep a piece of the file."""
    await uow.write(_ADD_CHUNK, import_id, position, content)


async def chunk(uow: UnitOfWork, import_id: UUID, position: int) -> bytes | None:
    """Return a piece of the file, None after the last."""
    content: bytes | None = await uow.read_value(_CHUNK, import_id, position)
    return content


async def forget_file(uow: UnitOfWork, import_id: UUID) -> None:
    """Remove the file, which has been read."""
    await uow.write(_FORGET_CHUNKS, import_id)


async def begin(uow: UnitOfWork, import_id: UUID) -> UUID | None:
    """Mark an import as running and return its store; None when it has ended."""
    row = await uow.write_row(_BEGIN, import_id)
    return row["store_id"] if row else None


async def waiting_for_scan(uow: UnitOfWork, import_id: UUID) -> Row | None:
    """Return an import that the virus scanner has not looked at yet; None when it has, or there is none."""
    return await uow.read_row(_WAITING_FOR_SCAN, import_id)


async def in_quarantine(uow: UnitOfWork) -> list[Row]:
    """Return the imports that wait for the virus scanner."""
    return await uow.read(_IN_QUARANTINE)


async def note_scan(uow: UnitOfWork, import_id: UUID, scan: Scan) -> Row | None:
    """Keep what the virus scanner said, and return the import; None when it did not wait for that."""
    return await uow.write_row(_NOTE_SCAN, import_id, scan)


async def describe(uow: UnitOfWork, import_id: UUID, found: Description) -> None:
    """Keep what was found out about the file."""
    await uow.write(
        _DESCRIBE, import_id, found.format, found.encoding, found.separator, found.columns, found.rows_total
    )


async def progress(uow: UnitOfWork, import_id: UUID, counts: Sequence[int]) -> None:
    """Keep how far the import is: rows read, accepted, rejected and warned, variants created, updated, unchanged."""
    await uow.write(_PROGRESS, import_id, *counts)


async def finish(uow: UnitOfWork, import_id: UUID, moment: datetime) -> None:
    """Mark an import as done."""
    await uow.write(_FINISH, import_id, moment)


async def fail(uow: UnitOfWork, import_id: UUID, problem: str, moment: datetime) -> None:
    """Mark an import as failed for good: its file cannot be read."""
    await uow.write(_FAIL, import_id, problem, moment)


async def give_up(uow: UnitOfWork, import_id: UUID, problem: str, moment: datetime) -> bool:
    """Mark an import as failed that was not read yet; False when it was."""
    return bool(await uow.write(_GIVE_UP, import_id, problem, moment))


async def wait_again(uow: UnitOfWork, import_id: UUID, problem: str) -> None:
    """Mark an import as waiting for another try."""
    await uow.write(_WAIT, import_id, problem)


async def rows(uow: UnitOfWork, import_id: UUID, outcome: RowOutcome | None, after: int, limit: int) -> list[Row]:
    """Return reported rows with numbers above `after`."""
    return await uow.read(_ROWS, import_id, outcome, after, limit)


async def count_rows(uow: UnitOfWork, import_id: UUID, outcome: RowOutcome | None) -> int:
    """Return how many rows are reported."""
    return int(await uow.read_value(_COUNT_ROWS, import_id, outcome))


async def quantities(uow: UnitOfWork, import_id: UUID) -> list[Row]:
    """Return the quantities on hand that a file gave, by variant."""
    return await uow.read(_QUANTITIES, import_id)
