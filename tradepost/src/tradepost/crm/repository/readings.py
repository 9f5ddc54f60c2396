"""What engines made of pictures: found again by content and versions, and summed up by engine."""

from dataclasses import dataclass

import orjson

from mainstay.errors import JsonValue
from mainstay.work import Row, UnitOfWork

_FIND = """
UPDATE crm_card_reading SET hits = hits + 1 WHERE sha256 = $1 AND engines = $2 RETURNING readings
"""
_ADD = """
INSERT INTO crm_card_reading (sha256, engines, readings, cpu_ms) VALUES ($1, $2, $3::jsonb, $4) ON CONFLICT DO NOTHING
"""
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
failed AS (
    SELECT named AS name, count(*) AS pictures
    FROM crm_card_photo, unnest(string_to_array(engines, ' ')) AS named WHERE state = 'failed' GROUP BY named
),
named AS (SELECT name FROM part UNION SELECT name FROM failed)
SELECT split_part(named.name, '/', 1) AS engine, split_part(named.name, '/', 2) AS version,
    did.readings, coalesce(failed.pictures, 0) AS pictures_failed, said.lines, said.mean_confidence,
    did.cpu_ms_mean, did.cpu_ms_p95, did.cache_hits
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
ORDER BY engine, version
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What engines made of the picture with a content, as JSON can hold it, and the CPU time that it took."""

    sha256: bytes
    engines: str
    readings: JsonValue
    cpu_ms: int


async def find(uow: UnitOfWork, sha256: bytes, engines: str) -> list[JsonValue] | None:
    """Return what these engines made of a picture before, and count that it was of use."""
    row = await uow.write_row(_FIND, sha256, engines)
    return row["readings"] if row else None


async def add(uow: UnitOfWork, result: Result) -> None:
    """Keep what engines made of a picture."""
    readings = orjson.dumps(result.readings).decode()
    await uow.write(_ADD, result.sha256, result.engines, readings, result.cpu_ms)


async def figures(uow: UnitOfWork) -> list[Row]:
    """Return the figures of each engine and version."""
    return await uow.read(_FIGURES)
