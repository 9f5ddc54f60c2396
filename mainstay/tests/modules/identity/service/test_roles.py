"""What a new version of the program grants: once, and never what was taken away."""

from mainstay.modules.identity.service import rights, roles
from mainstay.permission import BUILT_IN, Permission, Roles
from mainstay.setup import Setup
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

OLD = Permission("door.let_in", "Let people in", frozenset({"cashier"}))
NEW = Permission("door.lock", "Lock the door", frozenset({"cashier", "manager"}))


def with_rights(open_work: WorkOpener, *declared: Permission) -> WorkOpener:
    """Open work of a version of the program that declares these permissions."""
    return WorkOpener(open_work.engine, open_work.subscriptions, setup=Setup(roles=Roles.of(BUILT_IN, declared)))


async def held(uow: UnitOfWork, role: str = "cashier") -> set[str]:
    return set(await rights.of_role(uow, role))


async def test_a_right_counts_before_it_is_written_down_and_after(open_work: WorkOpener) -> None:
    async with with_rights(open_work, OLD)(SYSTEM) as uow:
        assert await held(uow) == {"door.let_in"}
        await roles.settle(uow)
        assert await held(uow) == {"door.let_in"}
        assert await uow.read_value("SELECT permissions FROM identity_role WHERE key = 'cashier'") == ["door.let_in"]


async def test_a_right_that_a_new_version_brings_is_granted_to_those_that_declare_it(open_work: WorkOpener) -> None:
    async with with_rights(open_work, OLD)(SYSTEM) as uow:
        await roles.settle(uow)

    async with with_rights(open_work, OLD, NEW)(SYSTEM) as uow:
        await roles.settle(uow)
        assert await held(uow) == {"door.let_in", "door.lock"}
        assert await held(uow, "manager") == {"door.lock"}
        assert await held(uow, "employee") == set()


async def test_a_right_that_was_taken_away_does_not_come_back(open_work: WorkOpener) -> None:
    async with with_rights(open_work, OLD)(SYSTEM) as uow:
        await roles.change(uow, "cashier", 1, roles.RoleChange(rights=frozenset()))
        await roles.settle(uow)
        assert await held(uow) == set()

    async with with_rights(open_work, OLD, NEW)(SYSTEM) as uow:
        await roles.settle(uow)
        await roles.settle(uow)
        assert await held(uow) == {"door.lock"}


async def test_what_a_later_version_declares_differently_changes_nothing(open_work: WorkOpener) -> None:
    async with with_rights(open_work, OLD)(SYSTEM) as uow:
        await roles.settle(uow)

    wider = Permission(OLD.name, OLD.title, frozenset({"cashier", "employee"}))
    async with with_rights(open_work, wider)(SYSTEM) as uow:
        await roles.settle(uow)
        assert await held(uow, "employee") == set()


async def test_the_owner_holds_everything_and_a_right_that_is_gone_counts_for_nobody(open_work: WorkOpener) -> None:
    async with with_rights(open_work, OLD, NEW)(SYSTEM) as uow:
        await roles.settle(uow)
        assert await held(uow, "owner") == {"door.let_in", "door.lock"}

    async with with_rights(open_work, NEW)(SYSTEM) as uow:
        assert await held(uow) == {"door.lock"}
        assert await held(uow, "nobody") == set()
