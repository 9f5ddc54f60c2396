"""The life of a person here: another name or role, away and back, and gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mainstay.errors import JsonValue, NotAllowed, VersionConflict
from mainstay.messages.audit import Entry, Values
from mainstay.modules.audit import api as audit
from mainstay.modules.identity.errors import PersonUnknown
from mainstay.modules.identity.events import PersonChanged, PersonDeleted
from mainstay.modules.identity.repository import keys, people, pins, resets, sign_ups
from mainstay.modules.identity.repository import staff as repository
from mainstay.modules.identity.repository.staff import Standing
from mainstay.modules.identity.service import factors, rights, sessions
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.service.passwords import fold
from mainstay.modules.identity.service.recent import RECENT
from mainstay.permission import OWNER
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

# The name that stays of somebody who was deleted without it.
NAMELESS = "—"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a person; None leaves it as it is.

    `places` are those that they are limited to from now on; `is_everywhere` takes such limits away.
    """

    name: str | None = None
    role: str | None = None
    is_active: bool | None = None
    places: Sequence[UUID] | None = None
    is_everywhere: bool = False

    @property
    def given(self) -> dict[str, JsonValue]:
        """What was given of it, in the fields of a person."""
        places = None if self.places is None else [str(each) for each in sorted(set(self.places))]
        fields: dict[str, JsonValue] = {"name": self.name, "role": self.role, "is_active": self.is_active}
        given = {name: value for name, value in (*fields.items(), ("place_ids", places)) if value is not None}
        return given | ({"place_ids": None} if self.is_everywhere else {})


async def find(uow: UnitOfWork, person_id: UUID) -> Row:
    """Return a person who was not deleted. Raises PersonUnknown."""
    row = await repository.person(uow, person_id)
    if row is None:
        raise PersonUnknown("There is nobody with this id.")
    return row


async def change(uow: UnitOfWork, person_id: UUID, version: int, wanted: Change) -> Row:
    """Change a person; with their role or when they leave, everything by which they are signed in ends.

    Raises PersonUnknown, InvalidInput for a role that there is not, NotAllowed (for oneself, and for rights that the
    actor lacks, before or after the change), LastOwner and VersionConflict.
    """
    row = await _touchable(uow, person_id)
    places = await _places(uow, row, wanted)
    new = Standing(
        wanted.name if wanted.name is not None else row["name"],
        wanted.role if wanted.role is not None else row["role"],
        wanted.is_active if wanted.is_active is not None else row["is_active"],
        places,
    )
    if (new.role, new.place_ids) != (row["role"], row["place_ids"]):
        await rights.demand_all_of(uow, new.role, places)
    changed = await repository.change_person(uow, person_id, version, new)
    if changed is None:
        raise await _conflict(uow, Attempt(person_id, version, wanted.given))
    if changed["role"] != row["role"] or not changed["is_active"]:
        await end_all(uow, person_id)
    sessions.forget(person_id)
    RECENT.drop(person_id=person_id)
    uow.publish(PersonChanged(person_id=person_id))
    uow.record(Entry("identity.person_changed", "identity.person", person_id, old=_told(row), new=_told(changed)))
    return changed


async def _places(uow: UnitOfWork, row: Row, wanted: Change) -> list[UUID] | None:
    """Return to which places a person is limited after the change; an owner to none."""
    role = row["role"] if wanted.role is None else wanted.role
    await rights.demand_places(uow, wanted.places, role)
    if wanted.is_everywhere or role == OWNER:
        return None
    return row["place_ids"] if wanted.places is None else sorted(set(wanted.places))


async def delete(uow: UnitOfWork, person_id: UUID, version: int, *, keeps_name: bool) -> None:
    """Take a person's access, address and password away for ever; documents still refer to them, by name if wanted.

    Raises PersonUnknown, NotAllowed, LastOwner and VersionConflict.
    """
    row = await _touchable(uow, person_id)
    if not await repository.delete_person(uow, person_id, version, row["name"] if keeps_name else NAMELESS):
        raise await _conflict(uow, Attempt(person_id, version, {}))
    await _take_credentials(uow, person_id, row["email"])
    uow.publish(PersonDeleted(person_id=person_id))
    uow.record(Entry("identity.person_deleted", "identity.person", person_id, old=_told(row) if keeps_name else {}))
    if not keeps_name:
        await audit.erase(uow, "identity.person", person_id)


async def _take_credentials(uow: UnitOfWork, person_id: UUID, email: str) -> None:
    await end_all(uow, person_id)
    await factors.remove_all(uow, person_id)
    await keys.revoke_all_of(uow, person_id)
    await pins.remove(uow, person_id)
    await resets.forget_requests(uow, fold(email))
    await sign_ups.remove_of(uow, fold(email))


async def _touchable(uow: UnitOfWork, person_id: UUID) -> Row:
    """Return the person, if the actor may decide about them."""
    row = await find(uow, person_id)
    if person_id == uow.actor.id:
        raise NotAllowed("Somebody else decides about your own role and access.")
    await rights.demand_all_of(uow, row["role"], row["place_ids"])
    return row


async def _conflict(uow: UnitOfWork, attempt: Attempt) -> VersionConflict:
    """Return what came in between. Raises PersonUnknown when that was their end."""
    await find(uow, UUID(str(attempt.key)))
    return await conflict(uow, people.VERSIONED, attempt)


def _told(row: Row) -> Values:
    places = None if row["place_ids"] is None else [str(each) for each in row["place_ids"]]
    return {"name": row["name"], "role": row["role"], "is_active": row["is_active"], "places": places}
