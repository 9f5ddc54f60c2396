"""What contacts are looked up by when two may be the same, pairs that were found, and pairs that were told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.work import Row, UnitOfWork
from tradepost.crm.matching.keys import BLOCK_CAP, Key
from tradepost.crm.repository import reaching

_FORGET_KEYS = "DELETE FROM crm_key WHERE contact_id = ANY ($1)"
_ADD_KEYS = """
INSERT INTO crm_key (kind, value, contact_id)
SELECT kind, value, contact_id FROM unnest($1::text[], $2::text[], $3::uuid[]) AS key (kind, value, contact_id)
ON CONFLICT DO NOTHING
"""
# A key counts for the more, the fewer have it; a key that more than the cap have counts for nothing and is not read
# further than that. Materialized, because each block would be read again for each of its members.
_CANDIDATES = """
WITH block AS MATERIALIZED (
    SELECT array(
        SELECT contact_id FROM crm_key
        WHERE kind = asked.kind AND value = asked.value AND contact_id <> $3 LIMIT $4 + 1
    ) AS members
    FROM unnest($1::text[], $2::text[]) AS asked (kind, value)
),
candidate AS (
    SELECT contact_id, sum(1.0 / cardinality(members)) AS telling
    FROM block CROSS JOIN unnest(members) AS member (contact_id)
    WHERE cardinality(members) <= $4 {reached}
    GROUP BY contact_id ORDER BY telling DESC, contact_id LIMIT $5
)
SELECT candidate.contact_id, apart.low_digest, apart.high_digest
FROM candidate
LEFT JOIN crm_not_same AS apart
    ON apart.low_id = least(candidate.contact_id, $3) AND apart.high_id = greatest(candidate.contact_id, $3)
"""
_FORGET_PAIRS = "DELETE FROM crm_duplicate WHERE low_id = ANY ($1) OR high_id = ANY ($1)"
_ADD_PAIRS = """
INSERT INTO crm_duplicate (low_id, high_id, score, reasons)
SELECT low_id, high_id, score, reasons
FROM json_to_recordset($1::json) AS pair (low_id uuid, high_id uuid, score numeric, reasons jsonb)
ORDER BY low_id, high_id
ON CONFLICT (low_id, high_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons, found_at = now()
"""
_PAIRS = """
SELECT low_id, high_id, score, reasons FROM crm_duplicate
WHERE (score, low_id, high_id) < ($1::text::numeric, $2::text::uuid, $3::text::uuid) {reached}
ORDER BY score DESC, low_id DESC, high_id DESC LIMIT $4
"""
_COUNT = "SELECT count(*) FROM crm_duplicate WHERE true {reached}"
_IS_REACHED = "AND EXISTS (SELECT FROM crm_contact AS {name} WHERE {name}.id = {name}_id {condition})"
_TELL_APART = """
INSERT INTO crm_not_same (low_id, high_id, low_digest, high_digest, actor_id, actor_name)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (low_id, high_id) DO UPDATE
SET low_digest = excluded.low_digest, high_digest = excluded.high_digest, actor_id = excluded.actor_id,
    actor_name = excluded.actor_name, said_at = now()
"""
_FORGET_APART = "DELETE FROM crm_not_same WHERE low_id = $1 AND high_id = $2"
_FORGET_PAIR = "DELETE FROM crm_duplicate WHERE low_id = $1 AND high_id = $2"
_NEXT = "SELECT id FROM crm_contact WHERE id > $1 AND merged_into IS NULL ORDER BY id LIMIT $2"
# Whoever keys contacts waits for the other who does, so that two new ones of the same person find each other.
_TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('crm_key', 0))"
Whose = tuple[UUID, ...] | None
# Scores end at 1.
FIRST_PAGE = ("2", str(UUID(int=0)), str(UUID(int=0)))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contacts that may be the same; `low_id` is the smaller id."""

    low_id: UUID
    high_id: UUID
    score: float
    reasons: Sequence[Mapping[str, object]]


async def take_turns(uow: UnitOfWork) -> None:
    """Wait until nobody else writes keys; until the transaction ends, nobody else will."""
    await uow.write(_TAKE_TURNS)


async def replace_keys(uow: UnitOfWork, keys: Mapping[UUID, Iterable[Key]]) -> None:
    """Write all keys of contacts anew, in two statements."""
    rows = [(key.kind, key.value, contact_id) for contact_id, found in keys.items() for key in found]
    await uow.write(_FORGET_KEYS, list(keys))
    await uow.write(_ADD_KEYS, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


async def candidates(uow: UnitOfWork, keys: Sequence[Key], own_id: UUID, limit: int, whose: Whose) -> list[Row]:
    """Return the contacts that share the most telling keys, without `own_id`: at most `limit`, in one statement.

    They are those of `whose` owners, None of everybody. A row has `contact_id`, and `low_digest` and `high_digest` of
    those that were told apart from `own_id`.
    """
    kinds, values = [one.kind for one in keys], [one.value for one in keys]
    reached, given = _reached(("contact",), whose, 6)
    return await uow.read(_CANDIDATES.format(reached=reached), kinds, values, own_id, BLOCK_CAP, limit, *given)


async def replace_pairs(uow: UnitOfWork, contact_ids: Iterable[UUID], pairs: Sequence[Pair]) -> None:
    """Write all pairs of contacts anew."""
    await uow.write(_FORGET_PAIRS, list(contact_ids))
    await uow.write(_ADD_PAIRS, orjson.dumps(pairs, default=str).decode())


async def forget(uow: UnitOfWork, contact_ids: Sequence[UUID]) -> None:
    """Look contacts up by nothing, and pair them with nobody."""
    await uow.write(_FORGET_KEYS, contact_ids)
    await uow.write(_FORGET_PAIRS, contact_ids)


async def page(uow: UnitOfWork, cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """Return pairs of which both are in reach, the likeliest first, and the cursor of those that follow.

    Raises InvalidCursor for a foreign one.
    """
    reached, given = _reached(("low", "high"), reaching.owners(uow.actor), 5)
    before = decode_cursor(cursor, len(FIRST_PAGE)) if cursor is not None else FIRST_PAGE
    rows = await uow.read(_PAIRS.format(reached=reached), *before, limit + 1, *given)
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode_cursor(*(str(last[name]) for name in ("score", "low_id", "high_id"))) if last else None
    return rows[:limit], following


async def count(uow: UnitOfWork) -> int:
    """Return how many pairs there are of which both are in reach."""
    reached, given = _reached(("low", "high"), reaching.owners(uow.actor), 1)
    return int(await uow.read_value(_COUNT.format(reached=reached), *given))


def _reached(names: Sequence[str], whose: Whose, at: int) -> tuple[str, list[object]]:
    """Return the condition that contacts, whose ids stand in columns so named, are those of `whose` owners."""
    found = [(name, reaching.belongs_to(f"{name}.owner_id", whose, at)) for name in names]
    conditions = [_IS_REACHED.format(name=name, condition=each) for name, (each, _) in found if each]
    return " ".join(conditions), found[0][1][1]


async def tell_apart(uow: UnitOfWork, digests: Mapping[UUID, str]) -> None:
    """Remember that two contacts with these keys are not the same."""
    (low, low_digest), (high, high_digest) = sorted(digests.items())
    await uow.write(_TELL_APART, low, high, low_digest, high_digest, uow.actor.id, uow.actor.name)
    await uow.write(_FORGET_PAIR, low, high)


async def forget_apart(uow: UnitOfWork, one_id: UUID, other_id: UUID) -> None:
    """Forget that two contacts are not the same."""
    await uow.write(_FORGET_APART, *sorted((one_id, other_id)))


async def next_ids(uow: UnitOfWork, after: UUID, limit: int) -> list[UUID]:
    """Return ids of contacts in their order."""
    return [row["id"] for row in await uow.read(_NEXT, after, limit)]
