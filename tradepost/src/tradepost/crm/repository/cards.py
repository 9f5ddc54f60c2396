"""Cards of pictures: what was read, what a reviewer made of it, what was corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork
from tradepost.crm.cards.corrections import Correction
from tradepost.crm.repository import reaching

_WHOLE = """
SELECT card.id, card.photo_id, photo.batch_id, card.number, card.state, card.version, card.place, card.code,
    card.boxes, card.fields, card.contact, card.read, card.alone, card.joined_to, card.contact_id, card.decided_at,
    photo.width AS photo_width, photo.height AS photo_height, photo.owner_id,
    ARRAY(
        SELECT side.id FROM crm_card AS side WHERE side.joined_to = card.id ORDER BY side.photo_id, side.number
    ) AS sides
FROM crm_card AS card JOIN crm_card_photo AS photo ON photo.id = card.photo_id
"""
_MANY = f"{_WHOLE} WHERE card.id = ANY ($1)"
_LOCK = "SELECT id FROM crm_card WHERE id = ANY ($1) OR joined_to = ANY ($1) ORDER BY id FOR UPDATE"
_ROW = """
    card.id, card.photo_id, photo.batch_id, card.number, card.state, card.contact ->> 'name' AS name,
    card.contact ->> 'company_name' AS company, card.joined_to, card.contact_id, card.place,
    photo.width AS photo_width, photo.height AS photo_height, photo.created_at,
    (
        SELECT count(*) FROM jsonb_array_elements(card.fields) AS field
        WHERE (field ->> 'confidence')::numeric < 0.8
    )::integer AS unsure
FROM crm_card AS card JOIN crm_card_photo AS photo ON photo.id = card.photo_id
"""
# The other side of a card is looked at with the card that it is joined to.
_FILTER = """
card.joined_to IS NULL AND ($1::text IS NULL OR card.state = $1) AND ($2::uuid IS NULL OR photo.batch_id = $2)
"""
_PAGE = f"""
SELECT {_ROW} WHERE {_FILTER}
AND ($3::timestamptz IS NULL OR (photo.created_at, photo.id, card.number) > ($3, $4::uuid, $5::integer)) {{reached}}
ORDER BY photo.created_at, photo.id, card.number LIMIT $6
"""
_COUNT = f"""
SELECT count(*) FROM crm_card AS card JOIN crm_card_photo AS photo ON photo.id = card.photo_id
WHERE {_FILTER} {{reached}}
"""  # noqa: S608  put together from constants
_OF_CONTACT = f"""
SELECT {_ROW} WHERE card.contact_id = $1 {{reached}} ORDER BY photo.created_at, photo.id, card.number LIMIT 200
"""
VERSIONED = Versioned(
    "crm.card",
    "crm_card",
    {name: f"record.{name}" for name in ("boxes", "fields", "contact", "state", "contact_id", "joined_to")},
)
_WRITE = f"""
WITH {VERSIONED.keeping("record.id = $1")}
UPDATE crm_card
SET boxes = $2::jsonb, fields = $3::jsonb, contact = $4::jsonb, version = version + 1 WHERE id = $1
"""  # noqa: S608  put together from constants
_DECIDE = f"""
WITH {VERSIONED.keeping("record.id = $1 OR record.joined_to = $1")}
UPDATE crm_card
SET state = $2, contact_id = $3, decided_at = $4, decided_by_id = $5, decided_by_name = $6, version = version + 1
WHERE id = $1 OR joined_to = $1
"""  # noqa: S608  put together from constants
_ATTACH = f"""
WITH {VERSIONED.keeping("record.id = $2")}
UPDATE crm_card SET joined_to = $1, version = version + 1 WHERE id = $2
"""  # noqa: S608  put together from constants
_DETACH = f"""
WITH {VERSIONED.keeping("record.id = ANY ($1)")}
UPDATE crm_card SET joined_to = NULL, version = version + 1 WHERE id = ANY ($1)
"""  # noqa: S608  put together from constants
_WRITE_SIDES = "UPDATE crm_card SET read = $2::jsonb, alone = $3::jsonb WHERE id = $1"
_ADD_CORRECTIONS = """
INSERT INTO crm_card_correction (
    card_id, kind, index, read_value, read_boxes, kept_value, kept_boxes, box_texts, actor_id, actor_name
)
SELECT $1, kind, index, read_value, read_boxes, kept_value, kept_boxes, box_texts, $3, $4
FROM json_to_recordset($2::json) AS record (
    kind text, index integer, read_value text, read_boxes jsonb, kept_value text, kept_boxes jsonb, box_texts jsonb
)
"""

Place = tuple[datetime, UUID, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cards a list holds."""

    state: str | None
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reviewer has of a card, as JSON can hold it."""

    boxes: JsonValue
    fields: JsonValue
    contact: JsonValue


async def one(uow: UnitOfWork, card_id: UUID) -> Row | None:
    """Return a card in reach with everything."""
    row = await uow.read_row(_MANY, [card_id])
    return row if row is not None and reaching.reaches(uow.actor, row["owner_id"]) else None


async def sides(uow: UnitOfWork, card_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return the other sides of a card in reach with everything, by id, whoever sent their pictures."""
    return {row["id"]: row for row in await uow.read(_MANY, card_ids)}


async def lock(uow: UnitOfWork, *card_ids: UUID) -> None:
    """Keep others from changing cards and what is joined to them until the transaction ends."""
    await uow.write(_LOCK, list(card_ids))


async def page(uow: UnitOfWork, chosen: Chosen, after: Place | None, limit: int) -> list[Row]:
    """Return cards in the order in which their pictures were sent, after `after`."""
    sql, given = _reaching(uow, _PAGE, 7)
    return await uow.read(sql, chosen.state, chosen.batch_id, *(after or (None, None, None)), limit, *given)


async def count(uow: UnitOfWork, chosen: Chosen) -> int:
    """Return how many cards a list holds."""
    sql, given = _reaching(uow, _COUNT, 3)
    return int(await uow.read_value(sql, chosen.state, chosen.batch_id, *given))


async def of_contact(uow: UnitOfWork, contact_id: UUID) -> list[Row]:
    """Return the cards that a contact came from, at most 200."""
    sql, given = _reaching(uow, _OF_CONTACT, 2)
    return await uow.read(sql, contact_id, *given)


async def write(uow: UnitOfWork, card_id: UUID, draft: Draft) -> None:
    """Keep what a reviewer has of a locked card, and count its version up."""
    await uow.write(_WRITE, card_id, _json(draft.boxes), _json(draft.fields), _json(draft.contact))


async def decide(
    uow: UnitOfWork, card_id: UUID, state: str, moment: datetime | None, contact_id: UUID | None = None
) -> None:
    """Write what becomes of a locked card and its other sides; a draft again is decided by nobody (`moment` None)."""
    actor = uow.actor if moment else None
    whom = (actor.id, actor.name) if actor else (None, "")
    await uow.write(_DECIDE, card_id, state, contact_id, moment, *whom)


async def attach(uow: UnitOfWork, card_id: UUID, other_id: UUID) -> None:
    """Make a locked card the other side of another."""
    await uow.write(_ATTACH, card_id, other_id)


async def detach(uow: UnitOfWork, card_ids: Sequence[UUID]) -> None:
    """Make locked cards stand alone."""
    await uow.write(_DETACH, card_ids)


async def write_sides(uow: UnitOfWork, card_id: UUID, read: JsonValue, alone: JsonValue) -> None:
    """Keep what was read of a card with its sides, and its draft as it was without them (None without sides)."""
    await uow.write(_WRITE_SIDES, card_id, _json(read), None if alone is None else _json(alone))


async def add_corrections(uow: UnitOfWork, card_id: UUID, corrections: Sequence[Correction]) -> None:
    """Keep what was corrected of a card."""
    await uow.write(_ADD_CORRECTIONS, card_id, _json(corrections), uow.actor.id, uow.actor.name)


def _reaching(uow: UnitOfWork, sql: str, at: int) -> tuple[str, list[object]]:
    """Return a statement limited to cards in reach, with its parameter for that, the `at`-th; or none."""
    reached, given = reaching.belongs_to("photo.owner_id", reaching.owners(uow.actor), at)
    return sql.format(reached=reached), given


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
