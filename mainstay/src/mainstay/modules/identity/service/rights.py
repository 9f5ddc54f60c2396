"""Rights: what a role holds today, and whether the actor may give or touch what it holds."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from mainstay.errors import FieldProblem, InvalidInput, NotAllowed
from mainstay.modules.identity.errors import PersonUnknown, RoleUnknown
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.repository import people
from mainstay.modules.identity.repository import roles as repository
from mainstay.permission import OWNER, Bounds, Extent, Permission, Records
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person can do, and why: every right of the program with whether their role gives it, and its reach.

    `places` are the names of those that the person is limited to, None: to none; `extents` say whose records of each
    kind they reach.
    """

    role: str
    title: str
    is_active: bool
    rights: tuple[tuple[Permission, bool], ...]
    places: tuple[str, ...] | None
    extents: tuple[tuple[Records, Extent], ...]


async def explain(uow: UnitOfWork, person: Row) -> Explanation:
    """Say what a person can do by their role; who is not active can do nothing. Raises RoleUnknown."""
    row = await repository.role(uow, person["role"])
    if row is None:
        raise RoleUnknown("There is no such role.")
    held = held_by(uow, row) if person["is_active"] else frozenset[str]()
    rights = tuple((right, right.name in held) for right in uow.setup.roles.declared)
    limits = uow.setup.roles.extents(row["key"], row["extents"])
    extents = tuple((each, limits.get(each.name, "all")) for each in uow.setup.roles.records)
    places = await _names(uow, person["place_ids"])
    return Explanation(row["key"], row["title"], person["is_active"], rights, places, extents)


async def _names(uow: UnitOfWork, place_ids: Sequence[UUID] | None) -> tuple[str, ...] | None:
    """Return the names of places; of those that the actor does not reach, that they are others."""
    if place_ids is None:
        return None
    known = {place.id: place.name for place in await uow.setup.places(uow)}
    return tuple(known.get(each, "…") for each in place_ids)


def reach_of(uow: UnitOfWork, row: Row) -> Bounds:
    """Return how far the person in `row` reaches, which has what `repository.reach.REACH` reads and the role."""
    places, mates = row["place_ids"], row["mates"]
    return Bounds(
        None if places is None else frozenset(places),
        uow.setup.roles.extents(row["role"], row["extents"]),
        None if mates is None else frozenset(mates),
    )


async def reach_of_person(uow: UnitOfWork, person_id: UUID) -> Bounds:
    """Return how far a person reaches. Raises PersonUnknown."""
    row = await people.reach(uow, person_id)
    if row is None:
        raise PersonUnknown("There is nobody with this id.")
    return reach_of(uow, row)


def held_by(uow: UnitOfWork, row: Row) -> frozenset[str]:
    """Return the rights of the role in `row`, which has its key as `key` or `role`, and both lists of rights."""
    key: str = row["key"] if "key" in row else row["role"]
    return uow.setup.roles.effective(key, row["permissions"], row["known_permissions"])


async def of_role(uow: UnitOfWork, key: str) -> frozenset[str]:
    """Return the rights of a role; one that there is not holds none."""
    row = await repository.role(uow, key)
    return frozenset() if row is None else held_by(uow, row)


async def is_given_by(uow: UnitOfWork, maker_id: UUID | None, key: str, places: Collection[UUID] | None) -> bool:
    """Say whether whoever made a link may still give what somebody with a role and `places` holds and reaches.

    A link is a promise that its maker keeps: it is worth nothing once they are gone, or may do less. None is the
    program itself, which makes links on its own machine and for people who ask for themselves.
    """
    if maker_id is None:
        return True
    maker, role = await people.with_role(uow, maker_id), await repository.role(uow, key)
    if maker is None or role is None or not maker["is_active"]:
        return False
    held, limits = held_by(uow, maker), uow.setup.roles.extents(role["key"], role["extents"])
    wanted = Bounds(None if places is None else frozenset(places), limits)
    is_enough = MANAGE.name in held and held_by(uow, role) <= held and (key != OWNER or maker["role"] == OWNER)
    return is_enough and (await reach_of_person(uow, maker_id)).covers(wanted)


def demand(uow: UnitOfWork, given: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor holds all of `given`: nobody gives or touches more than they hold."""
    if not all(map(uow.actor.may, given)):
        raise NotAllowed("These are rights that you do not have; ask somebody who has them.")


async def demand_all_of(uow: UnitOfWork, key: str, places: Collection[UUID] | None = None) -> None:
    """Raise NotAllowed unless the actor holds and reaches all that somebody with the role and these `places` does.

    Raises InvalidInput when there is no such role.

    Only an owner makes, changes or becomes an owner: that role also holds what later versions bring.
    """
    row = await repository.role(uow, key)
    if row is None:
        problem = FieldProblem("role", "unknown", "Choose one of the roles.")
        raise InvalidInput("There is no such role.", errors=[problem])
    if key == OWNER and uow.actor.kind != "system" and uow.actor.role != OWNER:
        raise NotAllowed("Only an owner may do this.")
    demand(uow, held_by(uow, row))
    demand_reach(uow, places, row)


def demand_reach(uow: UnitOfWork, places: Collection[UUID] | None, role: Row) -> None:
    """Raise NotAllowed unless the actor reaches all that somebody with `role` does who is limited to `places`."""
    extents = uow.setup.roles.extents(role["key"], role["extents"])
    wanted = Bounds(None if places is None else frozenset(places), extents)
    if uow.actor.kind != "system" and not uow.actor.reach.covers(wanted):
        raise NotAllowed("This reaches further than you do; ask somebody who reaches as far.")


async def demand_places(uow: UnitOfWork, places: Collection[UUID] | None, role: str) -> None:
    """Raise InvalidInput for places that there are not, and for an owner who would be limited."""
    if places is None:
        return
    if role == OWNER:
        problem = FieldProblem("place_ids", "owner", "An owner reaches all places.")
        raise InvalidInput("An owner cannot be limited to places.", errors=[problem])
    if not set(places) <= {place.id for place in await uow.setup.places(uow)}:
        problem = FieldProblem("place_ids", "unknown", "Choose among the places.")
        raise InvalidInput("There is no such place.", errors=[problem])
