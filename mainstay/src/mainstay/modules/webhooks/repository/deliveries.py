"""Every statement about deliveries: reading the log for them, taking those that are due, and what became of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import AwareDatetime

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, both
from mainstay.messages import log
from mainstay.modules.webhooks.schemas import DeliveryState
from mainstay.work import Row, UnitOfWork

ANY_WANTED = "SELECT EXISTS (SELECT FROM webhooks_subscription WHERE state <> 'disabled')"

# Whoever reads the log for the subscriptions holds the row; another process goes on without.
HOLD_CURSOR = "SELECT transaction_id, position FROM webhooks_cursor WHERE id = 1 FOR UPDATE SKIP LOCKED"

# Locked, so that none is deleted while deliveries are added to it.
WANTING = "SELECT id, events, filters FROM webhooks_subscription WHERE state <> 'disabled' FOR KEY SHARE"

ADD = """
INSERT INTO webhooks_delivery
    (id, subscription_id, event_id, event_name, position, object_key, body)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[])
ON CONFLICT (subscription_id, event_id) DO NOTHING
"""

# Sent again is what was sent before too: it keeps its id, by which a receiver knows it.
ADD_AGAIN = ADD.replace("DO NOTHING", "DO UPDATE") + (
    "SET state = 'waiting', ended_at = NULL, tries = 0, next_at = now(), wanted_at = now() "
    "WHERE webhooks_delivery.state <> 'waiting'"
)

# The subscription is not locked: one that is paused at this moment sends when it is resumed.
LOCKED = """
SELECT d.id, d.subscription_id, d.state, s.state AS of_subscription
FROM webhooks_delivery AS d JOIN webhooks_subscription AS s ON s.id = d.subscription_id
WHERE d.id = ANY ($1) ORDER BY d.id FOR UPDATE OF d
"""

SEND_AGAIN = """
UPDATE webhooks_delivery SET state = 'waiting', ended_at = NULL, tries = 0, next_at = now(), wanted_at = now()
WHERE id = ANY ($1)
"""

MOVE_CURSOR = "UPDATE webhooks_cursor SET transaction_id = $1, position = $2 WHERE id = 1"

# Of each receiver as many as it may have beside those under way; one while it fails, and then no other process takes
# one either. Of each object the first alone, by position: those are
# given out at the end of a transaction, so that of two which waited for each other the later one has the higher, though
# its number may be lower. What is taken comes back after the lease, should this process die.
TAKE = f"""
WITH due AS (
    SELECT chosen.id FROM webhooks_subscription AS s
    CROSS JOIN LATERAL (
        SELECT d.id, d.next_at FROM webhooks_delivery AS d
        WHERE d.subscription_id = s.id AND d.state = 'waiting' AND d.next_at <= now() AND NOT EXISTS (
            SELECT FROM webhooks_delivery AS earlier
            WHERE earlier.subscription_id = d.subscription_id AND earlier.object_key = d.object_key
                AND earlier.state = 'waiting' AND earlier.position < d.position
        )
        ORDER BY d.position
        LIMIT greatest(
            CASE WHEN s.failures > 0 THEN 1 ELSE $3 END - coalesce(($1::jsonb ->> s.id::text)::integer, 0), 0
        )
        FOR UPDATE SKIP LOCKED
    ) AS chosen
    WHERE s.state = 'active' AND s.resting_until <= now()
    ORDER BY chosen.next_at LIMIT $2
), taken AS (
    UPDATE webhooks_delivery AS d SET tries = d.tries + 1, next_at = now() + $4::interval
    FROM due WHERE d.id = due.id AND d.state = 'waiting'
    RETURNING d.id, d.subscription_id, d.event_id, d.object_key, d.event_name, d.body, d.tries, d.wanted_at
), rested AS (
    UPDATE webhooks_subscription AS s SET resting_until = now() + $4::interval
    FROM taken WHERE s.id = taken.subscription_id AND s.failures > 0
)
SELECT taken.*, s.url, s.secret_sealed, s.failures, event.request_id, event.trace, event.actor_id,
    CASE WHEN s.former_until > now() THEN s.former_sealed END AS former_sealed
FROM taken JOIN webhooks_subscription AS s ON s.id = taken.subscription_id
LEFT JOIN ({log.CAUSES}) AS event ON event.id = taken.event_id
"""  # noqa: S608  a constant

END = """
UPDATE webhooks_delivery SET state = $2, ended_at = now() WHERE id = $1 AND state = 'waiting' RETURNING id
"""

WAIT = """
UPDATE webhooks_delivery SET
    state = CASE WHEN wanted_at < now() - $3::interval THEN 'given_up' ELSE state END,
    ended_at = CASE WHEN wanted_at < now() - $3::interval THEN now() END,
    next_at = now() + $2::interval
WHERE id = $1 AND state = 'waiting'
"""

PUT_BACK = """
UPDATE webhooks_delivery SET tries = tries - 1, next_at = now() + $2::interval WHERE id = $1 AND state = 'waiting'
"""

ADD_ATTEMPT = """
INSERT INTO webhooks_attempt (delivery_id, outcome, status, duration_ms, request, answer)
SELECT id, $2, $3, $4, $5, $6 FROM webhooks_delivery WHERE id = $1
"""

DELIVERIES = Grammar(
    """
SELECT d.id, d.event_id, d.event_name, d.position, d.state, d.tries, d.next_at, d.created_at, d.ended_at,
    last.outcome, last.status, last.duration_ms
FROM webhooks_delivery AS d
LEFT JOIN LATERAL (
    SELECT outcome, status, duration_ms FROM webhooks_attempt AS a WHERE a.delivery_id = d.id ORDER BY a.id DESC LIMIT 1
) AS last ON true
WHERE {conditions} ORDER BY {order} LIMIT {limit}
""",
    both(created_at=Order((("d.created_at", "timestamptz"),), ending=(("d.id", "uuid"),))),
    "-created_at",
    {
        "state": Filter(DeliveryState, "d.state", ("in",)),
        "created_at": Filter(AwareDatetime, "d.created_at", RANGE),
    },
)

ONE = """
SELECT id, subscription_id, event_id, event_name, position, state, tries, next_at, created_at, ended_at, body
FROM webhooks_delivery WHERE id = $1
"""

ATTEMPTS = """
SELECT outcome, status, duration_ms, request, answer, tried_at FROM webhooks_attempt
WHERE delivery_id = $1 ORDER BY id DESC LIMIT 100
"""

# What no receiver took while its webhook was paused goes too: a year later it is no news to anybody.
FORGET = """
DELETE FROM webhooks_delivery WHERE coalesce(ended_at, wanted_at) < now() - $1::interval
"""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One event for one subscription."""

    id: UUID
    subscription_id: UUID
    event_id: UUID
    event_name: str
    position: int
    object_key: str
    body: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How one try went, as it is kept."""

    outcome: str
    status: int | None
    duration_ms: int
    request: str
    answer: str | None


async def is_any_wanted(uow: UnitOfWork) -> bool:
    """Whether there is anybody to send events to."""
    return bool(await uow.read_value(ANY_WANTED))


async def hold_cursor(uow: UnitOfWork) -> tuple[int, int] | None:
    """Return how far the log has been read, and keep others from reading on; None when another process does."""
    row = await uow.write_row(HOLD_CURSOR)
    return None if row is None else (row["transaction_id"], row["position"])


async def renumber(uow: UnitOfWork) -> bool:
    """Put the log in order again when it was loaded from a dump of another cluster; say whether it was."""
    await uow.take_time()
    rows = await uow.write("SELECT webhooks_renumber() AS was_foreign")
    return bool(rows[0]["was_foreign"])


async def wanting(uow: UnitOfWork) -> list[Row]:
    """Return who wants events, locked against being deleted."""
    return await uow.write(WANTING)


async def move_cursor(uow: UnitOfWork, place: tuple[int, int]) -> None:
    """Remember how far the log has been read."""
    await uow.write(MOVE_CURSOR, *place)


async def place(uow: UnitOfWork) -> tuple[int, int]:
    """Return how far the log has been read."""
    rows = await uow.read("SELECT transaction_id, position FROM webhooks_cursor WHERE id = 1")
    return rows[0]["transaction_id"], rows[0]["position"]


async def add(uow: UnitOfWork, new: Sequence[NewDelivery], *, again: bool = False) -> None:
    """Add deliveries; those that are there already stay as they are, or wait `again`."""
    if new:
        columns = [[getattr(each, name) for each in new] for name in NewDelivery.__slots__]
        await uow.write(ADD_AGAIN if again else ADD, *columns)


async def locked(uow: UnitOfWork, keys: Sequence[UUID]) -> dict[UUID, Row]:
    """Return deliveries with their states and those of their subscriptions; nobody else takes them meanwhile."""
    return {row["id"]: row for row in await uow.write(LOCKED, keys)}


async def send_again(uow: UnitOfWork, keys: Sequence[UUID]) -> None:
    """Have locked deliveries that are over wait again, as if they had never been tried."""
    await uow.write(SEND_AGAIN, keys)


async def take(uow: UnitOfWork, under_way: Mapping[str, int], most: int, each: int, lease: timedelta) -> list[Row]:
    """Take up to `most` deliveries that are due; `under_way` counts those that this process has, by subscription."""
    return await uow.write(TAKE, json.dumps(under_way), most, each, lease)


async def end(uow: UnitOfWork, key: UUID, state: str) -> None:
    """Remember that a delivery is over."""
    await uow.write(END, key, state)


async def wait(uow: UnitOfWork, key: UUID, pause: timedelta, patience: timedelta) -> None:
    """Have a delivery tried again after a pause; it is given up when it has been tried for longer than `patience`."""
    await uow.write(WAIT, key, pause, patience)


async def put_back(uow: UnitOfWork, key: UUID, pause: timedelta) -> None:
    """Put a delivery back that was not tried after all."""
    await uow.write(PUT_BACK, key, pause)


async def add_attempt(uow: UnitOfWork, key: UUID, tried: Tried) -> None:
    """Keep how a try went, unless the delivery has been deleted meanwhile."""
    await uow.write(ADD_ATTEMPT, key, tried.outcome, tried.status, tried.duration_ms, tried.request, tried.answer)


async def listed(
    uow: UnitOfWork, key: UUID, asked: Asked, cursor: str | None, size: int
) -> tuple[list[Row], str | None]:
    """Return a page of the deliveries of a subscription that fit, and the cursor of the next one."""
    sql, values = DELIVERIES.select(asked, cursor, size, [("d.subscription_id = {}", key)])
    return DELIVERIES.order(asked).page(await uow.read(sql, *values), size)


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a delivery."""
    return await uow.read_row(ONE, key)


async def attempts(uow: UnitOfWork, key: UUID) -> list[Row]:
    """Return the newest tries of a delivery."""
    return await uow.read(ATTEMPTS, key)


async def forget(uow: UnitOfWork, age: timedelta) -> None:
    """Delete deliveries that were over long ago."""
    await uow.write(FORGET, age)
