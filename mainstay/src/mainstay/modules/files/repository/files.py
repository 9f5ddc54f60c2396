"""Every statement about files, their pieces and forms, as requests and jobs need them."""

from dataclasses import astuple, dataclass
from uuid import UUID

from mainstay.work import Row, UnitOfWork

_SHOWN = """
f.id, f.owner_kind, f.owner_id, f.filename, f.size, f.received, f.state, f.reason, f.scan, f.media_type, f.width,
f.height, f.turn, f.created_by, f.created_by_name, f.created_at, f.missing_since IS NOT NULL AS is_missing, f.key,
f.stored, f.sha256
"""
ONE = f"SELECT {_SHOWN} FROM files_file AS f WHERE f.id = $1"  # noqa: S608  a constant above
OF_OWNER = f"""
SELECT {_SHOWN} FROM files_file AS f WHERE f.owner_kind = $1 AND f.owner_id = $2 ORDER BY f.created_at, f.id
"""  # noqa: S608  a constant above
FORMS = """
SELECT file_id, name, key, media_type, size, width, height, avif_key FROM files_form WHERE file_id = ANY($1)
ORDER BY name
"""

# Whoever adds to a record waits for whoever else does, so that both count the same.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('files_file ' || $1::text, 0))"
ADD = """
INSERT INTO files_file (id, owner_kind, owner_id, filename, size, created_by, created_by_name)
SELECT $1::uuid, $2::text, $3::uuid, $4::text, $5::bigint, $6::uuid, $7::text
WHERE (SELECT count(*) FROM files_file WHERE owner_kind = $2 AND owner_id = $3) < $8
ON CONFLICT (id) DO NOTHING RETURNING id
"""

TAKE = """
UPDATE files_file SET received = received + $3 WHERE id = $1 AND state = 'receiving' AND received = $2 RETURNING id
"""
ADD_PIECE = "INSERT INTO files_piece (file_id, start, size, key) VALUES ($1, $2, $3, $4)"
PIECES = "SELECT key FROM files_piece WHERE file_id = $1 ORDER BY start"
DROP_PIECES = "DELETE FROM files_piece WHERE file_id = $1 RETURNING key"

KEEP = """
UPDATE files_file
SET state = $2, scan = $3, key = $4, stored = $5, sha256 = $6, media_type = $7, width = $8, height = $9
WHERE id = $1 AND state = 'receiving' RETURNING id
"""
REFUSE = """
UPDATE files_file AS f SET state = 'refused', reason = $2, scan = $3, key = NULL FROM files_file AS old
WHERE f.id = $1 AND old.id = f.id AND f.state IN ('receiving', 'quarantined') RETURNING old.key
"""
RELEASE = "UPDATE files_file SET state = 'ready', scan = $2 WHERE id = $1 AND state = 'quarantined' RETURNING id"
REPLACE = """
UPDATE files_file
SET state = $2, scan = $3, key = $4, stored = $5, sha256 = $6, media_type = $7, width = $8, height = $9
WHERE id = $1 AND state = 'quarantined' RETURNING id
"""
BEGIN_ANEW = "UPDATE files_file SET received = 0 WHERE id = $1 AND state = 'receiving'"

TURN = """
UPDATE files_file SET turn = (turn + $2) % 360 WHERE id = $1 AND state = 'ready' AND width IS NOT NULL RETURNING id
"""
DROP_FORMS = "DELETE FROM files_form WHERE file_id = $1 RETURNING key, avif_key"
ADD_FORM = """
INSERT INTO files_form (file_id, name, key, media_type, size, width, height, avif_key, avif_size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
LOCK_ONE = "SELECT turn, state FROM files_file WHERE id = $1 FOR UPDATE"
REMOVE = "DELETE FROM files_file WHERE id = $1 RETURNING key"


@dataclass(frozen=True, slots=True)
class Whole:
    """A file that is whole: where its bytes lie and what they are."""

    state: str
    scan: str
    key: str
    stored: int
    sha256: bytes
    media_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class NewForm:
    """A smaller form that was stored, and where the same lies in AVIF."""

    name: str
    key: str
    media_type: str
    size: int
    width: int
    height: int
    avif_key: str | None = None
    avif_size: int | None = None

    @property
    def keys(self) -> list[str]:
        """Return where anything lies of it."""
        return [self.key] if self.avif_key is None else [self.key, self.avif_key]


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a file."""
    return await uow.read_row(ONE, key)


async def of_owner(uow: UnitOfWork, kind: str, owner_id: UUID) -> list[Row]:
    """Return the files of a record."""
    return await uow.read(OF_OWNER, kind, owner_id)


async def forms(uow: UnitOfWork, file_ids: list[UUID]) -> list[Row]:
    """Return the smaller forms of files."""
    return await uow.read(FORMS, file_ids)


async def add(uow: UnitOfWork, key: UUID, owner: tuple[str, UUID], file: tuple[str, int], most: int) -> bool:
    """Add a file (name, size) to a record (kind, id) with fewer than `most`; False when it is not added."""
    await uow.write(LOCK, str(owner[1]))
    return bool(await uow.write(ADD, key, *owner, *file, uow.actor.id, uow.actor.name, most))


async def take(uow: UnitOfWork, key: UUID, start: int, size: int, place: str) -> bool:
    """Count a piece that was stored; False when it does not follow what was received."""
    if not await uow.write(TAKE, key, start, size):
        return False
    await uow.write(ADD_PIECE, key, start, size, place)
    return True


async def pieces(uow: UnitOfWork, key: UUID) -> list[str]:
    """Return where the pieces of a file lie, in their order."""
    return [row["key"] for row in await uow.read(PIECES, key)]


async def drop_pieces(uow: UnitOfWork, key: UUID) -> list[str]:
    """Forget the pieces of a file, and return where they lie."""
    return [row["key"] for row in await uow.write(DROP_PIECES, key)]


async def begin_anew(uow: UnitOfWork, key: UUID) -> list[str]:
    """Have a file sent again from its beginning, and return where its pieces lie."""
    await uow.write(BEGIN_ANEW, key)
    return await drop_pieces(uow, key)


async def keep(uow: UnitOfWork, key: UUID, whole: Whole) -> bool:
    """Make a file whole; False when it is already."""
    return bool(await uow.write(KEEP, key, *astuple(whole)))


async def refuse(uow: UnitOfWork, key: UUID, reason: str, scan: str) -> Row | None:
    """Refuse a file that is not given out yet, and return where its bytes lie; None when it is not such a one."""
    return await uow.write_row(REFUSE, key, reason, scan)


async def release(uow: UnitOfWork, key: UUID, scan: str) -> bool:
    """Let a file out of quarantine; False when it is not there."""
    return bool(await uow.write(RELEASE, key, scan))


async def replace(uow: UnitOfWork, key: UUID, whole: Whole) -> bool:
    """Let a file out of quarantine as something else than it went in; False when it is not there."""
    return bool(await uow.write(REPLACE, key, *astuple(whole)))


async def turn(uow: UnitOfWork, key: UUID, degrees: int) -> bool:
    """Turn a picture; False when it is none, or not ready."""
    return bool(await uow.write(TURN, key, degrees))


async def turn_of(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return by how much a picture is turned, and have it stay so until the end of this work."""
    return await uow.write_row(LOCK_ONE, key)


async def replace_forms(uow: UnitOfWork, key: UUID, made: list[NewForm]) -> list[str]:
    """Give a picture other forms, and return where the former ones lie."""
    former = await _drop_forms(uow, key)
    for each in made:
        await uow.write(ADD_FORM, key, *astuple(each))
    return former


async def _drop_forms(uow: UnitOfWork, key: UUID) -> list[str]:
    rows = await uow.write(DROP_FORMS, key)
    return [each for row in rows for each in (row["key"], row["avif_key"]) if each is not None]


async def remove(uow: UnitOfWork, key: UUID) -> list[str]:
    """Delete a file, and return where all lies that was stored of it."""
    left = await drop_pieces(uow, key) + await _drop_forms(uow, key)
    return left + [row["key"] for row in await uow.write(REMOVE, key) if row["key"]]
