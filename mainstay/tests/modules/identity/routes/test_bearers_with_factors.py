"""Tokens and keys of people with a second factor: no password alone gets them, and they stand in for no factor."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from factor_calls import (
    ACCOUNT,
    EMAIL,
    PASSWORD,
    SESSION,
    enrol_app,
    enrol_device,
    give_code,
    give_password,
    grow_stale,
    problem,
)

from mainstay import ids
from mainstay.modules.identity.repository import factors
from mainstay.modules.identity.service import tokens
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory, PersonFactory
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

API = "/api/v1/identity"
COOKIE = "__Host-doorkeeper"
Enrol = Callable[[Client], Awaitable[object]]
LOGIN = {"email": EMAIL, "password": PASSWORD}
KEY = {"name": "Robot", "permissions": ["door.let_in"], "expires_in_days": 90}


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def tokens_of(client: Client) -> tuple[str, str]:
    """Sign a client in; return its access and its refresh token."""
    answer = await client.post(f"{API}/tokens", json=LOGIN)
    assert answer.status_code == 201, answer.text
    pair = answer.json()
    return pair["access_token"], pair["refresh_token"]


async def make_key(client: Client, path: str = "/keys") -> str:
    answer = await client.post(API + path, json={"id": str(ids.new_id()), **KEY})
    assert answer.status_code == 201, answer.text
    text: str = answer.json()["key"]
    return text


@pytest.mark.practice(25)
@pytest.mark.parametrize("enrol", [enrol_app, enrol_device])
async def test_a_password_alone_gets_no_tokens_where_there_is_a_second_factor(
    phone: Client, make_client: ClientFactory, enrol: Enrol
) -> None:
    await enrol(phone)

    answer = await make_client().post(f"{API}/tokens", json=LOGIN)

    assert problem(answer) == (403, "identity.second_factor_needed")
    assert "access_token" not in answer.text


async def test_a_password_alone_gets_no_tokens_where_the_role_must_have_a_second_factor(
    phone: Client, make_client: ClientFactory
) -> None:
    assert (await phone.put(f"{API}/factor-policy", json={"version": 0, "roles": ["owner"]})).status_code == 200

    assert problem(await make_client().post(f"{API}/tokens", json=LOGIN)) == (403, "identity.second_factor_needed")


async def test_without_the_look_for_factors_a_password_alone_would_get_tokens(
    phone: Client, make_client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)

    async def yes(*_: object) -> bool:
        return True

    monkeypatch.setattr(tokens, "may_sign_in_with_password_alone", yes)

    assert all(await tokens_of(make_client()))


async def test_tokens_end_when_a_second_factor_is_set_up(phone: Client, make_client: ClientFactory) -> None:
    client = make_client()
    access, refresh = await tokens_of(client)
    await enrol_app(phone)

    assert problem(await client.get(f"{API}/account", headers=bearer(access)))[0] == 401
    assert problem(await client.post(f"{API}/tokens/refresh", json={"refresh_token": refresh}))[0] == 401


async def test_tokens_and_keys_of_those_who_lack_the_factor_of_their_role_do_nothing(
    phone: Client, make_client: ClientFactory, forget_bearers: Callable[[], None]
) -> None:
    client = make_client()
    access, _ = await tokens_of(client)
    key = await make_key(phone)
    assert (await phone.put(f"{API}/factor-policy", json={"version": 0, "roles": ["owner"]})).status_code == 200
    forget_bearers()

    for text in (access, key):
        answer = await client.post("/api/v1/door", headers=bearer(text))
        assert problem(answer) == (403, "factor_set_up_needed")


async def test_no_token_stands_in_for_a_fresh_second_factor(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork, forget_bearers: Callable[[], None]
) -> None:
    """As if a family had begun at the very moment at which the factor came."""
    client = make_client()
    access, _ = await tokens_of(client)
    await uow.write(
        "INSERT INTO identity_passkey (id, person_id, credential_id, public_key, sign_count, site, name) "
        "VALUES (gen_random_uuid(), $1, 'c', 'k', 0, 'engine.example', 'Phone')",
        phone.person_id,
    )
    await uow.commit()
    forget_bearers()

    assert (await client.get(f"{API}/people", headers=bearer(access))).status_code == 200
    for path in ("/keys", "/keys/service"):
        made = await client.post(API + path, json={"id": str(ids.new_id()), **KEY}, headers=bearer(access))
        assert problem(made) == (403, "fresh_factor_needed")
    policy = await client.put(f"{API}/factor-policy", json={"version": 0, "roles": []}, headers=bearer(access))
    assert problem(policy) == (403, "fresh_factor_needed")


@pytest.mark.parametrize("path", ["/keys", "/keys/service"])
async def test_a_key_is_made_with_a_fresh_second_factor_alone(phone: Client, uow: UnitOfWork, path: str) -> None:
    await enrol_app(phone)
    await make_key(phone, path)

    await grow_stale(phone, uow)

    refused = await phone.post(API + path, json={"id": str(ids.new_id()), **KEY})
    assert problem(refused) == (403, "fresh_factor_needed")


async def test_a_session_that_ends_with_the_browser_does_so_after_the_second_step(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app = await enrol_app(phone)
    clock.move(timedelta(seconds=30))
    browser = make_client()
    asked = await browser.post(SESSION, json={**LOGIN, "ends_with_browser": True})
    assert asked.status_code == 202

    answer = await give_code(browser, app.code())

    sent = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    session = next(value for value in sent if value.startswith(f"{COOKIE}="))
    assert "max-age" not in session.lower()
    devices = (await phone.get(f"{ACCOUNT}/devices")).json()["items"]
    assert [each["ends_with_browser"] for each in devices].count(True) == 1


async def test_who_gave_a_second_factor_is_known_on_that_device(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    """The cookie by which the account knows a device comes with the session, not with the password before it."""
    app = await enrol_app(phone)
    clock.move(timedelta(seconds=30))
    browser = make_client()

    assert not [name for name in (await give_password(browser)).cookies if name.endswith("-device")]
    answer = await give_code(browser, app.code())

    assert [name for name in answer.cookies if name.endswith("-device")]


async def test_who_is_deleted_leaves_no_factor_and_no_key(
    phone: Client, make_person: PersonFactory, uow: UnitOfWork
) -> None:
    person = await make_person("cashier")
    for statement in (
        "INSERT INTO identity_totp (id, person_id, secret_sealed, confirmed_at) "
        "VALUES (gen_random_uuid(), $1, '', now())",
        "INSERT INTO identity_api_key (id, person_id, digest, name, hint, permissions, expires_at) "
        "VALUES (gen_random_uuid(), $1, 'd', 'K', 'tp_', '{door.let_in}', now() + interval '1 day')",
    ):
        await uow.write(statement, person.id)
    await uow.commit()
    assert await factors.has_any(uow, person.id)

    gone = await phone.delete(f"{API}/people/{person.id}?version=1&keeps_name=false")

    assert gone.status_code == 204
    assert not await factors.has_any(uow, person.id)
    assert await uow.read_value("SELECT count(*) FROM identity_api_key WHERE person_id = $1", person.id) == 0
    told = "SELECT string_agg(rows::text, '') FROM audit_private AS rows"
    assert person.email not in (await uow.read_value(told) or "")
