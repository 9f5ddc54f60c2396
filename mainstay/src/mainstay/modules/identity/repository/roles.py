"""Every statement about roles."""

import json
from dataclasses import dataclass

from mainstay.permission import Extent
from mainstay.versioned import Versioned, forget
from mainstay.work import Row, UnitOfWork

VERSIONED = Versioned(
    "identity.role",
    "identity_role",
    {
        "title": "record.title",
        "permissions": "to_jsonb(record.permissions)",
        "known_permissions": "to_jsonb(record.known_permissions)",
        "extents": "record.extents",
    },
    key="key",
)

# With how many people have the role.
_FIELDS = """
key, title, is_built_in, permissions, known_permissions, extents, version, (
    SELECT count(*) FROM identity_person AS person WHERE person.role = key AND person.deleted_at IS NULL
) AS people
"""

ROLE = f"SELECT {_FIELDS} FROM identity_role WHERE key = $1"  # noqa: S608  only this file's constants

ROLES = f"SELECT {_FIELDS} FROM identity_role ORDER BY is_built_in DESC, key <> 'owner', created_at, key"  # noqa: S608  only this file's constants

ADD = f"""
INSERT INTO identity_role (key, title, permissions, known_permissions, extents) VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (key) DO NOTHING RETURNING {_FIELDS}
"""  # noqa: S608  only this file's constants

CHANGE = f"""
WITH {VERSIONED.keeping("record.key = $1 AND record.version = $2")}
UPDATE identity_role
SET title = $3, permissions = $4, known_permissions = $5, extents = $6::jsonb, version = version + 1, updated_at = now()
WHERE key = $1 AND version = $2 RETURNING {_FIELDS}
"""  # noqa: S608  only this file's constants

# Only while nobody has decided more meanwhile.
SETTLE = """
UPDATE identity_role SET permissions = $2, known_permissions = $3, updated_at = now()
WHERE key = $1 AND version = $4 AND known_permissions = $5
"""

# Held by somebody: who is here, or an invitation that can still be accepted.
IS_HELD = """
SELECT EXISTS (SELECT FROM identity_person WHERE role = $1 AND deleted_at IS NULL)
    OR EXISTS (SELECT FROM identity_invitation WHERE role = $1 AND accepted_at IS NULL AND expires_at > now())
"""

# What is over lets go of the role: links that were used or ran out, and people who were deleted.
DELETE = """
WITH spent AS (
    DELETE FROM identity_invitation
    WHERE role = $1 AND NOT (accepted_at IS NULL AND expires_at > now())
), gone AS (
    UPDATE identity_person SET role = 'read_only' WHERE role = $1 AND deleted_at IS NOT NULL
)
DELETE FROM identity_role WHERE key = $1 AND version = $2 AND NOT is_built_in RETURNING key
"""


@dataclass(frozen=True, slots=True)
class RoleContent:
    """What a role is called and holds; `known` are the permissions that were decided with it.

    `extents` say of kinds of records whose the role reaches, where that is not all.
    """

    title: str
    permissions: list[str]
    known: list[str]
    extents: dict[str, Extent]


async def role(uow: UnitOfWork, key: str) -> Row | None:
    """Find a role by its key."""
    return await uow.read_row(ROLE, key)


async def hold_role(uow: UnitOfWork, key: str) -> Row | None:
    """Find a role and keep others from changing it until this work ends."""
    return await uow.write_row(f"{ROLE} FOR UPDATE", key)


async def roles(uow: UnitOfWork) -> list[Row]:
    """Return all roles, the built-in ones first, with how many people hold each."""
    return await uow.read(ROLES)


async def add_role(uow: UnitOfWork, key: str, content: RoleContent) -> Row | None:
    """Add a role; None when the key is taken."""
    given = (content.title, content.permissions, content.known, json.dumps(content.extents))
    return await uow.write_row(ADD, key, *given)


async def change_role(uow: UnitOfWork, key: str, version: int, content: RoleContent) -> Row | None:
    """Change a role; None when the version is not its any more."""
    given = (content.title, content.permissions, content.known, json.dumps(content.extents))
    return await uow.write_row(CHANGE, key, version, *given)


async def settle_role(uow: UnitOfWork, row: Row, permissions: list[str], known: list[str]) -> None:
    """Write down what a role holds with rights that are new to it, unless somebody changed it meanwhile."""
    await uow.write(SETTLE, row["key"], permissions, known, row["version"], row["known_permissions"])


async def is_role_held(uow: UnitOfWork, key: str) -> bool:
    """Whether somebody has the role or is invited to it."""
    return bool(await uow.read_value(IS_HELD, key))


async def delete_role(uow: UnitOfWork, key: str, version: int) -> bool:
    """Delete a role that is not built in; False when there is none with this version."""
    is_gone = await uow.write_row(DELETE, key, version) is not None
    if is_gone:
        await forget(uow, VERSIONED, key)
    return is_gone
