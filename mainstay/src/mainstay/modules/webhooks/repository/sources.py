"""Every statement about sources and their messages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import versioned
from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork

_SHOWN = """
s.id, s.name, s.description, s.former_until, s.version, s.created_at,
(SELECT max(r.received_at) FROM webhooks_received AS r WHERE r.source_id = s.id) AS received_at
"""

ALL = f"SELECT {_SHOWN} FROM webhooks_source AS s ORDER BY s.name"  # noqa: S608  a constant above
ONE = f"SELECT {_SHOWN} FROM webhooks_source AS s WHERE s.id = $1"  # noqa: S608  a constant above

ADD = """
INSERT INTO webhooks_source (id, name, description, secret_sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""

VERSIONED = Versioned(
    "webhooks.source", "webhooks_source", {"name": "record.name", "description": "record.description"}
)

ROTATE = f"""
WITH {VERSIONED.keeping("record.id = $1 AND record.version = $2")}
UPDATE webhooks_source
SET former_sealed = secret_sealed, former_until = now() + $4::interval, secret_sealed = $3, version = version + 1
WHERE id = $1 AND version = $2 RETURNING id
"""  # noqa: S608  constants

SECRETS = """
SELECT id, secret_sealed, CASE WHEN former_until > now() THEN former_sealed END AS former_sealed
FROM webhooks_source WHERE name = $1
"""

KEEP = """
INSERT INTO webhooks_received (id, source_id, message_id, signed_at, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (source_id, message_id) DO NOTHING RETURNING id
"""

# A sender that had no answer signs its message anew: then it is later, and what was copied on its way is not.
KNOW_AGAIN = """
UPDATE webhooks_received SET signed_at = $3 WHERE source_id = $1 AND message_id = $2 AND signed_at < $3 RETURNING id
"""

RECEIVED = """
SELECT r.message_id, r.body, r.received_at, s.name FROM webhooks_received AS r
JOIN webhooks_source AS s ON s.id = r.source_id WHERE r.id = $1
"""

FORGET = "DELETE FROM webhooks_received WHERE received_at < now() - $1::interval"

FORGET_FORMER = "UPDATE webhooks_source SET former_sealed = NULL, former_until = NULL WHERE former_until < now()"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it came: its id, when it was signed, and what it says."""

    id: str
    signed_at: datetime
    body: bytes


async def all_of(uow: UnitOfWork) -> list[Row]:
    """Return all sources by name."""
    return await uow.read(ALL)


async def one(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a source."""
    return await uow.read_row(ONE, key)


async def add(uow: UnitOfWork, key: UUID, name: str, description: str, sealed: bytes) -> bool:
    """Add a source; False when its id or name is taken."""
    return bool(await uow.write(ADD, key, name, description, sealed))


async def rotate(uow: UnitOfWork, key: UUID, version: int, sealed: bytes, overlap: timedelta) -> bool:
    """Give a source another secret; the former one counts too for a while. False for another version."""
    return bool(await uow.write(ROTATE, key, version, sealed, overlap))


async def remove(uow: UnitOfWork, key: UUID) -> None:
    """Delete a source with its messages."""
    await versioned.forget(uow, VERSIONED, key)
    await uow.write("DELETE FROM webhooks_source WHERE id = $1", key)


async def secrets(uow: UnitOfWork, name: str) -> Row | None:
    """Return the sealed secrets that count for a source's name."""
    return await uow.read_row(SECRETS, name)


async def keep(uow: UnitOfWork, key: UUID, source_id: UUID, message: Message) -> bool:
    """Keep a message; False when one with its id is kept already."""
    return bool(await uow.write(KEEP, key, source_id, message.id, message.signed_at, message.body))


async def know_again(uow: UnitOfWork, source_id: UUID, message: Message) -> bool:
    """Whether a message that is kept was signed anew."""
    return bool(await uow.write(KNOW_AGAIN, source_id, message.id, message.signed_at))


async def received(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a message."""
    return await uow.read_row(RECEIVED, key)


async def forget(uow: UnitOfWork, age: timedelta) -> None:
    """Delete messages that came long ago, and former secrets that count no more."""
    await uow.write(FORGET, age)
    await uow.write(FORGET_FORMER)
