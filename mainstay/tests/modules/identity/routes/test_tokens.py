"""API clients over HTTP: sign in, refresh, sign out, and every trick with a token that was not given."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from factor_calls import ANOTHER_OWNER

from mainstay import crypto
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.service import endings, tokens
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
TOKENS, REFRESH, KEYS = "/api/v1/identity/tokens", "/api/v1/identity/tokens/refresh", "/api/v1/identity/keys"
PEOPLE = "/api/v1/identity/people"
LOGIN = {"email": "ada@engine.example", "password": PASSWORD}
Link = Callable[[], Awaitable[str]]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def join(client: Client, link: str) -> None:
    """Make Ada the owner, and forget the cookie that she got."""
    body = {"token": link, "name": "Ada", **LOGIN}
    assert (await client.post("/api/v1/identity/invitations/accept", json=body)).status_code == 201
    client.cookies.clear()


async def tokens_of(client: Client) -> dict[str, Any]:
    answer = await client.post(TOKENS, json=LOGIN)
    assert answer.status_code == 201, answer.text
    pair: dict[str, Any] = answer.json()
    return pair


async def spend(client: Client, token: str) -> httpx2.Response:
    return await client.post(REFRESH, json={"refresh_token": token})


async def may_enter(client: Client, access_token: str) -> bool:
    return (await client.get(PEOPLE, headers=bearer(access_token))).status_code == 200


@pytest.fixture
async def client(make_client: ClientFactory, owner_link: Link) -> Client:
    """An API client of Ada's, who owns the program."""
    client = make_client()
    await join(client, await owner_link())
    return client


@pytest.mark.practice(25)
async def test_a_client_signs_in_without_any_cookie_and_calls_without_any_csrf_token(client: Client) -> None:
    answer = await client.post(TOKENS, json=LOGIN)
    pair = answer.json()

    assert "set-cookie" not in answer.headers
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    assert await may_enter(client, pair["access_token"])
    gone = await client.delete(TOKENS, headers={**bearer(pair["access_token"]), "Origin": "https://other.example"})
    assert (gone.status_code, "set-cookie" in gone.headers) == (204, False)


async def test_wrong_passwords_count_together_with_those_of_browsers(client: Client) -> None:
    wrong = {**LOGIN, "password": "not the right one"}
    for path in (TOKENS, "/api/v1/identity/session") * 2:
        assert problem(await client.post(path, json=wrong)) == (401, "identity.wrong_credentials")
    assert problem(await client.post(TOKENS, json=wrong)) == (401, "identity.wrong_credentials")

    assert problem(await client.post(TOKENS, json=LOGIN)) == (429, "identity.too_many_attempts")


@pytest.mark.parametrize("body", [{}, {"email": "a@b.example"}, {**LOGIN, "scope": "all"}])
async def test_a_malformed_sign_in_is_refused(client: Client, body: dict[str, str]) -> None:
    assert problem(await client.post(TOKENS, json=body)) == (422, "invalid_input")


@pytest.mark.practice(25)
async def test_a_bearer_who_is_not_known_is_told_so_as_rfc_6750_has_it(client: Client) -> None:
    for text in ("", "nonsense", "a.b.c"):
        answer = await client.get(PEOPLE, headers={"Authorization": f"Bearer {text}".strip()})
        assert problem(answer) == (401, "identity.invalid_token")
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_cookie_beside_a_bearer_is_not_looked_at(client: Client, owner: Client) -> None:
    """A page cannot be tricked by its own cookie into passing a bad token, nor a client by a cookie that it kept."""
    access = (await tokens_of(client))["access_token"]

    assert problem(await owner.get(PEOPLE, headers=bearer("nonsense"))) == (401, "identity.invalid_token")
    assert (await owner.get(PEOPLE, headers=bearer(access))).status_code == 200


async def test_a_cookie_still_needs_its_csrf_token_whatever_other_scheme_is_sent(owner: Client) -> None:
    owner.csrf_token = None
    for scheme in ("Basic YTpi", "Bearerish x", "Digest x"):
        answer = await owner.delete("/api/v1/identity/session", headers={"Authorization": scheme})
        assert problem(answer) == (403, "csrf_failed")


@pytest.mark.practice(26)
async def test_a_refresh_token_is_exchanged_and_the_client_stays_signed_in(client: Client) -> None:
    pair = await tokens_of(client)

    answer = await spend(client, pair["refresh_token"])

    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != pair["refresh_token"]
    assert await may_enter(client, answer.json()["access_token"])
    assert await may_enter(client, pair["access_token"])


@pytest.mark.practice(26)
async def test_a_second_use_within_the_grace_gets_the_same_successor_and_a_third_ends_the_family(
    client: Client, uow: UnitOfWork
) -> None:
    pair = await tokens_of(client)
    first, second = await spend(client, pair["refresh_token"]), await spend(client, pair["refresh_token"])
    assert first.json()["refresh_token"] == second.json()["refresh_token"]

    third = await spend(client, pair["refresh_token"])

    assert problem(third) == (401, "identity.refresh_refused")
    for access in (pair["access_token"], first.json()["access_token"], second.json()["access_token"]):
        assert not await may_enter(client, access)
    assert problem(await spend(client, first.json()["refresh_token"])) == (401, "identity.refresh_refused")
    assert await count(uow, "mainstay_event", "name = 'identity.refresh_token_reused'") == 1
    assert await count(uow, "audit_entry", "act = 'identity.refresh_reused'") == 1


@pytest.mark.practice(26)
async def test_a_use_after_the_grace_ends_the_family(client: Client, uow: UnitOfWork) -> None:
    pair = await tokens_of(client)
    fresh = (await spend(client, pair["refresh_token"])).json()
    await uow.write("UPDATE identity_refresh_token SET spent_at = spent_at - interval '10 seconds'")

    assert problem(await spend(client, pair["refresh_token"])) == (401, "identity.refresh_refused")

    assert not await may_enter(client, fresh["access_token"])
    assert await count(uow, "identity_token_family", "true") == 0


async def test_an_unknown_refresh_token_ends_nothing(client: Client, uow: UnitOfWork) -> None:
    pair = await tokens_of(client)

    for text in ("rt_" + crypto.new_token(), pair["refresh_token"][:-1] + "!", pair["access_token"][:100]):
        assert problem(await spend(client, text)) == (401, "identity.refresh_refused")

    assert await may_enter(client, pair["access_token"])
    assert await count(uow, "mainstay_event", "name = 'identity.refresh_token_reused'") == 0


@pytest.mark.parametrize("body", [{}, {"refresh_token": "short"}, {"refresh_token": "x" * 101}])
async def test_a_malformed_refresh_token_is_refused(client: Client, body: dict[str, str]) -> None:
    assert problem(await client.post(REFRESH, json=body)) == (422, "invalid_input")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE identity_token_family SET last_used_at = now() - interval '14 days 1 second'",
        "UPDATE identity_token_family SET expires_at = now() - interval '1 second'",
        "UPDATE identity_person SET is_active = false WHERE id = (SELECT person_id FROM identity_token_family)",
        "DELETE FROM identity_token_family",
    ],
    ids=["idle too long", "too old", "person not active", "ended elsewhere"],
)
async def test_a_family_that_is_over_cannot_be_refreshed(client: Client, uow: UnitOfWork, change: str) -> None:
    pair = await tokens_of(client)
    await uow.write(ANOTHER_OWNER)
    await uow.write(change)

    assert problem(await spend(client, pair["refresh_token"])) == (401, "identity.refresh_refused")


async def test_a_family_has_a_longest_life_that_refreshing_does_not_stretch(client: Client, uow: UnitOfWork) -> None:
    pair = await tokens_of(client)
    await spend(client, pair["refresh_token"])

    assert await uow.read_value("SELECT expires_at - created_at FROM identity_token_family") == timedelta(days=60)


@pytest.mark.practice(27)
async def test_refresh_never_works_as_access_nor_access_as_refresh(client: Client) -> None:
    pair = await tokens_of(client)

    assert not await may_enter(client, pair["refresh_token"])
    as_refresh = await client.post(REFRESH, json={"refresh_token": pair["access_token"]})
    assert problem(as_refresh) == (422, "invalid_input")
    assert await may_enter(client, pair["access_token"])


@pytest.mark.practice(27)
async def test_after_signing_out_neither_token_works(client: Client) -> None:
    pair = await tokens_of(client)
    assert await may_enter(client, pair["access_token"])

    assert (await client.delete(TOKENS, headers=bearer(pair["access_token"]))).status_code == 204

    assert not await may_enter(client, pair["access_token"])
    assert problem(await spend(client, pair["refresh_token"])) == (401, "identity.refresh_refused")


async def test_signing_out_needs_somebody_and_ends_nothing_of_a_browsers_session(client: Client, owner: Client) -> None:
    pair = await tokens_of(client)

    assert problem(await client.delete(TOKENS)) == (401, "identity.not_signed_in")
    assert (await owner.delete(TOKENS)).status_code == 204

    assert await may_enter(client, pair["access_token"])
    assert (await owner.get(PEOPLE)).status_code == 200


@pytest.mark.practice(27)
async def test_the_end_of_all_access_ends_tokens_too(client: Client, uow: UnitOfWork, open_work: WorkOpener) -> None:
    pair = await tokens_of(client)
    assert await may_enter(client, pair["access_token"])
    ada = await uow.read_value("SELECT id FROM identity_person WHERE email = $1", LOGIN["email"])

    async with open_work(SYSTEM) as work:
        await endings.end_all(work, ada)

    assert not await may_enter(client, pair["access_token"])
    assert problem(await spend(client, pair["refresh_token"])) == (401, "identity.refresh_refused")


@pytest.mark.practice(27)
async def test_an_access_token_costs_one_statement_and_within_the_second_none(
    client: Client, statements: Callable[[], Any]
) -> None:
    access = (await tokens_of(client))["access_token"]

    async with statements() as first:
        assert await may_enter(client, access)
    async with statements() as second:
        assert await may_enter(client, access)

    assert len(first) == len(second) + 1


@pytest.mark.practice(26)
async def test_two_clients_that_refresh_at_once_get_the_same_successor(
    real_clients: Callable[[], Client], real_owner_link: Link, committed: WorkOpener
) -> None:
    """A real race: two requests on two connections, both with the same token."""
    clients = [real_clients() for _ in range(2)]
    await join(clients[0], await real_owner_link())
    token = (await tokens_of(clients[0]))["refresh_token"]

    for _ in range(5):
        answers = await asyncio.gather(*(spend(each, token) for each in clients))
        assert [answer.status_code for answer in answers] == [200, 200]
        successors = {answer.json()["refresh_token"] for answer in answers}
        assert len(successors) == 1
        token = successors.pop()

    async with committed(SYSTEM) as uow:
        assert await count(uow, "identity_refresh_token", "spent_at IS NULL") == 1


@pytest.mark.practice(26)
async def test_of_three_uses_at_once_one_is_reuse_and_the_family_dies(
    real_clients: Callable[[], Client], real_owner_link: Link, committed: WorkOpener
) -> None:
    clients = [real_clients() for _ in range(3)]
    await join(clients[0], await real_owner_link())
    token = (await tokens_of(clients[0]))["refresh_token"]

    answers = await asyncio.gather(*(spend(each, token) for each in clients))

    # A client whose token was exchanged may already find the family dead when its own turn comes.
    assert 401 in {answer.status_code for answer in answers}
    async with committed(SYSTEM) as uow:
        assert await count(uow, "identity_token_family", "true") == 0
        assert await count(uow, "audit_entry", "act = 'identity.refresh_reused'") == 1


async def test_the_database_holds_no_token(client: Client, uow: UnitOfWork) -> None:
    pair = await tokens_of(client)
    fresh = (await spend(client, pair["refresh_token"])).json()

    for table in ("identity_token_family", "identity_refresh_token", "identity_signing_key", "mainstay_event"):
        whole = await uow.read_value(f"SELECT string_agg(rows::text, '') FROM {table} AS rows")
        assert not any(each[text] in whole for each in (pair, fresh) for text in ("access_token", "refresh_token"))


async def count(uow: UnitOfWork, table: str, condition: str) -> int:
    return int(await uow.read_value(f"SELECT count(*) FROM {table} WHERE {condition}"))


# -- mutants: the same program with one guard less ---


async def test_a_program_that_does_not_end_the_family_of_a_reused_token_leaves_the_thief_in(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def overlook(_uow: UnitOfWork, _token: str) -> None:
        """Do nothing about a token that was spent before."""

    pair = await tokens_of(client)
    monkeypatch.setattr(tokens, "_end_reused", overlook)
    stolen = [(await spend(client, pair["refresh_token"])) for _ in range(3)]

    assert stolen[2].status_code == 401
    assert await may_enter(client, stolen[1].json()["access_token"])
    assert (await spend(client, stolen[1].json()["refresh_token"])).status_code == 200


async def test_a_second_factor_would_be_asked_for_before_any_token_is_made(
    client: Client, monkeypatch: pytest.MonkeyPatch, uow: UnitOfWork
) -> None:
    """The seam for second factors: whoever has one gets nothing for a password alone."""

    async def refuse(_uow: UnitOfWork, _person: Identified) -> bool:
        return False

    monkeypatch.setattr(tokens, "may_sign_in_with_password_alone", refuse)

    assert problem(await client.post(TOKENS, json=LOGIN)) == (403, "identity.second_factor_needed")
    assert await count(uow, "identity_token_family", "true") == 0
