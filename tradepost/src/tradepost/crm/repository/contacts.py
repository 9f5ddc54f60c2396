"""Contacts with all they are reached by: read whole, written set by set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork
from tradepost.crm.repository import reaching

_LABELS = """(
    SELECT coalesce(jsonb_agg(tagged.name ORDER BY tagged.name_key, tagged.tag_id), '[]')
    FROM tagging_tagged AS tagged
    WHERE tagged.entity = 'crm.contact' AND tagged.entity_id = record.id AND tagged.kind = '{kind}'
)"""
_PLAIN = (
    *("kind", "name", "given", "family", "middle", "prefix", "suffix", "company_id", "company_name", "title"),
    *("department", "language", "notes", "owner_id"),
)
VERSIONED = Versioned(
    "crm.contact",
    "crm_contact",
    {
        **{name: f"record.{name}" for name in _PLAIN},
        "phones": """(
            SELECT coalesce(jsonb_agg(jsonb_build_object('written', written, 'kind', kind) ORDER BY position), '[]')
            FROM crm_phone WHERE contact_id = record.id
        )""",
        "emails": """(
            SELECT coalesce(jsonb_agg(jsonb_build_object('address', address, 'kind', kind) ORDER BY position), '[]')
            FROM crm_email WHERE contact_id = record.id
        )""",
        "websites": """(
            SELECT coalesce(jsonb_agg(jsonb_build_object('url', url) ORDER BY position), '[]')
            FROM crm_website WHERE contact_id = record.id
        )""",
        "addresses": """(
            SELECT coalesce(jsonb_agg(jsonb_build_object('text', text, 'street', street, 'postcode', postcode,
                'city', city, 'region', region, 'country', country, 'kind', kind) ORDER BY position), '[]')
            FROM crm_address WHERE contact_id = record.id
        )""",
        "tags": _LABELS.format(kind="tag"),
        "groups": _LABELS.format(kind="group"),
    },
)
_KEPT = VERSIONED.keeping("record.id = ANY ($1)")
_WHOLE = """
SELECT
    contact.id, contact.kind, contact.name, contact.given, contact.family, contact.middle, contact.prefix,
    contact.suffix, contact.company_id, coalesce(company.name, contact.company_name) AS company_name, contact.title,
    contact.department, contact.language, contact.notes, contact.source, contact.uid, contact.foreign_properties,
    contact.content_hash, contact.version, contact.archived_at, contact.merged_into, contact.created_at,
    contact.updated_at, contact.owner_id,
    CASE
        WHEN contact.merged_into IS NULL THEN contact.owner_id
        ELSE (SELECT survivor.owner_id FROM crm_contact AS survivor WHERE survivor.id = contact.merged_into)
    END AS reached_by,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_object('written', written, 'e164', e164, 'kind', kind)
            ORDER BY position), '[]') FROM crm_phone WHERE contact_id = contact.id
    ) AS phones,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_object('address', address, 'kind', kind) ORDER BY position), '[]')
        FROM crm_email WHERE contact_id = contact.id
    ) AS emails,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_object('url', url) ORDER BY position), '[]')
        FROM crm_website WHERE contact_id = contact.id
    ) AS websites,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_object('text', text, 'street', street, 'postcode', postcode,
            'city', city, 'region', region, 'country', country, 'kind', kind) ORDER BY position), '[]')
        FROM crm_address WHERE contact_id = contact.id
    ) AS addresses
FROM crm_contact AS contact
LEFT JOIN crm_contact AS company ON company.id = contact.company_id
"""
_ONE = f"{_WHOLE} WHERE contact.id = $1"
_MANY = f"{_WHOLE} WHERE contact.id = ANY ($1) AND contact.merged_into IS NULL"
_EVERY = f"{_WHOLE} WHERE contact.id = ANY ($1)"
_LOCK = """
SELECT id, version, archived_at, owner_id FROM crm_contact
WHERE id = ANY ($1) AND merged_into IS NULL ORDER BY id FOR NO KEY UPDATE
"""
_RECORD = """
json_to_recordset($1::json) AS record (
    id uuid, kind text, name text, given text, family text, middle text, prefix text, suffix text, company_id uuid,
    company_name text, title text, department text, language text, notes text, source text, uid text,
    foreign_properties jsonb, name_key text, company_key text, search text, alike text, content_hash text,
    phones json, emails json, websites json, addresses json
)
"""
_PHONES = "json_to_recordset(record.phones) AS one (position integer, kind text, written text, e164 text)"
_EMAILS = "json_to_recordset(record.emails) AS one (position integer, kind text, address text, address_key text)"
_WEBSITES = "json_to_recordset(record.websites) AS one (position integer, url text)"
_ADDRESSES = """
json_to_recordset(record.addresses) AS one (
    position integer, kind text, text text, street text, postcode text, city text, region text, country text
)
"""
_ADD_PHONES = f"""
INSERT INTO crm_phone (contact_id, position, kind, written, e164)
SELECT record.id, one.position, one.kind, one.written, one.e164 FROM record CROSS JOIN {_PHONES}
"""  # noqa: S608  put together from constants
_ADD_EMAILS = f"""
INSERT INTO crm_email (contact_id, position, kind, address, address_key)
SELECT record.id, one.position, one.kind, one.address, one.address_key FROM record CROSS JOIN {_EMAILS}
"""  # noqa: S608  put together from constants
_ADD_WEBSITES = f"""
INSERT INTO crm_website (contact_id, position, url)
SELECT record.id, one.position, one.url FROM record CROSS JOIN {_WEBSITES}
"""  # noqa: S608  put together from constants
_ADD_ADDRESSES = f"""
INSERT INTO crm_address (contact_id, position, kind, text, street, postcode, city, region, country)
SELECT
    record.id, one.position, one.kind, one.text, one.street, one.postcode, one.city, one.region, one.country
FROM record CROSS JOIN {_ADDRESSES}
"""  # noqa: S608  put together from constants
_COLUMNS = """
    id, kind, name, given, family, middle, prefix, suffix, company_id, company_name, title, department, language,
    notes, source, uid, foreign_properties, name_key, company_key, search, alike, content_hash
"""
_ADD = f"""
WITH wanted AS (SELECT record.* FROM {_RECORD}),
added AS (
    INSERT INTO crm_contact ({_COLUMNS}, owner_id, has_phone, has_email)
    SELECT {_COLUMNS}, $5::uuid, json_array_length(phones) > 0, json_array_length(emails) > 0 FROM wanted ORDER BY id
    ON CONFLICT DO NOTHING RETURNING id
),
record AS (SELECT wanted.* FROM wanted JOIN added USING (id)),
phones AS ({_ADD_PHONES}),
emails AS ({_ADD_EMAILS}),
websites AS ({_ADD_WEBSITES}),
addresses AS ({_ADD_ADDRESSES}),
story AS (
    INSERT INTO crm_timeline (contact_id, version, what, details, actor_id, actor_name)
    SELECT id, 1, $2, jsonb_build_object('source', source), $3, $4 FROM record ORDER BY id
)
SELECT id FROM added
"""  # noqa: S608  put together from constants
_CHANGE = f"""
WITH {VERSIONED.keeping(f"record.id IN (SELECT id FROM {_RECORD.replace('AS record', 'AS given')})")}
UPDATE crm_contact AS contact
SET kind = record.kind, name = record.name, given = record.given, family = record.family, middle = record.middle,
    prefix = record.prefix, suffix = record.suffix, company_id = record.company_id,
    company_name = record.company_name, title = record.title, department = record.department,
    language = record.language, notes = record.notes, name_key = record.name_key, company_key = record.company_key,
    search = record.search, alike = record.alike, version = contact.version + 1, updated_at = now()
FROM {_RECORD}
WHERE contact.id = record.id
"""  # noqa: S608  put together from constants
_REPLACE = {
    "phones": ("crm_phone", _ADD_PHONES),
    "emails": ("crm_email", _ADD_EMAILS),
    "websites": ("crm_website", _ADD_WEBSITES),
    "addresses": ("crm_address", _ADD_ADDRESSES),
}
_TOUCH = f"""
WITH {_KEPT}
UPDATE crm_contact SET version = version + 1, updated_at = now() WHERE id = ANY ($1) RETURNING id, version
"""  # noqa: S608  put together from constants
_ARCHIVE = f"""
WITH {_KEPT}
UPDATE crm_contact SET archived_at = $2, version = version + 1, updated_at = now()
WHERE id = ANY ($1) AND (archived_at IS NULL) = ($2::timestamptz IS NOT NULL) RETURNING id, version
"""  # noqa: S608  put together from constants
_GIVE = f"""
WITH {_KEPT}
UPDATE crm_contact SET owner_id = $2, version = version + 1, updated_at = now()
WHERE id = ANY ($1) RETURNING id, version
"""  # noqa: S608  put together from constants
_REINDEX = """
UPDATE crm_contact AS contact
SET name_key = record.name_key, company_key = record.company_key, search = record.search, alike = record.alike
FROM json_to_recordset($1::json) AS record (id uuid, name_key text, company_key text, search text, alike text)
WHERE contact.id = record.id
"""
# Waits for a merge under way: who names a company that is being merged is with the survivor.
_NAMED_COMPANY = "SELECT id, merged_into, name, kind FROM crm_contact WHERE id = $1 {reached} FOR KEY SHARE"
# Whoever reaches somebody who is with a company sees its name anyway.
_IS_WITH_REACHED = """
AND EXISTS (SELECT FROM crm_contact AS person WHERE (person.id = $1 OR person.company_id = $1) {reached})
"""
_PEOPLE = """
SELECT id FROM crm_contact WHERE company_id = $1 AND merged_into IS NULL AND id > $2 ORDER BY id LIMIT $3
"""
_NAMING = "SELECT id FROM crm_contact WHERE {fits} AND id > $1 ORDER BY id LIMIT $2"
_OF_UIDS = """
SELECT DISTINCT ON (uid) uid, coalesce(merged_into, id) AS id FROM crm_contact
WHERE uid = ANY ($1) ORDER BY uid, crm_contact.id
"""
_SURVIVORS = "SELECT id, coalesce(merged_into, id) AS survivor_id FROM crm_contact WHERE id = ANY ($1)"


@dataclass(frozen=True, slots=True)
class StoredPhone:
    """A phone as it is stored."""

    position: int
    kind: str
    written: str
    e164: str | None


@dataclass(frozen=True, slots=True)
class StoredEmail:
    """An e-mail address as it is stored."""

    position: int
    kind: str
    address: str
    address_key: str


@dataclass(frozen=True, slots=True)
class StoredWebsite:
    """A page as it is stored."""

    position: int
    url: str


@dataclass(frozen=True, slots=True)
class StoredAddress:
    """A place as it is stored."""

    position: int
    kind: str
    text: str
    street: str
    postcode: str
    city: str
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class StoredContact:
    """A contact as it is stored; see the model for the folded texts."""

    id: UUID
    kind: str
    name: str
    given: str | None
    family: str | None
    middle: str | None
    prefix: str | None
    suffix: str | None
    company_id: UUID | None
    company_name: str | None
    title: str | None
    department: str | None
    language: str | None
    notes: str
    source: str
    name_key: str
    company_key: str
    search: str
    alike: str
    phones: Sequence[StoredPhone]
    emails: Sequence[StoredEmail]
    websites: Sequence[StoredWebsite]
    addresses: Sequence[StoredAddress]
    uid: str | None = None
    foreign_properties: Sequence[str] = ()
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """The folded texts of a contact."""

    id: UUID
    name_key: str
    company_key: str
    search: str
    alike: str


async def one(uow: UnitOfWork, contact_id: UUID) -> Row | None:
    """Return a contact in reach with everything but its tags; one that was merged is reached as the survivor is."""
    row = await uow.read_row(_ONE, contact_id)
    return row if row is not None and reaching.reaches(uow.actor, row["reached_by"]) else None


async def many(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Return contacts in reach with everything but their tags, by id; those that were merged are absent."""
    rows = await many_of_anybody(uow, contact_ids)
    return {key: row for key, row in rows.items() if reaching.reaches(uow.actor, row["owner_id"])}


async def many_of_anybody(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Return what `many` does, whoever asks: for what is kept of all contacts and shown to nobody as it is."""
    return {row["id"]: row for row in await uow.read(_MANY, list(contact_ids))}


async def every(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Return contacts in reach with everything but their tags, by id, those that were merged too."""
    rows = await uow.read(_EVERY, list(contact_ids))
    return {row["id"]: row for row in rows if reaching.reaches(uow.actor, row["reached_by"])}


async def lock(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Keep others from changing contacts until the transaction ends.

    Returns their ids, versions, `archived_at` and `owner_id`; those that are unknown, out of reach or were merged are
    absent.
    """
    rows = await uow.write(_LOCK, list(contact_ids))
    return {row["id"]: row for row in rows if reaching.reaches(uow.actor, row["owner_id"])}


async def add(uow: UnitOfWork, contacts: Sequence[StoredContact], what: str, owner_id: UUID | None) -> set[UUID]:
    """Add contacts of an owner with all they have and a first entry of their timeline, in one statement.

    Returns the ids of those that were added: an id may be taken.
    """
    actor = uow.actor
    return {row["id"] for row in await uow.write(_ADD, _json(contacts), what, actor.id, actor.name, owner_id)}


async def change(uow: UnitOfWork, contact: StoredContact, lists: Iterable[str]) -> None:
    """Write a locked contact, count its version up, and replace those of its `lists` that are named."""
    record = _json([contact])
    await uow.write(_CHANGE, record)
    for name in lists:
        table, added = _REPLACE[name]
        await uow.write(f"DELETE FROM {table} WHERE contact_id = $1", contact.id)  # noqa: S608  a constant
        await uow.write(f"WITH record AS (SELECT record.* FROM {_RECORD}) {added}", record)  # noqa: S608  constants


async def touch(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the versions of contacts up, and return them."""
    return {row["id"]: row["version"] for row in await uow.write(_TOUCH, list(contact_ids))}


async def archive(uow: UnitOfWork, contact_ids: Iterable[UUID], archived_at: datetime | None) -> dict[UUID, int]:
    """Put contacts away, or bring them back with None; returns the new versions of those that were not so yet."""
    return {row["id"]: row["version"] for row in await uow.write(_ARCHIVE, list(contact_ids), archived_at)}


async def give(uow: UnitOfWork, contact_ids: Sequence[UUID], owner_id: UUID | None) -> dict[UUID, int]:
    """Make locked contacts a person's, or the house's with None; returns their new versions."""
    return {row["id"]: row["version"] for row in await uow.write(_GIVE, contact_ids, owner_id)}


async def reindex(uow: UnitOfWork, texts: Sequence[Indexed]) -> None:
    """Write the folded texts of contacts; their versions stay."""
    await uow.write(_REINDEX, _json(texts))


async def company(uow: UnitOfWork, contact_id: UUID, *, of_anybody: bool = False) -> Row | None:
    """Return what a contact that is named as a company is (id, name, kind): the survivor, where it was merged.

    It is in reach, or somebody is who is with it, unless it may be anybody's.
    """
    whose = None if of_anybody else reaching.owners(uow.actor)
    condition, given = reaching.belongs_to("person.owner_id", whose, 2)
    sql = _NAMED_COMPANY.format(reached=_IS_WITH_REACHED.format(reached=condition) if condition else "")
    found = await uow.write_row(sql, contact_id, *given)
    if found is None or found["merged_into"] is None:
        return found
    return await uow.write_row(sql, found["merged_into"], *given)


async def people_of(uow: UnitOfWork, company_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Return ids of the people of a company, in the order of their ids."""
    return [row["id"] for row in await uow.read(_PEOPLE, company_id, after, limit)]


async def naming(uow: UnitOfWork, words: Sequence[str], after: UUID, limit: int) -> list[UUID]:
    """Return ids of contacts that have each of these folded words, in the order of their ids."""
    fits = " AND ".join(f"search LIKE ${place}" for place in range(3, len(words) + 3))
    patterns = [f"% {word} %" for word in words]
    return [row["id"] for row in await uow.read(_NAMING.format(fits=fits), after, limit, *patterns)]


async def of_uids(uow: UnitOfWork, uids: Iterable[str]) -> dict[str, UUID]:
    """Return which contacts have these UIDs of vCards, the oldest of each; of those that were merged the survivor."""
    return {row["uid"]: row["id"] for row in await uow.read(_OF_UIDS, list(uids))}


async def survivors(uow: UnitOfWork, contact_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return where these ids lead: to the contact itself, or to that into which it was merged; unknown are absent."""
    return {row["id"]: row["survivor_id"] for row in await uow.read(_SURVIVORS, list(contact_ids))}


def _json(records: Sequence[object]) -> str:
    return orjson.dumps(records, default=str).decode()
