"""Every statement that reads the trail for people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from mainstay.db.grammar import SPAN, Asked, Filter, Grammar, Order, both
from mainstay.work import Row, UnitOfWork

NAME_FORM = r"^[a-z]+\.[a-z_]+$"
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

_Name = Annotated[str, StringConstraints(max_length=100, pattern=NAME_FORM)]
ENTRIES = Grammar(
    f"{_ENTRY} WHERE {{conditions}} ORDER BY {{order}} LIMIT {{limit}}",
    # In the order in which they were begun: their moments are the clock's, which can be set back.
    both(happened_at=Order(ending=(("entry.position", "bigint"),))),
    "-happened_at",
    {
        "act": Filter(_Name, "entry.act"),
        "actor_id": Filter(UUID, "entry.actor_id"),
        "object_type": Filter(_Name, "entry.object_type"),
        "object_id": Filter(Annotated[str, StringConstraints(min_length=1, max_length=200)], "entry.object_id"),
        "happened_at": Filter(
            AwareDatetime, "entry.happened_at", SPAN, "The moment", spelled={"gte": "since", "lt": "until"}
        ),
    },
)

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


async def entries(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the entries that fit, and the cursor of the next one."""
    sql, values = ENTRIES.select(asked, cursor, size)
    return ENTRIES.order(asked).page(await uow.read(sql, *values), size)


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
