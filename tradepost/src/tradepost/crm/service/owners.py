"""Whose contacts are whose: shown by name, and given to others by those who reach them afterwards too."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from mainstay.errors import JsonValue
from mainstay.messages import audit
from mainstay.modules.identity import api as identity
from mainstay.work import Row, UnitOfWork
from tradepost.crm.events import ContactChanged
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import reaching, timeline
from tradepost.crm.repository.timeline import Entry
from tradepost.crm.schemas import OwnerOut, OwnersOut
from tradepost.crm.service import entry


async def list_owners(uow: UnitOfWork) -> OwnersOut:
    """Return to whom the actor may give contacts."""
    people = [one for one in await identity.active_colleagues(uow) if reaching.reaches(uow.actor, one.id)]
    items = [OwnerOut(id=one.id, name=one.name) for one in people]
    return OwnersOut(items=items, house=reaching.reaches(uow.actor, None))


async def names_of(uow: UnitOfWork, rows: Iterable[Row]) -> dict[UUID, identity.Colleague]:
    """Return who owns contacts, by id, in one statement, and in none when they are all the house's."""
    return await identity.colleagues(uow, {row["owner_id"] for row in rows} - {None})


async def check(uow: UnitOfWork, owner_id: UUID | None) -> None:
    """Raise InvalidContact unless the actor may give contacts to this person, or to the house (None)."""
    people = await identity.colleagues(uow, [owner_id] if owner_id else [])
    is_here = owner_id is None or (owner_id in people and people[owner_id].is_active)
    if not is_here or not reaching.reaches(uow.actor, owner_id):
        message = "You cannot give contacts to them: choose one of the people whose contacts you see."
        raise entry.refused("owner_id", "unknown_owner", message)


async def give(uow: UnitOfWork, locked: Sequence[Row], owner_id: UUID | None) -> dict[UUID, int]:
    """Give locked contacts to a person, or to the house (None), and return the new versions of those that were not.

    Raises InvalidContact when the actor may not give to them; whose contacts these are already may stay so.
    """
    moved = {row["id"]: row["owner_id"] for row in locked if row["owner_id"] != owner_id}
    if not moved:
        return {}
    await check(uow, owner_id)
    versions = await repository.give(uow, list(moved), owner_id)
    people = await identity.colleagues(uow, {*moved.values(), owner_id} - {None})
    told = {key: (_told(people, before), _told(people, owner_id)) for key, before in moved.items()}
    await timeline.add(
        uow,
        [
            Entry(key, versions[key], "given", {"owner_before": before, "owner": after})
            for key, (before, after) in told.items()
        ],
    )
    for key, (before, after) in told.items():
        uow.publish(ContactChanged(contact_id=key, fields=("owner_id",)))
        uow.record(audit.Entry("crm.contact_given", "crm.contact", key, old={"owner": before}, new={"owner": after}))
    return versions


def _told(people: Mapping[UUID, identity.Colleague], owner_id: UUID | None) -> JsonValue:
    """Return an owner as a story tells of them: by id and name, None the house."""
    if owner_id is None:
        return None
    return {"id": str(owner_id), "name": people[owner_id].name if owner_id in people else ""}
