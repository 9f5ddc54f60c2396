"""Rights: what a role holds today, and whether the actor may give or touch what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from mainstay.errors import FieldProblem, InvalidInput, NotAllowed
from mainstay.modules.identity.errors import RoleUnknown
from mainstay.modules.identity.repository import roles as repository
from mainstay.permission import OWNER, Permission
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person can do, and why: every right of the program with whether their role gives it."""

    role: str
    title: str
    is_active: bool
    rights: tuple[tuple[Permission, bool], ...]


async def explain(uow: UnitOfWork, person: Row) -> Explanation:
    """Say what a person can do by their role; who is not active can do nothing. Raises RoleUnknown."""
    row = await repository.role(uow, person["role"])
    if row is None:
        raise RoleUnknown("There is no such role.")
    held = held_by(uow, row) if person["is_active"] else frozenset[str]()
    rights = tuple((right, right.name in held) for right in uow.setup.roles.declared)
    return Explanation(row["key"], row["title"], person["is_active"], rights)


def held_by(uow: UnitOfWork, row: Row) -> frozenset[str]:
    """Return the rights of the role in `row`, which has its key as `key` or `role`, and both lists of rights."""
    key: str = row["key"] if "key" in row else row["role"]
    return uow.setup.roles.effective(key, row["permissions"], row["known_permissions"])


async def of_role(uow: UnitOfWork, key: str) -> frozenset[str]:
    """Return the rights of a role; one that there is not holds none."""
    row = await repository.role(uow, key)
    return frozenset() if row is None else held_by(uow, row)


def demand(uow: UnitOfWork, given: Iterable[str]) -> None:
    """Raise NotAllowed unless the actor holds all of `given`: nobody gives or touches more than they hold."""
    if not all(map(uow.actor.may, given)):
        raise NotAllowed("These are rights that you do not have; ask somebody who has them.")


async def demand_all_of(uow: UnitOfWork, key: str) -> None:
    """Raise NotAllowed unless the actor holds all that the role does, and InvalidInput when there is no such role.

    Only an owner makes, changes or becomes an owner: that role also holds what later versions bring.
    """
    row = await repository.role(uow, key)
    if row is None:
        problem = FieldProblem("role", "unknown", "Choose one of the roles.")
        raise InvalidInput("There is no such role.", errors=[problem])
    if key == OWNER and uow.actor.kind != "system" and uow.actor.role != OWNER:
        raise NotAllowed("Only an owner may do this.")
    demand(uow, held_by(uow, row))
