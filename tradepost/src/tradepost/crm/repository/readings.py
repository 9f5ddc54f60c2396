"""Pictures while they are read, and what engines made of them: found again by content, summed up by engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.work import Row, UnitOfWork
from tradepost.crm.repository.cards import VERSIONED

_BEGIN = """
UPDATE crm_card_photo SET state = 'reading', tries = tries + 1 WHERE id = $1
RETURNING id, sha256, content, tries, engines
"""
_PUT_BACK = "UPDATE crm_card_photo SET state = 'waiting' WHERE id = $1 AND state = 'reading'"
_LOCK = "SELECT id, width, height FROM crm_card_photo WHERE id = $1 FOR NO KEY UPDATE"
_FINISH = """
UPDATE crm_card_photo
SET state = 'done', engines = $2, display = $3, width = $4, height = $5, read_at = $6, code = NULL, sentence = NULL
WHERE id = $1
"""
_FAIL = """
UPDATE crm_card_photo
SET state = 'failed', engines = coalesce($2, engines), code = $3, sentence = $4, read_at = $5 WHERE id = $1
"""
# Cards that were decided or joined stay as their reviewer left them.
_PUT_CARD = f"""
WITH {VERSIONED.keeping("record.photo_id = $2 AND record.number = $3")}
INSERT INTO crm_card (id, photo_id, number, place, code, boxes, fields, contact, read)
VALUES ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb)
ON CONFLICT (photo_id, number) DO UPDATE
SET place = excluded.place, code = excluded.code, boxes = excluded.boxes, fields = excluded.fields,
    contact = excluded.contact, read = excluded.read, version = crm_card.version + 1
WHERE crm_card.state = 'draft' AND crm_card.joined_to IS NULL AND crm_card.alone IS NULL
"""  # noqa: S608  put together from constants
_DROP_CARDS = """
DELETE FROM crm_card WHERE photo_id = $1 AND number > $2 AND state = 'draft' AND joined_to IS NULL AND alone IS NULL
"""
_HAS_CARDS = "SELECT EXISTS (SELECT FROM crm_card WHERE photo_id = $1)"
# Where an engine failed and another stood in, the next reading may be better: it is not found, and gives way to that.
_A_FAILURE = """'$[*].calls[*] ? (@.failure != "")'"""
_FIND = f"""
UPDATE crm_card_reading SET hits = hits + 1
WHERE sha256 = $1 AND engines = $2 AND NOT jsonb_path_exists(readings, {_A_FAILURE})
RETURNING readings
"""  # noqa: S608  a constant of this file
_ADD = f"""
INSERT INTO crm_card_reading AS kept (sha256, engines, readings, cpu_ms) VALUES ($1, $2, $3::jsonb, $4)
ON CONFLICT (sha256, engines) DO UPDATE
SET readings = excluded.readings, cpu_ms = excluded.cpu_ms, created_at = now()
WHERE jsonb_path_exists(kept.readings, {_A_FAILURE})
"""  # noqa: S608  a constant of this file
# Engines are named `rapidocr/3.1 tesseract/5.3`; each could take part in the whole reading.
_FIGURES = """
WITH part AS (
    SELECT reading.sha256, reading.engines, named AS name, reading.cpu_ms, reading.hits
    FROM crm_card_reading AS reading, unnest(string_to_array(reading.engines, ' ')) AS named
),
line AS (
    SELECT reading.engines, line ->> 'engine' AS engine, (line ->> 'confidence')::float AS confidence
    FROM crm_card_reading AS reading
    CROSS JOIN jsonb_array_elements(reading.readings) AS card
    CROSS JOIN jsonb_array_elements(card -> 'lines') AS line
),
call AS (
    SELECT reading.engines, call ->> 'engine' AS engine, (call ->> 'milliseconds')::float AS ms,
        nullif(call ->> 'failure', '') AS failure
    FROM crm_card_reading AS reading
    CROSS JOIN jsonb_array_elements(reading.readings) AS card
    CROSS JOIN jsonb_array_elements(card -> 'calls') AS call
),
failed AS (
    SELECT named AS name, count(*) AS pictures
    FROM crm_card_photo, unnest(string_to_array(engines, ' ')) AS named WHERE state = 'failed' GROUP BY named
),
named AS (SELECT name FROM part UNION SELECT name FROM failed)
SELECT split_part(named.name, '/', 1) AS engine, split_part(named.name, '/', 2) AS version,
    did.readings, coalesce(failed.pictures, 0) AS pictures_failed, said.lines, said.mean_confidence,
    did.cpu_ms_mean, did.cpu_ms_p95, did.cache_hits, asked.calls, asked.call_ms_mean, asked.call_ms_p95,
    coalesce(refused.failures, '{}') AS failures
FROM named
LEFT JOIN failed USING (name)
CROSS JOIN LATERAL (
    SELECT count(*) AS readings, avg(cpu_ms)::float AS cpu_ms_mean,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY cpu_ms) AS cpu_ms_p95, coalesce(sum(hits), 0) AS cache_hits
    FROM part WHERE part.name = named.name
) AS did
CROSS JOIN LATERAL (
    SELECT count(*) AS lines, avg(confidence) AS mean_confidence
    FROM line
    WHERE line.engine = split_part(named.name, '/', 1)
        AND named.name = ANY (string_to_array(line.engines, ' '))
) AS said
CROSS JOIN LATERAL (
    SELECT count(*) AS calls, avg(ms) AS call_ms_mean,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS call_ms_p95
    FROM call
    WHERE call.engine = split_part(named.name, '/', 1)
        AND named.name = ANY (string_to_array(call.engines, ' '))
) AS asked
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(reason.failure, reason.calls) AS failures
    FROM (
        SELECT failure, count(*) AS calls
        FROM call
        WHERE failure IS NOT NULL AND call.engine = split_part(named.name, '/', 1)
            AND named.name = ANY (string_to_array(call.engines, ' '))
        GROUP BY failure
    ) AS reason
) AS refused
ORDER BY engine, version
"""


@dataclass(frozen=True, slots=True)
class Done:
    """How a picture is shown once it was read, by which engines and when."""

    engines: str
    jpeg: bytes
    width: int
    height: int
    moment: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a picture could not be read, by which engines (None when none was asked) and when."""

    engines: str | None
    code: str
    sentence: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card as it was read, in what JSON can hold."""

    number: int
    place: Sequence[Sequence[float]]
    code: str
    boxes: JsonValue
    fields: JsonValue
    contact: JsonValue


@dataclass(frozen=True, slots=True)
class Result:
    """What engines made of the picture with a content, as JSON can hold it, and the CPU time that it took."""

    sha256: bytes
    engines: str
    readings: JsonValue
    cpu_ms: int


async def begin(uow: UnitOfWork, photo_id: UUID) -> Row | None:
    """Mark a picture as being read and return it with how often that was begun; None when there is none."""
    return await uow.write_row(_BEGIN, photo_id)


async def put_back(uow: UnitOfWork, photo_id: UUID) -> None:
    """Mark a picture as waiting for another try."""
    await uow.write(_PUT_BACK, photo_id)


async def lock(uow: UnitOfWork, photo_id: UUID) -> Row | None:
    """Keep others from changing a picture until the transaction ends; None when it was deleted."""
    return await uow.write_row(_LOCK, photo_id)


async def finish(uow: UnitOfWork, photo_id: UUID, done: Done) -> None:
    """Mark a picture as read, and keep what is shown of it."""
    await uow.write(_FINISH, photo_id, done.engines, done.jpeg, done.width, done.height, done.moment)


async def fail(uow: UnitOfWork, photo_id: UUID, failed: Failed) -> None:
    """Mark a picture as one that could not be read."""
    await uow.write(_FAIL, photo_id, failed.engines, failed.code, failed.sentence, failed.moment)


async def put_card(uow: UnitOfWork, card_id: UUID, photo_id: UUID, card: NewCard) -> None:
    """Add a card, or write the draft with its number anew."""
    boxes, fields = _json(card.boxes), _json(card.fields)
    read = _json({"boxes": card.boxes, "fields": card.fields})
    facts = (card.number, _json(card.place), card.code, boxes, fields, _json(card.contact), read)
    await uow.write(_PUT_CARD, card_id, photo_id, *facts)


async def drop_cards(uow: UnitOfWork, photo_id: UUID, after: int) -> None:
    """Delete drafts with numbers above `after`, which are not on the picture any more."""
    await uow.write(_DROP_CARDS, photo_id, after)


async def has_cards(uow: UnitOfWork, photo_id: UUID) -> bool:
    """Say whether a picture has cards."""
    return bool(await uow.read_value(_HAS_CARDS, photo_id))


async def find(uow: UnitOfWork, sha256: bytes, engines: str) -> list[JsonValue] | None:
    """Return what these engines made of a picture before, and count that it was of use."""
    row = await uow.write_row(_FIND, sha256, engines)
    return row["readings"] if row else None


async def add(uow: UnitOfWork, result: Result) -> None:
    """Keep what engines made of a picture."""
    await uow.write(_ADD, result.sha256, result.engines, _json(result.readings), result.cpu_ms)


async def figures(uow: UnitOfWork) -> list[Row]:
    """Return the figures of each engine and version."""
    return await uow.read(_FIGURES)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
