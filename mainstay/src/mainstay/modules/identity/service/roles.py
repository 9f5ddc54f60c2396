"""Roles: made, changed and deleted by those who hold what they give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mainstay.errors import JsonValue, NotAllowed, VersionConflict
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import (
    PermissionUnknown,
    RecordsUnknown,
    RoleFixed,
    RoleHeld,
    RoleIdReused,
    RoleUnknown,
)
from mainstay.modules.identity.events import RoleChanged
from mainstay.modules.identity.repository import roles as repository
from mainstay.modules.identity.repository.roles import RoleContent
from mainstay.modules.identity.service import rights
from mainstay.permission import OWNER, Bounds, Extent
from mainstay.three_way import Facts
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What is to become of a role; None leaves it as it is."""

    title: str | None = None
    rights: frozenset[str] | None = None
    extents: Mapping[str, Extent] | None = None

    @property
    def given(self) -> dict[str, JsonValue]:
        """What was given of it, in the fields of a role."""
        given: dict[str, JsonValue] = {} if self.title is None else {"title": self.title}
        given |= {} if self.rights is None else {"permissions": sorted(self.rights)}
        extents = self.extents
        return given | ({} if extents is None else {"extents": {name: extents[name] for name in sorted(extents)}})


async def list_roles(uow: UnitOfWork) -> list[Row]:
    """Return all roles, the built-in ones first."""
    return await repository.roles(uow)


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role about to be made; `extents` say of kinds of records whose it reaches, where that is not all."""

    id: UUID
    title: str
    rights: frozenset[str]
    extents: Mapping[str, Extent]


async def add(uow: UnitOfWork, new: NewRole) -> Row:
    """Make a role; repeating the call with the same content is harmless.

    Raises PermissionUnknown, NotAllowed for rights that the actor lacks, and RoleIdReused.
    """
    title, wanted, extents = new.title, new.rights, _limits(uow, new.extents)
    _demand(uow, wanted, extents)
    key = f"role_{new.id.hex}"
    known = sorted(uow.setup.roles.all_rights)
    row = await repository.add_role(uow, key, RoleContent(title, sorted(wanted), known, extents))
    if row is None:
        present = await _found(uow, key)
        if (present["title"], frozenset(present["permissions"]), present["extents"]) != (title, wanted, extents):
            raise RoleIdReused("A role with this id exists and is another one.")
        return present
    uow.publish(RoleChanged(key=key))
    uow.record(Entry("identity.role_added", "identity.role", key, new=_told(title, wanted, extents)))
    return row


async def change(uow: UnitOfWork, key: str, version: int, wanted: RoleChange) -> Row:
    """Give a role another title or other rights; whoever has it holds them within a second, in every process.

    Raises RoleUnknown, RoleFixed, PermissionUnknown, VersionConflict, and NotAllowed for the actor's own role and for
    rights that the actor lacks, before or after the change.
    """
    row = await _editable(uow, key)
    title = row["title"] if wanted.title is None else wanted.title
    if row["is_built_in"] and title != row["title"]:
        raise RoleFixed("A built-in role keeps its name; copy it to have one with another name.")
    before = rights.held_by(uow, row)
    after = before if wanted.rights is None else wanted.rights
    extents = row["extents"] if wanted.extents is None else _limits(uow, wanted.extents)
    _demand(uow, after, extents)
    # What is not declared any more may come back with another version: it was decided, and stays as decided.
    known = sorted(uow.setup.roles.all_rights | set(row["known_permissions"]))
    content = RoleContent(title, sorted(after), known, extents)
    changed = await repository.change_role(uow, key, version, content)
    if changed is None:
        raise await _conflict(uow, Attempt(key, version, wanted.given))
    uow.publish(RoleChanged(key=key))
    old, new = _told(row["title"], before, row["extents"]), _told(changed["title"], after, extents)
    uow.record(Entry("identity.role_changed", "identity.role", key, old=old, new=new))
    return changed


async def delete(uow: UnitOfWork, key: str, version: int) -> None:
    """Delete a role that nobody has. Raises RoleUnknown, RoleFixed, RoleHeld, NotAllowed and VersionConflict."""
    row = await _editable(uow, key)
    if row["is_built_in"]:
        raise RoleFixed("A built-in role stays.")
    if await repository.is_role_held(uow, key):
        raise RoleHeld("Give everybody with this role, and everybody invited to it, another one first.")
    if not await repository.delete_role(uow, key, version):
        raise await _conflict(uow, Attempt(key, version, {}))
    uow.publish(RoleChanged(key=key))
    uow.record(Entry("identity.role_deleted", "identity.role", key, old={"title": row["title"]}))


async def settle(uow: UnitOfWork) -> None:
    """Write down what each built-in role holds with the rights that this version of the program brings.

    A right is granted by its declaration once; from then on the table counts, whatever a later version declares.
    """
    declared = uow.setup.roles.all_rights
    for row in await repository.roles(uow):
        known = frozenset(row["known_permissions"])
        if row["is_built_in"] and row["key"] != OWNER and not declared <= known:
            held = set(row["permissions"]) | rights.held_by(uow, row)
            await repository.settle_role(uow, row, sorted(held), sorted(declared | known))


async def _found(uow: UnitOfWork, key: str) -> Row:
    row = await repository.role(uow, key)
    if row is None:
        raise RoleUnknown("There is no such role.")
    return row


async def _editable(uow: UnitOfWork, key: str) -> Row:
    row = await repository.hold_role(uow, key)
    if row is None:
        raise RoleUnknown("There is no such role.")
    if key == OWNER:
        raise RoleFixed("The owner holds every right.")
    if key == uow.actor.role:
        raise NotAllowed("Somebody else decides about your own role.")
    rights.demand(uow, rights.held_by(uow, row))
    rights.demand_reach(uow, (), row)
    return row


def _limits(uow: UnitOfWork, extents: Mapping[str, Extent]) -> dict[str, Extent]:
    """Return the extents that limit something. Raises RecordsUnknown for kinds of records that there are not."""
    unknown = extents.keys() - {each.name for each in uow.setup.roles.records}
    if unknown:
        raise RecordsUnknown(f"The program has no records called {min(unknown)}.")
    return {name: extent for name, extent in sorted(extents.items()) if extent != "all"}


async def _conflict(uow: UnitOfWork, attempt: Attempt) -> VersionConflict:
    await _found(uow, str(attempt.key))

    def tell(facts: dict[str, Any]) -> Facts:
        held = rights.held_by(uow, {**facts, "key": attempt.key})
        return {"title": facts["title"], "permissions": sorted(held), "extents": facts["extents"]}

    return await conflict(uow, repository.VERSIONED, attempt, tell)


def _told(title: str, held: frozenset[str], extents: Mapping[str, Extent]) -> Values:
    return {"title": title, "rights": sorted(held), "extents": dict(extents)}


def _demand(uow: UnitOfWork, wanted: frozenset[str], extents: Mapping[str, Extent]) -> None:
    unknown = wanted - uow.setup.roles.all_rights
    if unknown:
        raise PermissionUnknown(f"The program has no permission {min(unknown)}.")
    rights.demand(uow, wanted)
    if uow.actor.kind != "system" and not uow.actor.reach.covers(Bounds(frozenset(), extents)):
        raise NotAllowed("This reaches further than you do; ask somebody who reaches as far.")
