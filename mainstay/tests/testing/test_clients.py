"""The clients of a program with people: anonymous ones, an owner, a cashier, each a browser of its own."""

from collections.abc import Awaitable, Callable

import pytest

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.modules.identity.module import IDENTITY
from mainstay.permission import Permission
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory, PersonFactory
from mainstay.work import UnitOfWork

SELL = Permission("stall.sell", "Sell", frozenset({"cashier"}))
SESSION = "/api/v1/identity/session"


@pytest.fixture(scope="session")
def program() -> Program:
    """A market stall: people, and something that cashiers may do."""
    return Program(
        name="stall",
        title="Stall",
        description="A market stall.",
        version="1",
        modules=(IDENTITY, Module(name="stall", permissions=(SELL,))),
        migrations=("mainstay.migrations",),
    )


async def test_an_anonymous_client_is_nobody(api: Client) -> None:
    assert (await api.get(SESSION)).status_code == 401


async def test_the_owner_and_the_cashier_are_signed_in_as_themselves(owner: Client, cashier: Client) -> None:
    mine, theirs = (await owner.get(SESSION)).json(), (await cashier.get(SESSION)).json()

    assert (mine["person"]["role"], theirs["person"]["role"]) == ("owner", "cashier")
    of_an_owner = ["identity.keys", "identity.manage", "identity.roles", "identity.stations", "stall.sell"]
    assert (mine["permissions"], theirs["permissions"]) == (of_an_owner, ["stall.sell"])
    assert (mine["person"]["id"], mine["csrf_token"]) == (str(owner.person_id), owner.csrf_token)


async def test_their_writes_pass_the_guard_against_forged_ones(owner: Client) -> None:
    assert (await owner.delete(SESSION)).status_code == 204


@pytest.mark.parametrize("number", range(2))
async def test_people_are_gone_in_the_next_test(
    owner: Client, uow: UnitOfWork, sign_in_as: Callable[[str], Awaitable[Client]], number: int
) -> None:
    second = await sign_in_as("owner")

    assert second.person_id != owner.person_id
    assert await uow.read_value("SELECT count(*) FROM identity_person") == 2


async def test_a_client_sees_what_the_test_wrote_before(owner: Client, uow: UnitOfWork) -> None:
    await uow.write("UPDATE identity_person SET name = 'Olympia'")

    people = (await owner.get("/api/v1/identity/people")).json()

    assert [person["name"] for person in people["items"]] == ["Olympia"]


async def test_each_client_is_a_browser_of_its_own(owner: Client, make_client: ClientFactory) -> None:
    assert (await owner.get(SESSION)).status_code == 200
    assert (await make_client().get(SESSION)).status_code == 401


async def test_nobody_knows_the_password_of_a_made_person(api: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")

    answer = await api.post(SESSION, json={"email": person.email, "password": "none"})

    assert answer.status_code == 401
