"""Every statement about people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from mainstay.db.grammar import Asked, Filter, Grammar, Order, Parameters, both
from mainstay.modules.identity.repository.reach import REACH
from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork

# Whose versions count up with each change of a person, by themselves or by others.
VERSIONED = Versioned(
    "identity.person",
    "identity_person",
    {
        "name": "record.name",
        "role": "record.role",
        "is_active": "record.is_active",
        "place_ids": "to_jsonb(record.place_ids)",
    },
)

HAS_OWNER = "SELECT EXISTS (SELECT FROM identity_person WHERE role = 'owner')"

ADD_PERSON = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash, place_ids)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email_key) DO NOTHING RETURNING id
"""

PERSON_BY_EMAIL = """
SELECT id, email, name, role, password_hash, password_changed_at FROM identity_person
WHERE email_key = $1 AND is_active
"""

# Who signed up and waits for approval is found in the same way, so that a guess takes the same work for everybody.
CREDENTIALS = """
SELECT id, email, name, role, password_hash, password_changed_at, false AS is_waiting FROM identity_person
WHERE email_key = $1 AND is_active
UNION ALL
SELECT id, email, name, '', password_hash, created_at, true FROM identity_sign_up
WHERE email_key = $1 AND confirmed_at IS NOT NULL
LIMIT 1
"""

CHANGE_HASH = f"""
WITH {VERSIONED.keeping("record.id = $1 AND record.password_hash = $2")}
UPDATE identity_person SET password_hash = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND password_hash = $2
"""  # noqa: S608  constants

# Whoever begins and whoever ends a person's access, or changes what it rests on. Not shared: a sign-in may change the
# hash itself. The row is read as the one who was waited for left it.
HOLD_PERSON = "SELECT is_active, password_changed_at FROM identity_person WHERE id = $1 FOR NO KEY UPDATE"

WITH_ROLE = """
SELECT person.id, person.name, person.role, person.is_active, role.permissions, role.known_permissions
FROM identity_person AS person JOIN identity_role AS role ON role.key = person.role WHERE person.id = $1
"""

ACCOUNT = """
SELECT id, name, email, role, place_ids, version, created_at, password_hash, password_changed_at FROM identity_person
WHERE id = $1 AND is_active
"""

RENAME = f"""
WITH {VERSIONED.keeping("record.id = $1 AND record.version = $2")}
UPDATE identity_person SET name = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND version = $2 RETURNING id, name, email, role, version, created_at, password_changed_at
"""  # noqa: S608  constants

# The clock's moment, not the transaction's: two changes at once differ. Links that would reset it die with it.
OTHER_HASH = f"""
WITH dead AS (DELETE FROM identity_reset WHERE person_id = $1), {VERSIONED.keeping("record.id = $1")}
UPDATE identity_person
SET password_hash = $2, password_changed_at = clock_timestamp(), version = version + 1, updated_at = now()
WHERE id = $1
"""  # noqa: S608  constants

PEOPLE = Grammar(
    """
SELECT id, email, name, role, is_active, place_ids, version, created_at FROM identity_person
WHERE deleted_at IS NULL AND {conditions} ORDER BY {order} LIMIT {limit}
""",
    both(
        created_at=Order((("created_at", "timestamptz"),)),
        name=Order((("name", "text"),)),
        email=Order((("email", "text"),)),
    ),
    "created_at",
    {
        "role": Filter(
            Annotated[str, StringConstraints(min_length=1, max_length=100)], "role", ("in",), "The key of their role"
        ),
        "is_active": Filter(bool, "is_active"),
    },
    bounded="they are those who work in one business",
)

_PEOPLE_COUNT = "SELECT count(*) FROM identity_person WHERE deleted_at IS NULL AND {conditions}"

COLLEAGUES = "SELECT id, name, is_active FROM identity_person WHERE id = ANY ($1)"
ACTIVE = "SELECT id, name, is_active FROM identity_person WHERE is_active ORDER BY name, id LIMIT $1"

REACHING = f"""
SELECT person.role, {REACH} FROM identity_person AS person JOIN identity_role AS role ON role.key = person.role
WHERE person.id = $1
"""  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class Identified:
    """A person who has proven who they are."""

    id: UUID
    name: str
    email: str
    role: str


async def has_owner(uow: UnitOfWork) -> bool:
    """Whether somebody owns the program."""
    return bool(await uow.read_value(HAS_OWNER))


async def add_person(
    uow: UnitOfWork, person: Identified, email_key: str, password_hash: str, places: list[UUID] | None = None
) -> bool:
    """Add a person, whose e-mail is compared by `email_key`, limited to `places` if given; False when it is taken."""
    new = person
    return bool(await uow.write(ADD_PERSON, new.id, new.email, email_key, new.name, new.role, password_hash, places))


async def is_email_taken(uow: UnitOfWork, email_key: str) -> bool:
    """Whether somebody with this e-mail is here, active or not."""
    return bool(await uow.read("SELECT id FROM identity_person WHERE email_key = $1", email_key))


async def person_by_email(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find the active person with an e-mail."""
    return await uow.read_row(PERSON_BY_EMAIL, email_key)


async def credentials(uow: UnitOfWork, email_key: str) -> Row | None:
    """Find by what the active person with an e-mail signs in, or will once they are approved (`is_waiting`)."""
    return await uow.read_row(CREDENTIALS, email_key)


async def change_hash(uow: UnitOfWork, person_id: UUID, old: str, new: str) -> None:
    """Replace a person's hash, unless somebody replaced the old one meanwhile."""
    await uow.write(CHANGE_HASH, person_id, old, new)


async def colleagues(uow: UnitOfWork, person_ids: list[UUID]) -> list[Row]:
    """Find people, here or gone, by id."""
    return await uow.read(COLLEAGUES, person_ids)


async def active(uow: UnitOfWork, limit: int) -> list[Row]:
    """Return people who are here, by name."""
    return await uow.read(ACTIVE, limit)


async def with_role(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find a person, here or gone, with what their role holds."""
    return await uow.read_row(WITH_ROLE, person_id)


async def hold_person(uow: UnitOfWork, person_id: UUID, password_changed_at: datetime | None = None) -> bool:
    """Have other changes of a person's access wait until this work ends.

    False when they are not active any more, or when a password is asked for that was changed meanwhile.
    """
    row = await uow.write_row(HOLD_PERSON, person_id)
    return row is not None and row["is_active"] and password_changed_at in {None, row["password_changed_at"]}


async def account(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find an active person by id, with what their own page shows and their hash."""
    return await uow.read_row(ACCOUNT, person_id)


async def reach(uow: UnitOfWork, person_id: UUID) -> Row | None:
    """Find how far a person reaches."""
    return await uow.read_row(REACHING, person_id)


async def rename(uow: UnitOfWork, person_id: UUID, version: int, name: str) -> Row | None:
    """Give a person another name; None when the version is not theirs any more."""
    return await uow.write_row(RENAME, person_id, version, name)


async def set_password(uow: UnitOfWork, person_id: UUID, password_hash: str) -> None:
    """Give a person another password."""
    await uow.write(OTHER_HASH, person_id, password_hash)


async def people(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the people who fit, and the cursor of the next one."""
    sql, values = PEOPLE.select(asked, cursor, size)
    return PEOPLE.order(asked).page(await uow.read(sql, *values), size)


async def count_people(uow: UnitOfWork, asked: Asked) -> int:
    """Return how many people fit."""
    parameters = Parameters()
    conditions = PEOPLE.conditions(asked, (), parameters)
    return int(await uow.read_value(_PEOPLE_COUNT.format(conditions=conditions), *parameters.values))
