"""Every statement that reads the trail for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

_ENTRY = """
SELECT entry.position, entry.id, entry.happened_at, entry.act, entry.object_type, entry.object_id, entry.actor_kind,
       entry.actor_id, entry.actor_role, entry.approver_id, entry.request_id, link.sequence,
       actor.content AS actor, entry.actor_digest IS NOT NULL AND actor.position IS NULL AS is_actor_erased,
       change.content AS change, entry.change_digest IS NOT NULL AND change.position IS NULL AS is_change_erased
FROM audit_entry AS entry
LEFT JOIN audit_link AS link USING (position)
LEFT JOIN audit_private AS actor ON actor.position = entry.position AND actor.part = 'actor'
LEFT JOIN audit_private AS change ON change.position = entry.position AND change.part = 'change'
"""

# By field of `Wanted`; only those that are asked for become part of the statement.
_CONDITIONS = {
    "act": "entry.act = {}",
    "actor_id": "entry.actor_id = {}",
    "object_type": "entry.object_type = {}",
    "object_id": "entry.object_id = {}",
    "since": "entry.happened_at >= {}",
    "until": "entry.happened_at < {}",
}

ENTRY = f"{_ENTRY} WHERE entry.id = $1"

STORY = f"""
{_ENTRY} WHERE entry.object_type = $1 AND entry.object_id = $2 AND entry.position > $3
ORDER BY entry.position LIMIT $4
"""

# Jumps from act to act along the index: what is there, however many entries there are.
ACTS = """
WITH RECURSIVE present AS (
    (SELECT act FROM audit_entry ORDER BY act LIMIT 1)
    UNION ALL
    SELECT (SELECT entry.act FROM audit_entry AS entry WHERE entry.act > present.act ORDER BY entry.act LIMIT 1)
    FROM present WHERE present.act IS NOT NULL
)
SELECT act FROM present WHERE act IS NOT NULL
"""

COUNT = """
SELECT asked.act, count(entry.act) AS many FROM unnest($1::text[]) AS asked (act)
LEFT JOIN audit_entry AS entry ON entry.act = asked.act AND entry.happened_at > now() - $2::interval
GROUP BY asked.act
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; `until` is left out itself."""

    act: str | None = None
    actor_id: UUID | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def entries(uow: UnitOfWork, wanted: Wanted, before: int | None, limit: int) -> list[Row]:
    """Return up to `limit` entries that lie before a position, newest first."""
    asked = [(text, getattr(wanted, name)) for name, text in _CONDITIONS.items()]
    asked = [(text, value) for text, value in (*asked, ("entry.position < {}", before)) if value is not None]
    conditions = [text.format(f"${number}") for number, (text, _) in enumerate(asked, start=1)]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"{_ENTRY} {where} ORDER BY entry.position DESC LIMIT ${len(asked) + 1}"
    return await uow.read(sql, *(value for _, value in asked), limit)


async def entry(uow: UnitOfWork, entry_id: UUID) -> Row | None:
    """Return an entry."""
    return await uow.read_row(ENTRY, entry_id)


async def story(uow: UnitOfWork, object_type: str, object_id: str, after: int, limit: int) -> list[Row]:
    """Return up to `limit` entries about a thing that lie behind a position, oldest first."""
    return await uow.read(STORY, object_type, object_id, after, limit)


async def acts(uow: UnitOfWork) -> list[str]:
    """Return the acts that there are entries of."""
    return [row["act"] for row in await uow.read(ACTS)]


async def count(uow: UnitOfWork, acts: Sequence[str], span: timedelta) -> dict[str, int]:
    """Return how many entries there are of each of `acts` within `span` of now."""
    return {row["act"]: row["many"] for row in await uow.read(COUNT, list(acts), span)}
