"""Every statement about subscriptions. Moments are the database's, so that all processes agree on them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay.errors import JsonValue
from mainstay.messages import log
from mainstay.versioned import Versioned, forget
from mainstay.work import Row, UnitOfWork

_SHOWN = """
s.id, s.url, s.description, s.events, s.filters, s.state, s.reason, s.failures, s.failing_since, s.former_until,
s.version, s.created_at,
(SELECT count(*) FROM webhooks_delivery AS d WHERE d.subscription_id = s.id AND d.state = 'waiting') AS waiting,
(SELECT max(d.ended_at) FROM webhooks_delivery AS d WHERE d.subscription_id = s.id AND d.state = 'delivered')
    AS delivered_at
"""

ALL = f"SELECT {_SHOWN} FROM webhooks_subscription AS s ORDER BY s.created_at, s.id"  # noqa: S608  a constant above
ONE = f"SELECT {_SHOWN} FROM webhooks_subscription AS s WHERE s.id = $1"  # noqa: S608  a constant above

# What happened before the first subscription is sent to nobody: reading begins with what is still under way.
BEGIN = f"""
INSERT INTO webhooks_cursor AS c (id, transaction_id, position)
VALUES (1, pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, {log.NEWEST})
ON CONFLICT (id) DO UPDATE SET transaction_id = excluded.transaction_id, position = excluded.position
WHERE NOT EXISTS (SELECT FROM webhooks_subscription WHERE state <> 'disabled')
"""  # noqa: S608  a constant of the log's

ADD = """
INSERT INTO webhooks_subscription (id, url, description, events, filters, secret_sealed)
VALUES ($1, $2, $3, $4, $5::jsonb, $6) ON CONFLICT (id) DO NOTHING RETURNING id
"""

VERSIONED = Versioned(
    "webhooks.subscription",
    "webhooks_subscription",
    {
        "url": "record.url",
        "description": "record.description",
        "events": "to_jsonb(record.events)",
        "filters": "record.filters",
        "state": "record.state",
    },
)
_KEPT = VERSIONED.keeping("record.id = $1 AND record.version = $2")

CHANGE = f"""
WITH {_KEPT}
UPDATE webhooks_subscription SET url = $3, description = $4, events = $5, filters = $6::jsonb, version = version + 1
WHERE id = $1 AND version = $2 RETURNING id
"""  # noqa: S608  constants

SET_STATE = f"""
WITH {_KEPT}
UPDATE webhooks_subscription
SET state = $3, reason = NULL, failures = 0, failing_since = NULL, resting_until = now(), version = version + 1
WHERE id = $1 AND version = $2 RETURNING id
"""  # noqa: S608  constants

# Deliveries before their webhook, as what becomes of a try is written: two who went opposite ways would deadlock.
RETRY_WAITING = """
UPDATE webhooks_delivery SET next_at = now(), wanted_at = now() WHERE subscription_id = $1 AND state = 'waiting'
"""

REMOVE_DELIVERIES = "DELETE FROM webhooks_delivery WHERE subscription_id = $1"

ROTATE = f"""
WITH {_KEPT}
UPDATE webhooks_subscription
SET former_sealed = secret_sealed, former_until = now() + $4::interval, secret_sealed = $3, version = version + 1
WHERE id = $1 AND version = $2 RETURNING id
"""  # noqa: S608  constants

# Only one of several workers that see a receiver fail switches it off, and tells.
DISABLE = f"""
WITH {VERSIONED.keeping("record.id = $1 AND record.state <> 'disabled'")}
UPDATE webhooks_subscription SET state = 'disabled', reason = $2, version = version + 1
WHERE id = $1 AND state <> 'disabled' RETURNING id, url, description
"""  # noqa: S608  constants

WELL = """
UPDATE webhooks_subscription SET failures = 0, failing_since = NULL, resting_until = now()
WHERE id = $1 AND failing_since IS NOT NULL
"""

# `is_down` says that the receiver, and not one message, is the trouble: then all wait for the one that is tried.
ILL = """
UPDATE webhooks_subscription
SET failures = CASE WHEN $2 THEN greatest(failures, $5) ELSE 0 END, failing_since = coalesce(failing_since, now()),
    resting_until = CASE WHEN $2 THEN now() + $3::interval ELSE now() END
WHERE id = $1 RETURNING failing_since < now() - $4::interval AS is_hopeless
"""

REST = "UPDATE webhooks_subscription SET resting_until = now() + $2::interval WHERE id = $1"

FORGET_FORMER = """
UPDATE webhooks_subscription SET former_sealed = NULL, former_until = NULL WHERE former_until < now()
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """The how-manieth in a row it is, for how long nothing is sent then, and whether the receiver is the trouble."""

    number: int
    pause: timedelta
    is_down: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where events are to be sent, and which."""

    url: str
    description: str
    events: Sequence[str]
    filters: Sequence[JsonValue]


async def all_of(uow: UnitOfWork) -> list[Row]:
    """Return all subscriptions, the oldest first."""
    return await uow.read(ALL)


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a subscription."""
    return await uow.read_row(ONE, key)


async def count(uow: UnitOfWork) -> int:
    """Count the subscriptions."""
    found: int = await uow.read_value("SELECT count(*) FROM webhooks_subscription")
    return found


async def add(uow: UnitOfWork, key: UUID, wanted: Wanted, sealed: bytes) -> bool:
    """Add a subscription; False when the id is taken."""
    await uow.write(BEGIN)
    values = (wanted.url, wanted.description, list(wanted.events), json.dumps(wanted.filters))
    return bool(await uow.write(ADD, key, *values, sealed))


async def change(uow: UnitOfWork, key: UUID, version: int, wanted: Wanted) -> bool:
    """Change a subscription; False when it has another version."""
    values = (wanted.url, wanted.description, list(wanted.events), json.dumps(wanted.filters))
    return bool(await uow.write(CHANGE, key, version, *values))


async def set_state(uow: UnitOfWork, key: UUID, version: int, state: str) -> bool:
    """Pause or resume a subscription, which has a clean slate then; False when it has another version.

    What waits is tried at once then, and for as long as anything new.
    """
    await uow.write(BEGIN)
    await uow.write(RETRY_WAITING, key)
    return bool(await uow.write(SET_STATE, key, version, state))


async def rotate(uow: UnitOfWork, key: UUID, version: int, sealed: bytes, overlap: timedelta) -> bool:
    """Give a subscription another secret; the former one signs too for a while. False for another version."""
    return bool(await uow.write(ROTATE, key, version, sealed, overlap))


async def remove(uow: UnitOfWork, key: UUID) -> bool:
    """Delete a subscription with its deliveries."""
    await uow.write(REMOVE_DELIVERIES, key)
    await forget(uow, VERSIONED, key)
    return bool(await uow.write("DELETE FROM webhooks_subscription WHERE id = $1 RETURNING id", key))


async def disable(uow: UnitOfWork, key: UUID, reason: str) -> Row | None:
    """Switch a subscription off; None when that was done before."""
    return await uow.write_row(DISABLE, key, reason)


async def note_well(uow: UnitOfWork, key: UUID) -> None:
    """Remember that a receiver answered well."""
    await uow.write(WELL, key)


async def note_ill(uow: UnitOfWork, key: UUID, failure: Failure, patience: timedelta) -> bool:
    """Remember that a receiver failed; say whether it has for longer than `patience`."""
    row = await uow.write_row(ILL, key, failure.is_down, failure.pause, patience, failure.number)
    return row is not None and bool(row["is_hopeless"])


async def rest(uow: UnitOfWork, key: UUID, pause: timedelta) -> None:
    """Send nothing for a while."""
    await uow.write(REST, key, pause)


async def forget_former(uow: UnitOfWork) -> None:
    """Forget former secrets that sign no more."""
    await uow.write(FORGET_FORMER)
