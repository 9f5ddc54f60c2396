"""Merges of contacts: the references that are moved, found from the database's own foreign keys, and what is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from mainstay.errors import JsonValue
from mainstay.work import Row, UnitOfWork
from tradepost.crm.repository import reaching
from tradepost.crm.repository.contacts import VERSIONED

# What belongs to a contact itself, or is derived from it: it stays, so that an undo finds it as it was.
_OWN = (
    "crm_phone", "crm_email", "crm_website", "crm_address", "crm_timeline", "crm_key", "crm_duplicate", "crm_not_same",
    "crm_merge", "crm_merge_part",
)  # fmt: skip
# Rows that nobody may change, such as those of a ledger, keep the id that they were written with: it leads on.
_REFERENCES = """
SELECT
    reference.conrelid::regclass::text AS "table", quote_ident(pointing.attname) AS "column",
    cardinality(reference.conkey) AS width,
    (
        SELECT array_agg(quote_ident(part.attname) ORDER BY place.number)
        FROM pg_index AS main
        CROSS JOIN unnest(main.indkey::smallint[]) WITH ORDINALITY AS place (attnum, number)
        JOIN pg_attribute AS part ON part.attrelid = main.indrelid AND part.attnum = place.attnum
        WHERE main.indrelid = reference.conrelid AND main.indisprimary
    ) AS key
FROM pg_constraint AS reference
JOIN pg_attribute AS pointing ON pointing.attrelid = reference.conrelid AND pointing.attnum = reference.conkey[1]
WHERE reference.contype = 'f' AND reference.confrelid = 'crm_contact'::regclass
    AND reference.conrelid::regclass::text <> ALL ($1)
    AND has_column_privilege(reference.conrelid, pointing.attnum, 'UPDATE')
ORDER BY 1, 2
"""
_MOVE = """
UPDATE {table} AS target SET {column} = $1
FROM (SELECT {key}, {column} AS merge_from FROM {table} WHERE {column} = ANY ($2) ORDER BY {key} FOR UPDATE) AS was
WHERE {same}
RETURNING was.merge_from AS "from", to_jsonb((SELECT keyed FROM (SELECT {target_key}) AS keyed)) AS key
"""
_MOVE_BACK = """
UPDATE {table} AS target SET {column} = was.merge_from
FROM (
    SELECT (item ->> 'from')::uuid AS merge_from, (jsonb_populate_record(NULL::{table}, item -> 'key')).*
    FROM jsonb_array_elements($2::text::jsonb) AS item
) AS was
WHERE {same} AND target.{column} = $1
"""
_LOCK = """
SELECT id, version, archived_at, merged_into, owner_id FROM crm_contact WHERE id = ANY ($1) ORDER BY id FOR UPDATE
"""
_PUT_AWAY = f"""
WITH {VERSIONED.keeping("record.id = ANY ($2)")}
UPDATE crm_contact
SET merged_into = $1, archived_at = coalesce(archived_at, now()), version = version + 1, updated_at = now()
WHERE id = ANY ($2)
"""  # noqa: S608  put together from constants
_BRING_BACK = f"""
WITH {VERSIONED.keeping("record.id IN (SELECT contact_id FROM crm_merge_part WHERE merge_id = $1)")}
UPDATE crm_contact AS contact
SET merged_into = NULL, archived_at = part.archived_at, version = version + 1, updated_at = now()
FROM crm_merge_part AS part
WHERE part.merge_id = $1 AND contact.id = part.contact_id
RETURNING contact.id, contact.version
"""  # noqa: S608  put together from constants
_OTHERS = """
SELECT EXISTS (SELECT FROM crm_contact WHERE company_id = ANY ($1) AND id <> ALL ($1) AND merged_into IS NULL)
"""
_KEEP_FOREIGN = "UPDATE crm_contact SET foreign_properties = $2::text::jsonb WHERE id = $1"
_ADD = """
WITH added AS (
    INSERT INTO crm_merge (id, survivor_id, before, after, moved, content_hash, actor_id, actor_name)
    VALUES ($1, $2, $3::text::jsonb, $4::text::jsonb, $5::text::jsonb, $6, $7, $8)
)
INSERT INTO crm_merge_part (merge_id, contact_id, archived_at, labels)
SELECT $1, contact_id, archived_at, labels
FROM json_to_recordset($9::json) AS part (contact_id uuid, archived_at timestamptz, labels jsonb)
ORDER BY contact_id
"""
_COLUMNS = """
    id, survivor_id, content_hash, actor_name, merged_at, undone_at,
    (SELECT array_agg(contact_id ORDER BY contact_id) FROM crm_merge_part WHERE merge_id = merge.id) AS merged_ids
"""
_ONE = f"""
SELECT {_COLUMNS}, (
    SELECT CASE WHEN survivor.id IS NULL THEN contact.owner_id ELSE survivor.owner_id END
    FROM crm_contact AS contact LEFT JOIN crm_contact AS survivor ON survivor.id = contact.merged_into
    WHERE contact.id = merge.survivor_id
) AS reached_by
FROM crm_merge AS merge WHERE id = $1
"""  # noqa: S608  constants
_CONTENT_HASH = "SELECT content_hash FROM crm_merge WHERE id = $1"
_OF = f"""
SELECT {_COLUMNS} FROM crm_merge AS merge
WHERE survivor_id IN (SELECT id FROM crm_contact WHERE id = $1 OR merged_into = $1)
ORDER BY merged_at DESC, id DESC LIMIT $2
"""  # noqa: S608  constants
_WHOLE = "SELECT before, after, moved, survivor_id, undone_at FROM crm_merge WHERE id = $1 FOR UPDATE"
_PARTS = "SELECT contact_id, archived_at, labels FROM crm_merge_part WHERE merge_id = $1 ORDER BY contact_id"
_END = "UPDATE crm_merge SET undone_at = now(), undone_by_id = $2, undone_by_name = $3 WHERE id = $1"
# The last merge of each that was not undone is the one it is merged by.
_LABELS_OF = """
SELECT DISTINCT ON (part.contact_id) part.contact_id, part.labels
FROM crm_merge_part AS part JOIN crm_merge AS merge ON merge.id = part.merge_id
WHERE part.contact_id = ANY ($1) AND merge.undone_at IS NULL
ORDER BY part.contact_id, merge.merged_at DESC
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A contact that is merged, with its tags and groups and when it had been put away before."""

    contact_id: UUID
    archived_at: object
    labels: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class NewMerge:
    """A merge to keep; `before` and `after` are the survivor, `moved` is what `move` returned."""

    id: UUID
    survivor_id: UUID
    before: Mapping[str, JsonValue]
    after: Mapping[str, JsonValue]
    moved: Sequence[Mapping[str, Any]]
    content_hash: str
    parts: Sequence[Part]


async def lock(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Keep everybody from changing contacts, and from referring to them, until the transaction ends.

    Those that are unknown or out of reach are absent.
    """
    rows = await uow.write(_LOCK, list(contact_ids))
    return {row["id"]: row for row in rows if reaching.reaches(uow.actor, row["owner_id"])}


async def have_others(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> bool:
    """Say whether anybody but these contacts is with one of them as a company."""
    return bool(await uow.read_value(_OTHERS, list(contact_ids)))


async def references(uow: UnitOfWork) -> list[Row]:
    """Return the columns that refer to contacts and may be changed: `table`, `column`, and the `key` of their rows."""
    return await uow.read(_REFERENCES, _OWN)


async def move(uow: UnitOfWork, survivor_id: UUID, merged_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Point every reference to merged contacts at the survivor, and return what was moved, for `move_back`."""
    moved = []
    for one in await references(uow):
        sql = _MOVE.format(
            table=one["table"],
            column=one["column"],
            key=", ".join(one["key"]),
            same=_same(one["key"]),
            target_key=", ".join(f"target.{name}" for name in one["key"]),
        )
        rows = await uow.write(sql, survivor_id, merged_ids)
        if rows:
            moved.append(
                {"table": one["table"], "column": one["column"], "key": one["key"], "rows": [dict(row) for row in rows]}
            )
    return moved


async def move_back(uow: UnitOfWork, survivor_id: UUID, moved: Sequence[Mapping[str, Any]]) -> None:
    """Point what was moved to where it pointed before, unless somebody has pointed it elsewhere since."""
    for one in moved:
        sql = _MOVE_BACK.format(table=one["table"], column=one["column"], same=_same(one["key"]))
        await uow.write(sql, survivor_id, orjson.dumps(one["rows"], default=str).decode())


async def put_away(uow: UnitOfWork, survivor_id: UUID, merged_ids: Sequence[UUID]) -> None:
    """Have merged contacts lead to the survivor."""
    await uow.write(_PUT_AWAY, survivor_id, merged_ids)


async def bring_back(uow: UnitOfWork, merge_id: UUID) -> dict[UUID, int]:
    """Have merged contacts be contacts again, put away or not as they were; returns their new versions."""
    return {row["id"]: row["version"] for row in await uow.write(_BRING_BACK, merge_id)}


async def keep_foreign(uow: UnitOfWork, contact_id: UUID, lines: Sequence[str]) -> None:
    """Write the lines of vCards that this program does not know."""
    await uow.write(_KEEP_FOREIGN, contact_id, _json(lines))


async def add(uow: UnitOfWork, merge: NewMerge) -> None:
    """Keep what has to be known of a merge to undo it."""
    facts = (_json(merge.before), _json(merge.after), _json(merge.moved), merge.content_hash)
    await uow.write(_ADD, merge.id, merge.survivor_id, *facts, uow.actor.id, uow.actor.name, _json(merge.parts))


async def one(uow: UnitOfWork, merge_id: UUID) -> Row | None:
    """Return a merge as it is told, if what became of it is in reach."""
    row = await uow.read_row(_ONE, merge_id)
    return row if row is not None and reaching.reaches(uow.actor, row["reached_by"]) else None


async def content_hash(uow: UnitOfWork, merge_id: UUID) -> str | None:
    """Return the hash of the request that a merge was made by, whoever asks; None when there is none."""
    found: str | None = await uow.read_value(_CONTENT_HASH, merge_id)
    return found


async def of(uow: UnitOfWork, contact_id: UUID, limit: int) -> list[Row]:
    """Return the merges that made a contact, and those that made what was merged into it, newest first."""
    return await uow.read(_OF, contact_id, limit)


async def lock_whole(uow: UnitOfWork, merge_id: UUID) -> Row | None:
    """Return all that is kept of a merge, and keep others from undoing it."""
    return await uow.write_row(_WHOLE, merge_id)


async def parts(uow: UnitOfWork, merge_id: UUID) -> list[Row]:
    """Return the contacts that were merged, with their tags."""
    return await uow.read(_PARTS, merge_id)


async def end(uow: UnitOfWork, merge_id: UUID) -> None:
    """Mark a merge as undone."""
    await uow.write(_END, merge_id, uow.actor.id, uow.actor.name)


async def labels_of(uow: UnitOfWork, contact_ids: Sequence[UUID]) -> dict[UUID, list[Mapping[str, str]]]:
    """Return the tags and groups that merged contacts had, by their ids; those without a merge are absent."""
    if not contact_ids:
        return {}
    return {row["contact_id"]: row["labels"] for row in await uow.read(_LABELS_OF, contact_ids)}


def _same(key: Sequence[str]) -> str:
    return " AND ".join(f"target.{name} = was.{name}" for name in key)


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
