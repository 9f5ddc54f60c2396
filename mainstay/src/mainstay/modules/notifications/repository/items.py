"""What people were told. Each reads and changes their own alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

# Who was told of the same thing before is not told again, and is missing from what comes back.
ADD = """
INSERT INTO notifications_item (id, person_id, in_app, mail, kind, told, path, once, created_at)
SELECT told_id, person_id, in_app, mail, $5, $6::jsonb, $7, $8, $9
FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[]) AS one(told_id, person_id, in_app, mail)
ON CONFLICT (person_id, kind, once) WHERE once IS NOT NULL DO NOTHING
RETURNING person_id
"""

SHOWN = "in_app AND removed_at IS NULL"

PAGE = f"""
SELECT id, kind, told, path, created_at, read_at FROM notifications_item
WHERE person_id = $1 AND {SHOWN} AND kind <> ALL ($2)
    AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4))
ORDER BY created_at DESC, id DESC LIMIT $5
"""  # noqa: S608  only this file's constants

UNREAD = f"""
SELECT count(*) FROM (
    SELECT FROM notifications_item WHERE person_id = $1 AND {SHOWN} AND kind <> ALL ($2) AND read_at IS NULL LIMIT $3
) AS unread
"""  # noqa: S608  only this file's constants

# What came after the list was read stays unread. In one order, as all that changes many of them.
READ_ALL = f"""
UPDATE notifications_item SET read_at = now() WHERE id IN (
    SELECT id FROM notifications_item
    WHERE person_id = $1 AND {SHOWN} AND kind <> ALL ($2) AND read_at IS NULL AND created_at <= $3
    ORDER BY id FOR UPDATE
)
"""  # noqa: S608  only this file's constants

LOCKED = f"""
SELECT id, read_at FROM notifications_item
WHERE person_id = $1 AND {SHOWN} AND kind <> ALL ($2) AND id = ANY ($3) ORDER BY id FOR UPDATE
"""  # noqa: S608  only this file's constants

READ = "UPDATE notifications_item SET read_at = coalesce(read_at, now()) WHERE id = ANY ($1)"

REMOVE = "UPDATE notifications_item SET removed_at = now(), told = '{}' WHERE id = ANY ($1)"

# People with something to gather that has waited since before the latest hour at which they want it.
WAITING = """
SELECT item.person_id, min(item.created_at) AS since, reader.digest_hour, reader.time_zone
FROM notifications_item AS item LEFT JOIN notifications_reader AS reader USING (person_id)
WHERE item.mail = 'digest' GROUP BY item.person_id, reader.digest_hour, reader.time_zone ORDER BY item.person_id
"""

GATHER = """
WITH taken AS (
    UPDATE notifications_item SET mail = 'digested' WHERE person_id = $1 AND mail = 'digest'
    RETURNING id, kind, told, path, created_at, read_at, removed_at
)
SELECT * FROM taken WHERE removed_at IS NULL ORDER BY created_at, id
"""

FORGET = """
DELETE FROM notifications_item
WHERE coalesce(read_at, removed_at) < now() - $1::interval OR created_at < now() - $2::interval
"""

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Told:
    """How one person is told."""

    id: UUID
    person_id: UUID
    in_app: bool
    mail: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """What a person was told, without the kinds that are `withheld` from them."""

    person_id: UUID
    withheld: Sequence[str]


@dataclass(frozen=True, slots=True)
class Content:
    """What all of them are told of, and when."""

    kind: str
    values: Mapping[str, str]
    path: str | None
    once: str | None
    at: datetime


async def add(uow: UnitOfWork, told: Sequence[Told], content: Content) -> set[UUID]:
    """Tell people of something, and return who had not been told of it."""
    rows = await uow.write(
        ADD,
        [one.id for one in told],
        [one.person_id for one in told],
        [one.in_app for one in told],
        [one.mail for one in told],
        *(content.kind, json.dumps(dict(content.values), ensure_ascii=False), content.path, content.once, content.at),
    )
    return {row["person_id"] for row in rows}


async def page(uow: UnitOfWork, inbox: Inbox, before: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return up to `limit` of what a person was told, from before a (created, id), the newest first."""
    moment, key = before or (None, None)
    return await uow.read(PAGE, inbox.person_id, inbox.withheld, moment, key, limit)


async def unread(uow: UnitOfWork, inbox: Inbox) -> int:
    """Count what a person has not read, up to a hundred."""
    return int(await uow.read_value(UNREAD, inbox.person_id, inbox.withheld, MOST_COUNTED))


async def locked(uow: UnitOfWork, inbox: Inbox, keys: Sequence[UUID]) -> dict[UUID, Row]:
    """Return which of these are in a person's inbox, and when each was read; they stay so until this work ends."""
    return {row["id"]: row for row in await uow.write(LOCKED, inbox.person_id, inbox.withheld, keys)}


async def read(uow: UnitOfWork, keys: Sequence[UUID]) -> None:
    """Remember that locked ones were read."""
    await uow.write(READ, keys)


async def read_all(uow: UnitOfWork, inbox: Inbox, up_to: datetime) -> None:
    """Remember that a person has read all up to a moment."""
    await uow.write(READ_ALL, inbox.person_id, inbox.withheld, up_to)


async def remove(uow: UnitOfWork, keys: Sequence[UUID]) -> None:
    """Take locked ones out of their inbox."""
    await uow.write(REMOVE, keys)


async def waiting(uow: UnitOfWork) -> list[Row]:
    """Return for whom something waits to be gathered, since when, and at which hour they want it."""
    return await uow.read(WAITING)


async def gather(uow: UnitOfWork, person_id: UUID) -> list[Row]:
    """Take what waits for a person, the oldest first; nobody else gets it as well."""
    return await uow.write(GATHER, person_id)


async def forget(uow: UnitOfWork, read_for: timedelta, kept_for: timedelta) -> None:
    """Delete what was read or removed long ago, and what is very old."""
    await uow.write(FORGET, read_for, kept_for)
