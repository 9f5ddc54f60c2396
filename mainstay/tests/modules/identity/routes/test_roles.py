"""Roles: made, changed, copied and deleted, never with more than the actor holds."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.clients import PersonFactory
from mainstay.work import UnitOfWork

SignIn = Callable[[str], Awaitable[Client]]


def path(rest: str = "") -> str:
    return f"/api/v1/identity/roles{rest}"


def told(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def add(client: Client, *rights: str, title: str = "Porter") -> httpx2.Response:
    return await client.post(path(), json={"id": str(ids.new_id()), "title": title, "permissions": list(rights)})


async def grant_roles(uow: UnitOfWork, role: str) -> None:
    """Give a role the right to change roles, besides what it has."""
    await uow.write("UPDATE identity_role SET permissions = permissions || '{identity.roles}' WHERE key = $1", role)


async def test_the_built_in_roles_hold_what_modules_declare(owner: Client) -> None:
    items = (await owner.get(path())).json()["items"]

    assert {role["key"]: role["permissions"] for role in items} == {
        "owner": [
            *("door.let_in", "door.lock", "identity.keys", "identity.manage", "identity.roles", "identity.stations"),
            "safe.open",
        ],
        "manager": ["identity.manage", "identity.stations", "safe.open"],
        "cashier": ["door.let_in"],
        "employee": [],
        "read_only": [],
    }
    assert all(role["is_built_in"] for role in items)
    assert [role["people"] for role in items if role["key"] == "owner"] == [1]


async def test_permissions_have_titles(owner: Client) -> None:
    items = (await owner.get("/api/v1/identity/permissions")).json()["items"]

    assert {"name": "door.let_in", "title": "Let people in"} in items


async def test_a_role_is_made_once_however_often_it_is_sent(owner: Client) -> None:
    body = {"id": str(ids.new_id()), "title": "Porter", "permissions": ["door.let_in"]}

    first = await owner.post(path(), json=body)

    assert (first.status_code, first.json()["title"], first.json()["people"]) == (201, "Porter", 0)
    assert (await owner.post(path(), json=body)).json() == first.json()
    assert told(await owner.post(path(), json={**body, "title": "Other"})) == (409, "identity.role_id_reused")


async def test_a_change_counts_at_the_next_look_at_the_session(
    owner: Client, sign_in_as: SignIn, uow: UnitOfWork
) -> None:
    manager = await sign_in_as("manager")

    answer = await owner.patch(path("/manager"), json={"version": 1, "permissions": ["door.let_in"]})

    assert answer.json()["permissions"] == ["door.let_in"]
    assert (await manager.get("/api/v1/identity/people")).status_code == 403
    assert await uow.read_value("SELECT act FROM audit_entry WHERE object_id = 'manager'") == "identity.role_changed"


async def test_a_role_of_ones_own_gets_another_title_and_is_deleted(owner: Client) -> None:
    key = (await add(owner)).json()["key"]

    changed = await owner.patch(path(f"/{key}"), json={"version": 1, "title": "Door keeper"})

    assert (changed.json()["title"], changed.json()["version"]) == ("Door keeper", 2)
    late = await owner.delete(path(f"/{key}?version=1"))
    assert told(late) == (412, "version_conflict")
    assert (late.json()["theirs"]["title"], late.json()["theirs"]["version"]) == ("Door keeper", 2)
    assert (await owner.delete(path(f"/{key}?version=2"))).status_code == 204
    assert told(await owner.delete(path(f"/{key}?version=2"))) == (404, "identity.role_unknown")


async def test_a_role_that_somebody_has_stays_until_they_are_gone(owner: Client, make_person: PersonFactory) -> None:
    key = (await add(owner)).json()["key"]
    person = await make_person("cashier")
    await owner.patch(f"/api/v1/identity/people/{person.id}", json={"version": 1, "role": key})

    assert told(await owner.delete(path(f"/{key}?version=1"))) == (409, "identity.role_held")

    await owner.delete(f"/api/v1/identity/people/{person.id}?version=2")
    assert (await owner.delete(path(f"/{key}?version=1"))).status_code == 204


async def test_an_old_version_is_refused_with_what_is_there_now(owner: Client) -> None:
    await owner.patch(path("/cashier"), json={"version": 1, "permissions": []})

    answer = await owner.patch(path("/cashier"), json={"version": 1, "permissions": ["door.let_in"]})

    assert told(answer) == (412, "version_conflict")
    assert answer.json()["theirs"]["permissions"] == []


async def test_built_in_roles_keep_their_name_and_stay_and_the_owners_keeps_everything(owner: Client) -> None:
    fixed = (409, "identity.role_fixed")

    assert told(await owner.patch(path("/cashier"), json={"version": 1, "title": "Clerk"})) == fixed
    assert told(await owner.delete(path("/cashier?version=1"))) == fixed
    assert told(await owner.patch(path("/owner"), json={"version": 1, "permissions": []})) == fixed


async def test_what_there_is_not_is_refused(owner: Client) -> None:
    assert told(await owner.patch(path("/emperor"), json={"version": 1})) == (404, "identity.role_unknown")
    assert told(await add(owner, "moon.land")) == (422, "identity.permission_unknown")
    assert told(await owner.post(path(), json={"id": str(ids.new_id()), "title": "X", "rights": []})) == (
        422,
        "invalid_input",
    )


@pytest.mark.practice(30)
async def test_nobody_gives_a_role_more_than_they_hold(sign_in_as: SignIn, uow: UnitOfWork) -> None:
    await grant_roles(uow, "manager")
    manager = await sign_in_as("manager")

    assert told(await add(manager, "door.let_in")) == (403, "not_allowed")
    assert told(await manager.patch(path("/employee"), json={"version": 1, "permissions": ["door.let_in"]})) == (
        403,
        "not_allowed",
    )
    assert (await add(manager, "identity.manage")).status_code == 201


async def test_nobody_changes_a_role_that_holds_more_than_they_do(sign_in_as: SignIn, uow: UnitOfWork) -> None:
    await grant_roles(uow, "manager")
    manager = await sign_in_as("manager")

    assert told(await manager.patch(path("/cashier"), json={"version": 1, "permissions": []})) == (403, "not_allowed")


async def test_nobody_changes_their_own_role(sign_in_as: SignIn, uow: UnitOfWork) -> None:
    await grant_roles(uow, "manager")
    manager = await sign_in_as("manager")

    answer = await manager.patch(path("/manager"), json={"version": 1, "permissions": ["identity.manage"]})

    assert told(answer) == (403, "not_allowed")


async def test_changing_roles_needs_the_right(sign_in_as: SignIn) -> None:
    manager = await sign_in_as("manager")

    assert told(await add(manager)) == (403, "not_allowed")
    assert told(await manager.patch(path("/cashier"), json={"version": 1})) == (403, "not_allowed")
    assert told(await manager.delete(path("/cashier?version=1"))) == (403, "not_allowed")
