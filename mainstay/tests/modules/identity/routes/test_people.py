"""The life of a person: changed, away, back, and gone, by those who may and with an owner who always stays."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import httpx2
import psycopg
import pytest

from mainstay import ids
from mainstay.modules.identity.errors import LastOwner
from mainstay.modules.identity.repository import staff
from mainstay.modules.identity.repository.staff import Standing
from mainstay.modules.identity.service import rights
from mainstay.modules.identity.service import staff as service
from mainstay.testing.client import Client
from mainstay.testing.clients import PersonFactory, TestPerson
from mainstay.testing.database import plain
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]


def path(rest: str) -> str:
    return f"/api/v1/identity{rest}"


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def change(client: Client, person: TestPerson, version: int = 1, **what: object) -> httpx2.Response:
    return await client.patch(path(f"/people/{person.id}"), json={"version": version, **what})


async def test_an_owner_renames_somebody_and_gives_them_another_role(
    owner: Client, make_person: PersonFactory, uow: UnitOfWork
) -> None:
    person = await make_person("cashier")

    answer = await change(owner, person, name="Grace King", role="employee")

    found = answer.json()
    assert (answer.status_code, found["name"], found["role"], found["version"]) == (200, "Grace King", "employee", 2)
    assert (await owner.get(path(f"/people/{person.id}"))).json() == found
    assert await uow.read_value("SELECT act FROM audit_entry WHERE object_id = $1", str(person.id)) == (
        "identity.person_changed"
    )


@pytest.mark.parametrize("what", [{"role": "employee"}, {"is_active": False}])
async def test_another_role_or_leaving_ends_every_session(
    owner: Client, make_person: PersonFactory, uow: UnitOfWork, what: dict[str, object]
) -> None:
    person = await make_person("cashier")

    await owner.patch(path(f"/people/{person.id}"), json={"version": 1, **what})

    assert await uow.read_value("SELECT count(*) FROM identity_session WHERE person_id = $1", person.id) == 0


async def test_who_left_can_come_back(owner: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")
    await change(owner, person, is_active=False)

    assert (await change(owner, person, 2, is_active=True)).json()["is_active"] is True


async def test_an_old_version_is_refused_with_what_is_there_now(owner: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")
    await change(owner, person, name="Grace King")

    answer = await change(owner, person, name="Grace Queen")

    assert told(answer) == (412, "version_conflict")
    assert answer.json()["theirs"]["name"] == "Grace King"


async def test_who_was_deleted_is_gone_but_for_the_name_in_documents(
    owner: Client, make_person: PersonFactory, uow: UnitOfWork
) -> None:
    person = await make_person("cashier")

    assert (await owner.delete(path(f"/people/{person.id}?version=1"))).status_code == 204

    assert told(await owner.get(path(f"/people/{person.id}"))) == (404, "identity.person_unknown")
    assert str(person.id) not in (await owner.get(path("/people"))).text
    row = await uow.read_row("SELECT name, email, password_hash, is_active FROM identity_person WHERE id=$1", person.id)
    assert row is not None
    assert dict(row) == {"name": person.name, "email": "", "password_hash": "", "is_active": False}


async def test_who_was_deleted_without_a_name_is_nobody_and_their_address_is_free(
    owner: Client, make_person: PersonFactory, uow: UnitOfWork
) -> None:
    person = await make_person("cashier")

    await owner.delete(path(f"/people/{person.id}?version=1&keeps_name=false"))

    assert await uow.read_value("SELECT name FROM identity_person WHERE id = $1", person.id) == "—"
    invitation = {"id": str(ids.new_id()), "name": "New", "email": person.email, "role": "cashier"}
    assert (await owner.post(path("/invitations"), json=invitation)).status_code == 201


async def test_somebody_who_is_not_here_is_not_found(owner: Client) -> None:
    nobody = path(f"/people/{ids.new_id()}")

    for answer in (
        await owner.get(nobody),
        await owner.get(f"{nobody}/rights"),
        await owner.patch(nobody, json={"version": 1, "name": "X"}),
        await owner.delete(f"{nobody}?version=1"),
    ):
        assert told(answer) == (404, "identity.person_unknown")


async def test_a_role_that_there_is_not_is_refused(owner: Client, make_person: PersonFactory) -> None:
    answer = await change(owner, await make_person("cashier"), role="emperor")

    assert told(answer) == (422, "invalid_input")


async def test_further_fields_are_refused(owner: Client, make_person: PersonFactory) -> None:
    answer = await change(owner, await make_person("cashier"), password_hash="mine")

    assert told(answer) == (422, "invalid_input")


@pytest.mark.practice(30)
async def test_nobody_changes_their_own_role_or_access(sign_in_as: SignIn) -> None:
    for role in ("owner", "manager"):
        client = await sign_in_as(role)
        own = path(f"/people/{client.person_id}")
        assert told(await client.patch(own, json={"version": 1, "role": "owner"})) == (403, "not_allowed")
        assert told(await client.delete(f"{own}?version=1")) == (403, "not_allowed")


@pytest.mark.practice(30)
async def test_nobody_gives_a_role_with_rights_that_they_lack(sign_in_as: SignIn, make_person: PersonFactory) -> None:
    manager, person = await sign_in_as("manager"), await make_person("employee")

    assert told(await change(manager, person, role="owner")) == (403, "not_allowed")
    assert told(await change(manager, person, role="cashier")) == (403, "not_allowed")
    assert (await change(manager, person, role="read_only")).status_code == 200


async def test_nobody_touches_somebody_with_rights_that_they_lack(
    sign_in_as: SignIn, make_person: PersonFactory
) -> None:
    manager, cashier = await sign_in_as("manager"), await make_person("cashier")

    assert told(await change(manager, cashier, name="Eve")) == (403, "not_allowed")
    assert told(await manager.delete(path(f"/people/{cashier.id}?version=1"))) == (403, "not_allowed")


async def test_nobody_invites_to_rights_that_they_lack(sign_in_as: SignIn) -> None:
    manager = await sign_in_as("manager")
    invitation = {"id": str(ids.new_id()), "name": "Eve", "email": "eve@shop.example", "role": "owner"}

    assert told(await manager.post(path("/invitations"), json=invitation)) == (403, "not_allowed")


async def test_rights_are_listed_with_the_role_that_gives_them(owner: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")

    answer = (await owner.get(path(f"/people/{person.id}/rights"))).json()

    held = {each["name"]: (each["is_held"], each["role"]) for each in answer["items"]}
    assert held == {
        "identity.manage": (False, None),
        "identity.roles": (False, None),
        "identity.stations": (False, None),
        "safe.open": (False, None),
        "identity.keys": (False, None),
        "door.lock": (False, None),
        "door.let_in": (True, "Cashier"),
    }


async def test_who_is_not_active_can_do_nothing(owner: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")
    await change(owner, person, is_active=False)

    answer = (await owner.get(path(f"/people/{person.id}/rights"))).json()

    assert (answer["is_active"], {each["is_held"] for each in answer["items"]}) == (False, {False})


async def test_the_last_owner_stays(make_person: PersonFactory, open_work: WorkOpener) -> None:
    last = await make_person("owner")

    for lost in (Standing("Ada", "cashier", True, None), Standing("Ada", "owner", False, None)):
        async with open_work.unit(SYSTEM) as uow:
            with pytest.raises(LastOwner):
                await staff.change_person(uow, last.id, 1, lost)
            await uow.close()
    async with open_work.unit(SYSTEM) as uow:
        with pytest.raises(LastOwner):
            await staff.delete_person(uow, last.id, 1, "")
        await uow.close()


async def race(committed: WorkOpener) -> list[object]:
    """Have two transactions each take an owner away, of two, at the same moment; return how each ended."""
    people = [ids.new_id(), ids.new_id()]
    add = (
        "INSERT INTO identity_person (id, email, email_key, name, role, password_hash) VALUES ($1,$2,$2,$2,'owner','')"
    )
    async with committed(SYSTEM) as uow:
        for each in people:
            await uow.write(add, each, str(each))
    both = asyncio.Barrier(2)

    async def demote(person_id: object) -> None:
        async with committed(SYSTEM) as uow:
            await uow.write("SELECT 1")
            await both.wait()
            await uow.write("UPDATE identity_person SET role = 'cashier' WHERE id = $1", person_id)

    return list(await asyncio.gather(*(demote(each) for each in people), return_exceptions=True))


async def owners(committed: WorkOpener) -> int:
    async with committed(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM identity_person WHERE role = 'owner' AND is_active"))


async def test_two_requests_at_once_leave_an_owner(committed: WorkOpener) -> None:
    ends = await race(committed)

    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "RestrictViolationError"]
    assert any(isinstance(end, asyncpg.RestrictViolationError) for end in ends)
    assert await owners(committed) == 1


async def test_without_the_trigger_two_requests_at_once_would_leave_no_owner(
    committed: WorkOpener, fresh_database_url: str
) -> None:
    """The mutant of the guard, kept so that the test above is known to see its absence."""
    with psycopg.connect(plain(fresh_database_url), autocommit=True) as connection:
        connection.execute("DROP TRIGGER identity_person_last_owner_changed ON identity_person")

    await race(committed)

    assert await owners(committed) == 0


async def let_all_pass(_uow: UnitOfWork, _key: str, _places: object = None) -> None:
    """Stand for the guard that is taken away."""


async def test_without_the_guard_a_manager_would_make_somebody_an_owner(
    sign_in_as: SignIn, make_person: PersonFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant of `demand_all_of`: giving more than one holds."""
    manager, person = await sign_in_as("manager"), await make_person("employee")
    monkeypatch.setattr(rights, "demand_all_of", let_all_pass)

    assert (await change(manager, person, role="owner")).status_code == 200


async def test_without_the_guards_somebody_would_promote_themselves(
    sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant of `_touchable`: with the person looked up only, a manager becomes an owner."""
    manager = await sign_in_as("manager")
    monkeypatch.setattr(rights, "demand_all_of", let_all_pass)
    monkeypatch.setattr(service, "_touchable", service.find)

    answer = await manager.patch(path(f"/people/{manager.person_id}"), json={"version": 1, "role": "owner"})

    assert answer.status_code == 200
