"""A password is reset by a link that somebody with the right makes, and never upwards."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx2
import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

PASSWORD, NEW = "three quiet green trains", "four slow yellow boats"
EMAIL = "grace@navy.example"
MakeToken = Callable[[], Awaitable[str]]


def path(rest: str) -> str:
    return f"/api/v1/identity{rest}"


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """Return the status and the code of a refused call."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def make_link(client: Client, person_id: UUID | str) -> httpx2.Response:
    return await client.post(path(f"/people/{person_id}/reset-link"))


async def use(client: Client, token: str, password: str = NEW) -> httpx2.Response:
    return await client.post(path("/resets/use"), json={"token": token, "password": password})


async def grace(owner: Client, client: Client) -> Client:
    """Grace, a cashier with a password, in a browser of her own."""
    guest = {"id": str(ids.new_id()), "name": "Grace", "email": EMAIL, "role": "cashier"}
    token = (await owner.post(path("/invitations"), json=guest)).json()["link_path"].partition("#")[2]
    client.adopt(await client.post(path("/invitations/accept"), json={"token": token, "password": PASSWORD}))
    return client


async def token_for(owner: Client, person: Client) -> str:
    answer = await make_link(owner, person.person_id or "")
    assert answer.status_code == 201
    link: str = answer.json()["link_path"]
    assert link.startswith("/reset#")
    return link.partition("#")[2]


async def test_the_link_sets_a_new_password_ends_every_session_and_signs_nobody_in(
    owner: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    person, stranger = await grace(owner, make_client()), make_client()
    token = await token_for(owner, person)
    told = (await stranger.post(path("/resets/check"), json={"token": token})).json()
    assert (told["name"], told["email"]) == ("Grace", EMAIL)
    assert (await person.get(path("/session"))).status_code == 200

    answer = await use(stranger, token)

    assert (answer.status_code, answer.content, answer.headers.get_list("set-cookie")) == (204, b"", [])
    assert problem(await person.get(path("/session"))) == (401, "identity.not_signed_in")
    wrong = {"email": EMAIL, "password": PASSWORD}
    assert problem(await stranger.post(path("/session"), json=wrong)) == (401, "identity.wrong_credentials")
    assert (await stranger.sign_in(EMAIL, NEW))["person"]["name"] == "Grace"
    payload = await uow.read_value("SELECT payload FROM mainstay_event WHERE name = 'identity.password_changed'")
    assert payload == {"person_id": str(person.person_id), "by_link": True}
    acts = await uow.read("SELECT act, actor_id FROM audit_entry WHERE act LIKE '%reset%' ORDER BY position")
    assert [(row["act"], row["actor_id"]) for row in acts] == [
        ("identity.reset_link_made", owner.person_id),
        ("identity.password_reset", person.person_id),
    ]


async def test_a_link_works_once_and_a_newer_one_kills_it(owner: Client, make_client: ClientFactory) -> None:
    person = await grace(owner, make_client())
    old, new = await token_for(owner, person), await token_for(owner, person)

    assert problem(await use(make_client(), old)) == (404, "identity.reset_unknown")
    assert (await use(make_client(), new)).status_code == 204
    assert problem(await use(make_client(), new, PASSWORD)) == (404, "identity.reset_unknown")
    assert problem(await make_client().post(path("/resets/check"), json={"token": new})) == (
        404,
        "identity.reset_unknown",
    )


async def test_a_link_dies_when_the_person_changes_the_password(owner: Client, make_client: ClientFactory) -> None:
    person = await grace(owner, make_client())
    token = await token_for(owner, person)

    await person.post(path("/account/password"), json={"present_password": PASSWORD, "password": NEW})

    assert problem(await use(make_client(), token)) == (404, "identity.reset_unknown")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE identity_reset SET expires_at = expires_at - interval '1 day'",
        "UPDATE identity_person SET is_active = false WHERE role = 'cashier'",
    ],
    ids=["run out", "person not active"],
)
async def test_a_link_does_not_work_for_ever_nor_for_somebody_who_left(
    owner: Client, make_client: ClientFactory, uow: UnitOfWork, change: str
) -> None:
    token = await token_for(owner, await grace(owner, make_client()))
    await uow.write(change)

    assert problem(await use(make_client(), token)) == (404, "identity.reset_unknown")


async def test_a_refused_password_leaves_the_link_working(owner: Client, make_client: ClientFactory) -> None:
    token = await token_for(owner, await grace(owner, make_client()))

    assert problem(await use(make_client(), token, "short")) == (422, "identity.password_refused")

    assert (await use(make_client(), token)).status_code == 204


async def test_the_database_holds_no_token(owner: Client, make_client: ClientFactory, uow: UnitOfWork) -> None:
    token = await token_for(owner, await grace(owner, make_client()))

    for table in ("identity_reset", "mainstay_event"):
        assert token not in await uow.read_value(f"SELECT string_agg(rows::text, '') FROM {table} AS rows")


async def test_nobody_makes_a_link_for_themselves(owner: Client) -> None:
    """Else an open browser would be enough to take an account over, without the present password."""
    assert problem(await make_link(owner, owner.person_id or "")) == (403, "not_allowed")


async def test_whoever_may_not_manage_people_makes_no_link(owner: Client, cashier: Client, api: Client) -> None:
    assert problem(await make_link(cashier, owner.person_id or "")) == (403, "not_allowed")
    assert problem(await make_link(api, owner.person_id or "")) == (401, "identity.not_signed_in")


async def test_nobody_makes_a_link_for_somebody_with_rights_that_they_lack(
    owner: Client, sign_in_as: Callable[[str], Awaitable[Client]], make_client: ClientFactory, uow: UnitOfWork
) -> None:
    """The link is a way to become the other: two owners may, a cashier who manages people may not."""
    other = await sign_in_as("owner")
    assert (await make_link(owner, other.person_id or "")).status_code == 201


@pytest.mark.parametrize(
    ("person_id", "status", "code"), [(ids.new_id(), 404, "not_found"), ("x", 422, "invalid_input")]
)
async def test_a_link_is_for_somebody_who_is_here(owner: Client, person_id: UUID | str, status: int, code: str) -> None:
    assert problem(await make_link(owner, person_id)) == (status, code)


@pytest.mark.parametrize("body", [{}, {"token": "x" * 43}, {"token": "x", "password": NEW}])
async def test_a_malformed_use_is_refused(api: Client, body: dict[str, str]) -> None:
    assert problem(await api.post(path("/resets/use"), json=body)) == (422, "invalid_input")


async def test_of_five_who_use_a_link_at_once_one_sets_the_password(
    real_clients: Callable[[], Client], committed: WorkOpener, real_owner_link: MakeToken
) -> None:
    owner = real_clients()
    body = {"token": await real_owner_link(), "name": "Ada", "email": "ada@engine.example", "password": PASSWORD}
    owner.adopt(await owner.post(path("/invitations/accept"), json=body))
    token = await token_for(owner, await grace(owner, real_clients()))

    answers = await asyncio.gather(*(use(real_clients(), token) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404, 404]
    async with committed(SYSTEM) as uow:
        name = "SELECT count(*) FROM mainstay_event WHERE name = 'identity.password_changed'"
        assert await uow.read_value(name) == 1


async def test_where_no_mails_are_sent_nobody_asks_for_a_link(owner: Client, api: Client, uow: UnitOfWork) -> None:
    """It says so, instead of letting somebody wait for a mail; the same for every address."""
    mine = (await owner.get(path("/session"))).json()["person"]["email"]

    for email in (mine, "nobody@shop.example"):
        assert problem(await api.post(path("/resets"), json={"email": email})) == (409, "identity.no_mail")

    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 0
