"""What people leave behind when they go, or may do less: no link, approval, PIN session or mark outlives it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx2
import pytest
from factor_calls import enrol_app, problem
from fastapi import FastAPI
from station_calls import (
    ACCOUNT_PIN,
    FRONT_DOOR,
    OTHER_PIN,
    approved,
    enrol,
    give_pin,
    look_again,
    set_pin,
    sign_in_by_pin,
    take_in,
    take_out,
)

from mainstay import ids
from mainstay.modules.identity import api as identity
from mainstay.modules.identity.repository import approvals
from mainstay.modules.identity.service import endings, marks, rights
from mainstay.modules.identity.service.passwords import Hasher
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]
Refused = tuple[int, str]
IDENTITY = "/api/v1/identity"
NEW = "seven calm orange foxes"
LEFT: dict[str, Any] = {"is_active": False}
LESS: dict[str, Any] = {"role": "employee"}


async def change(owner: Client, person: Client, version: int = 1, **what: object) -> None:
    answer = await owner.patch(f"{IDENTITY}/people/{person.person_id}", json={"version": version, **what})
    assert answer.status_code == 200, answer.text


async def invitation(maker: Client, name: str = "mallory") -> str:
    who = {"id": str(ids.new_id()), "name": name.title(), "email": f"{name}@shop.example", "role": "manager"}
    path: str = (await maker.post(f"{IDENTITY}/invitations", json=who)).json()["link_path"]
    return path.partition("#")[2]


async def reset_link(maker: Client, person: Client) -> str:
    answer = await maker.post(f"{IDENTITY}/people/{person.person_id}/reset-link")
    path: str = answer.json()["link_path"]
    return path.partition("#")[2]


async def accept(browser: Client, token: str) -> httpx2.Response:
    return await browser.post(f"{IDENTITY}/invitations/accept", json={"token": token, "password": NEW})


async def reset(browser: Client, token: str) -> httpx2.Response:
    return await browser.post(f"{IDENTITY}/resets/use", json={"token": token, "password": NEW})


@pytest.fixture
async def device(owner: Client, make_client: ClientFactory) -> Client:
    """A shared device."""
    browser = make_client()
    await enrol(owner, browser)
    return browser


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [LEFT, LESS], ids=["left", "may do less"])
async def test_an_invitation_is_worth_what_its_maker_may_give(
    owner: Client, manager: Client, api: Client, what: dict[str, Any]
) -> None:
    first, second = await invitation(manager), await invitation(manager, "ivan")
    assert (await accept(api, second)).status_code == 201

    await change(owner, manager, **what)

    assert problem(await accept(api, first)) == (404, "identity.invitation_unknown")
    check = await api.post(f"{IDENTITY}/invitations/check", json={"token": first})
    assert problem(check) == (404, "identity.invitation_unknown")


@pytest.mark.parametrize("what", [LEFT, LESS], ids=["left", "may do less"])
async def test_a_link_for_a_password_is_worth_what_its_maker_may_touch(
    owner: Client, manager: Client, employee: Client, api: Client, what: dict[str, Any]
) -> None:
    token = await reset_link(manager, employee)
    await change(owner, manager, **what)

    assert problem(await reset(api, token)) == (404, "identity.reset_unknown")


async def test_a_link_for_a_password_dies_when_its_person_rises(
    owner: Client, manager: Client, employee: Client, api: Client
) -> None:
    """Or whoever made it would become an owner."""
    token = await reset_link(manager, employee)
    await change(owner, employee, role="owner")

    assert problem(await reset(api, token)) == (404, "identity.reset_unknown")


async def test_a_link_for_a_password_does_not_come_back_with_its_person(
    owner: Client, manager: Client, employee: Client, api: Client
) -> None:
    token = await reset_link(manager, employee)
    await change(owner, employee, is_active=False)
    await change(owner, employee, 2, is_active=True)

    assert problem(await reset(api, token)) == (404, "identity.reset_unknown")


@pytest.mark.parametrize("what", [LEFT, LESS], ids=["left", "may do less"])
async def test_a_link_for_a_password_is_worth_nothing_when_its_maker_goes_while_it_is_used(
    owner: Client, manager: Client, employee: Client, api: Client, monkeypatch: pytest.MonkeyPatch, what: dict[str, Any]
) -> None:
    token = await reset_link(manager, employee)
    hash_it = Hasher.hash

    async def hash_meanwhile(hashing: Hasher, password: str) -> str:
        await change(owner, manager, **what)
        return await hash_it(hashing, password)

    monkeypatch.setattr(Hasher, "hash", hash_meanwhile)

    assert problem(await reset(api, token)) == (404, "identity.reset_unknown")


async def test_without_the_look_at_the_maker_who_was_sent_away_comes_back(
    owner: Client, manager: Client, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant: the links alone decide."""

    async def always(*_: object) -> bool:
        return True

    token = await invitation(manager)
    await change(owner, manager, is_active=False)
    monkeypatch.setattr(rights, "is_given_by", always)

    assert "identity.manage" in (await accept(api, token)).json()["permissions"]


# -- PINs --------------------------------------------------------------------------------------------------------------


async def other_pin(person: Client) -> None:
    await set_pin(person, OTHER_PIN)


async def no_pin(person: Client) -> None:
    assert (await person.delete(ACCOUNT_PIN)).status_code == 204


@pytest.mark.parametrize("end", [other_pin, no_pin])
async def test_with_a_pin_end_the_sessions_that_it_began(
    cashier: Client, device: Client, end: Callable[[Client], Awaitable[None]]
) -> None:
    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)
    assert (await device.get(f"{IDENTITY}/session")).status_code == 200

    await end(cashier)
    look_again(device, cashier)

    assert (await device.get(f"{IDENTITY}/session")).status_code == 401
    assert (await cashier.get(f"{IDENTITY}/session")).status_code == 200


async def test_without_the_end_a_pin_that_was_seen_stays_good(
    cashier: Client, device: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant: changing it ends nothing."""

    async def nothing(*_: object) -> None:
        return None

    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)
    monkeypatch.setattr(endings, "end_by_pin", nothing)
    await other_pin(cashier)
    look_again(device)

    assert (await device.get(f"{IDENTITY}/session")).status_code == 200


@pytest.mark.parametrize("what", [LEFT, LESS], ids=["left", "may do less"])
async def test_an_approval_ends_with_the_right_to_give_it(
    owner: Client, cashier: Client, manager: Client, device: Client, what: dict[str, Any]
) -> None:
    await set_pin(cashier)
    await set_pin(manager, OTHER_PIN)
    await sign_in_by_pin(device, cashier)
    take = take_in()
    token = await approved(device, take, manager.person_id, OTHER_PIN)

    await change(owner, manager, **what)

    assert problem(await take_out(device, take, token)) == (403, "identity.approval_refused")


async def test_without_the_end_an_approval_outlives_the_right(
    owner: Client, cashier: Client, manager: Client, device: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant: approvals are left alone."""

    async def nothing(*_: object) -> None:
        return None

    await set_pin(cashier)
    await set_pin(manager, OTHER_PIN)
    await sign_in_by_pin(device, cashier)
    take = take_in()
    token = await approved(device, take, manager.person_id, OTHER_PIN)
    monkeypatch.setattr(approvals, "withdraw_of", nothing)
    await change(owner, manager, **LESS)

    assert (await take_out(device, take, token)).status_code == 200


async def test_who_must_have_a_factor_and_has_one_works_by_pin_at_once(
    cashier: Client, device: Client, open_work: WorkOpener
) -> None:
    """The first answer, by which the web app goes, is the same as those after it."""
    await set_pin(cashier)
    await enrol_app(cashier)
    async with open_work(SYSTEM) as work:
        await work.write("INSERT INTO identity_factor_policy (role) VALUES ('cashier')")

    began = await give_pin(device, cashier.person_id)
    device.adopt(began)
    later = (await device.get(f"{IDENTITY}/session")).json()

    assert (began.json()["factor"], began.json()["permissions"]) == ("stale", ["door.let_in"])
    assert (later["factor"], later["permissions"]) == ("stale", ["door.let_in"])


# -- marks -------------------------------------------------------------------------------------------------------------


async def test_a_mark_of_somebody_who_left_tells_the_name_and_gives_no_rights(
    owner: Client, cashier: Client, app: FastAPI, open_work: WorkOpener
) -> None:
    keyring, door = app.state.edge.keyring, UUID(FRONT_DOOR)
    assert cashier.person_id is not None
    mark = marks.make(keyring, door, cashier.person_id)

    async def read(uow: UnitOfWork) -> tuple[str, frozenset[str]]:
        someone = await identity.marked(uow, keyring, door, mark)
        assert someone is not None
        return someone.name, someone.rights

    async with open_work(SYSTEM) as work:
        before = await read(work)
    await change(owner, cashier, is_active=False)
    async with open_work(SYSTEM) as work:
        assert await read(work) == (before[0], frozenset())
    assert before[1] == {"door.let_in"}
