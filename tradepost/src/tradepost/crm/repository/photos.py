"""Pictures of cards and the batches they were sent in: those in reach of the actor, and of all others nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay.work import Actor, Row, UnitOfWork
from tradepost.crm.cards.answers import Passed
from tradepost.crm.repository import reaching

_SHOWN = """
    photo.id, photo.batch_id, photo.filename, photo.size_bytes, photo.media_type, photo.width, photo.height,
    photo.scan, photo.state, photo.code, photo.sentence, photo.created_at, photo.read_at,
    ARRAY(SELECT card.id FROM crm_card AS card WHERE card.photo_id = photo.id ORDER BY card.number) AS card_ids
"""
_MANY = f"SELECT {_SHOWN} FROM crm_card_photo AS photo WHERE photo.id = ANY ($1) {{reached}}"  # noqa: S608
_FILTER = "($1::uuid IS NULL OR photo.batch_id = $1) AND ($2::text IS NULL OR photo.state = $2)"
_PAGE = f"""
SELECT {_SHOWN} FROM crm_card_photo AS photo
WHERE {_FILTER} AND ($3::timestamptz IS NULL OR (photo.created_at, photo.id) > ($3, $4::uuid)) {{reached}}
ORDER BY photo.created_at, photo.id LIMIT $5
"""  # noqa: S608  put together from constants
_COUNT = f"SELECT count(*) FROM crm_card_photo AS photo WHERE {_FILTER} {{reached}}"  # noqa: S608
# A picture that is here already makes no batch. One that is out of reach is not here.
_ADD = """
WITH batch AS (
    INSERT INTO crm_card_batch (id, actor_id, actor_name)
    SELECT $2, $9::uuid, $10::text
    WHERE NOT EXISTS (SELECT FROM crm_card_photo AS photo WHERE sha256 = $4 {reached} OR id = $1)
    ON CONFLICT DO NOTHING
)
INSERT INTO crm_card_photo (
    id, batch_id, filename, sha256, size_bytes, media_type, width, height, content, owner_id, scan
)
SELECT $1, $2, $3, $4, length($5::bytea), $6, $7, $8, $5, $11::uuid, $12
WHERE NOT EXISTS (SELECT FROM crm_card_photo AS photo WHERE sha256 = $4 {reached} OR id = $1)
ON CONFLICT DO NOTHING RETURNING id
"""
_OF_CONTENT = "SELECT id FROM crm_card_photo AS photo WHERE sha256 = $1 {reached} ORDER BY created_at, id LIMIT 1"
_IMAGE = """
SELECT coalesce(display, content) AS body, CASE WHEN display IS NULL THEN media_type ELSE 'image/jpeg' END AS kind
FROM crm_card_photo AS photo WHERE id = $1 {reached}
"""
_WANT = """
UPDATE crm_card_photo AS photo SET state = 'waiting', code = NULL, sentence = NULL, tries = 0
WHERE id = $1 {reached} RETURNING id
"""
_DELETE = "DELETE FROM crm_card_photo AS photo WHERE id = $1 {reached} RETURNING batch_id, sha256"
_DELETE_READINGS = "DELETE FROM crm_card_reading WHERE sha256 = $1"
_DELETE_EMPTY = """
DELETE FROM crm_card_batch WHERE id = $1 AND NOT EXISTS (SELECT FROM crm_card_photo WHERE batch_id = $1)
    AND NOT EXISTS (SELECT FROM crm_card_upload WHERE batch_id = $1 AND state <> 'taken')
"""
_BATCHES = """
SELECT batch.id, batch.created_at, count(photo.id) AS photos,
    count(*) FILTER (WHERE photo.state = 'waiting') AS waiting,
    count(*) FILTER (WHERE photo.state = 'reading') AS reading,
    count(*) FILTER (WHERE photo.state = 'done') AS done,
    count(*) FILTER (WHERE photo.state = 'failed') AS failed,
    coalesce(sum(cards.drafts), 0)::integer AS drafts,
    coalesce(sum(cards.accepted), 0)::integer AS accepted,
    coalesce(sum(cards.skipped), 0)::integer AS skipped,
    (
        SELECT count(*) FROM crm_card_upload AS upload
        WHERE upload.batch_id = batch.id AND upload.state = 'waiting' {{held}}
    ) AS unscanned
FROM ({chosen}) AS batch
LEFT JOIN crm_card_photo AS photo ON photo.batch_id = batch.id {{reached}}
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE card.state = 'draft' AND card.joined_to IS NULL) AS drafts,
        count(*) FILTER (WHERE card.state = 'accepted') AS accepted,
        count(*) FILTER (WHERE card.state = 'skipped') AS skipped
    FROM crm_card AS card WHERE card.photo_id = photo.id
) AS cards
GROUP BY batch.id, batch.created_at
ORDER BY batch.created_at DESC, batch.id DESC
"""
_BATCH_PAGE = _BATCHES.format(
    chosen="""
    SELECT id, created_at FROM crm_card_batch
    WHERE ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)) {has_reached}
    ORDER BY created_at DESC, id DESC LIMIT $3
    """
)
_BATCH = _BATCHES.format(chosen="SELECT id, created_at FROM crm_card_batch WHERE id = $1 {has_reached}")
_COUNT_BATCHES = "SELECT count(*) FROM crm_card_batch WHERE true {has_reached}"
# One may have nothing yet but files that wait for the virus scanner.
_HAS_REACHED = """
AND (
    EXISTS (SELECT FROM crm_card_photo AS photo WHERE photo.batch_id = crm_card_batch.id {reached})
    OR EXISTS (SELECT FROM crm_card_upload AS upload WHERE upload.batch_id = crm_card_batch.id {held})
)
"""

Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; `width` and `height` are those of the upright original."""

    id: UUID
    batch_id: UUID
    filename: str
    sha256: bytes
    content: bytes
    media_type: str
    width: int
    height: int
    scan: Passed


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose a picture is, None for the house's, and whose pictures its sender reaches, None for everybody's."""

    owner_id: UUID | None
    reach: tuple[UUID, ...] | None


def sender_of(actor: Actor) -> Sender:
    """Return the actor as the sender of pictures."""
    return Sender(reaching.new_owner(actor), reaching.owners(actor))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which pictures a list holds."""

    batch_id: UUID | None
    state: str | None


async def add(uow: UnitOfWork, picture: Picture, sender: Sender | None = None) -> bool:
    """Keep a picture, and its batch where it is new; False when its id, or the very same picture, is there already.

    It is the actor's, unless somebody else is the `sender`.
    """
    facts = (picture.id, picture.batch_id, picture.filename, picture.sha256, picture.content, picture.media_type)
    sender = sender or sender_of(uow.actor)
    sql, given = _reaching(sender.reach, _ADD, 13)
    whose = (uow.actor.id, uow.actor.name, sender.owner_id, picture.scan)
    return bool(await uow.write(sql, *facts, picture.width, picture.height, *whose, *given))


async def of_content(uow: UnitOfWork, sha256: bytes, sender: Sender | None = None) -> UUID | None:
    """Return which picture has this content, of those that the actor reaches, or the `sender`."""
    sql, given = _reaching((sender or sender_of(uow.actor)).reach, _OF_CONTENT, 2)
    row = await uow.read_row(sql, sha256, *given)
    return row["id"] if row else None


async def one(uow: UnitOfWork, photo_id: UUID) -> Row | None:
    """Return a picture without its content."""
    return (await many(uow, [photo_id])).get(photo_id)


async def many(uow: UnitOfWork, photo_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return pictures without their content, by id."""
    sql, given = _reaching(reaching.owners(uow.actor), _MANY, 2)
    return {row["id"]: row for row in await uow.read(sql, photo_ids, *given)}


async def page(uow: UnitOfWork, chosen: Chosen, after: Place | None, limit: int) -> list[Row]:
    """Return pictures in the order in which they were sent, after `after`."""
    sql, given = _reaching(reaching.owners(uow.actor), _PAGE, 6)
    return await uow.read(sql, chosen.batch_id, chosen.state, *(after or (None, None)), limit, *given)


async def count(uow: UnitOfWork, chosen: Chosen) -> int:
    """Return how many pictures a list holds."""
    sql, given = _reaching(reaching.owners(uow.actor), _COUNT, 3)
    return int(await uow.read_value(sql, chosen.batch_id, chosen.state, *given))


async def image(uow: UnitOfWork, photo_id: UUID) -> Row | None:
    """Return what is shown of a picture: `body` and its type `kind`."""
    sql, given = _reaching(reaching.owners(uow.actor), _IMAGE, 2)
    return await uow.read_row(sql, photo_id, *given)


async def want(uow: UnitOfWork, photo_id: UUID) -> bool:
    """Have a picture wait to be read again; False when there is none."""
    sql, given = _reaching(reaching.owners(uow.actor), _WANT, 2)
    return bool(await uow.write(sql, photo_id, *given))


async def delete(uow: UnitOfWork, photo_id: UUID) -> bool:
    """Delete a picture with its cards and what was read from it; False when there is none."""
    sql, given = _reaching(reaching.owners(uow.actor), _DELETE, 2)
    gone = await uow.write_row(sql, photo_id, *given)
    if gone is None:
        return False
    await uow.write(_DELETE_READINGS, gone["sha256"])
    await uow.write(_DELETE_EMPTY, gone["batch_id"])
    return True


async def drop_empty(uow: UnitOfWork, batch_id: UUID) -> None:
    """Delete a batch of which nothing is left."""
    await uow.write(_DELETE_EMPTY, batch_id)


async def batches(uow: UnitOfWork, before: Place | None, limit: int) -> list[Row]:
    """Return batches with their counts, newest first, older than `before`."""
    sql, given = _reaching(reaching.owners(uow.actor), _BATCH_PAGE, 4)
    return await uow.read(sql, *(before or (None, None)), limit, *given)


async def batch(uow: UnitOfWork, batch_id: UUID) -> Row | None:
    """Return a batch with its counts."""
    sql, given = _reaching(reaching.owners(uow.actor), _BATCH, 2)
    return await uow.read_row(sql, batch_id, *given)


async def count_batches(uow: UnitOfWork) -> int:
    """Return how many batches there are."""
    sql, given = _reaching(reaching.owners(uow.actor), _COUNT_BATCHES, 1)
    return int(await uow.read_value(sql, *given))


def _reaching(whose: tuple[UUID, ...] | None, sql: str, at: int) -> tuple[str, list[object]]:
    """Return a statement limited to what belongs to one of `whose`, with its `at`-th parameter for that; or none."""
    reached, given = reaching.belongs_to("photo.owner_id", whose, at)
    held, _ = reaching.belongs_to("upload.owner_id", whose, at)
    has_reached = _HAS_REACHED.format(reached=reached, held=held) if reached else ""
    return sql.format(reached=reached, held=held, has_reached=has_reached), given
