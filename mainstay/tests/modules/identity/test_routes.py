"""Identity over HTTP: each route allowed, forbidden, not found and with bad input; cookies, CSRF and the throttle."""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from uuid import UUID

import httpx2
import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
COOKIE = "__Host-doorkeeper"
MakeToken = Callable[[], Awaitable[str]]


def path(rest: str) -> str:
    return f"/api/v1/identity{rest}"


async def accept(client: Client, token: str, **changes: str | None) -> httpx2.Response:
    body = {"token": token, "name": "Ada", "email": "ada@engine.example", "password": PASSWORD, **changes}
    return await client.post(path("/invitations/accept"), json={k: v for k, v in body.items() if v is not None})


def invitation(**changes: str) -> dict[str, str]:
    return {"id": str(ids.new_id()), "name": "Grace", "email": "grace@navy.example", "role": "cashier", **changes}


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """Return the status and the code of a refused call."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


# -- set-up ------------------------------------------------------------------------------------------------------------


async def test_anybody_may_ask_whether_there_is_an_owner(api: Client, owner_link: MakeToken) -> None:
    assert (await api.get(path("/setup"))).json() == {"is_set_up": False, "sends_mail": False, "takes_sign_ups": False}

    await accept(api, await owner_link())

    assert (await api.get(path("/setup"))).json() == {"is_set_up": True, "sends_mail": False, "takes_sign_ups": False}


async def test_the_first_owner_comes_in_by_the_link_and_holds_every_right(api: Client, owner_link: MakeToken) -> None:
    session = api.adopt(await accept(api, await owner_link()))

    assert session["person"] == {
        "id": str(api.person_id),
        "name": "Ada",
        "email": "ada@engine.example",
        "role": "owner",
    }
    rights = ["door.let_in", "door.lock", "identity.keys", "identity.manage", "identity.roles", "identity.stations"]
    rights += ["safe.open"]
    assert session["permissions"] == rights
    assert (await api.get(path("/session"))).json() == session


# -- invitations -------------------------------------------------------------------------------------------------------


async def test_a_link_tells_what_it_invites_to_and_is_not_used_up_by_that(
    api: Client, owner: Client, make_client: ClientFactory
) -> None:
    link = (await owner.post(path("/invitations"), json=invitation())).json()["link_path"]
    token = link.removeprefix("/join#")

    for _ in range(2):
        found = (await api.post(path("/invitations/check"), json={"token": token})).json()
        assert (found["role"], found["name"], found["email"]) == ("cashier", "Grace", "grace@navy.example")
    newcomer = make_client()
    assert newcomer.adopt(await accept(newcomer, token))["permissions"] == ["door.let_in"]


async def test_the_first_owners_link_leaves_name_and_e_mail_open(api: Client, owner_link: MakeToken) -> None:
    found = (await api.post(path("/invitations/check"), json={"token": await owner_link()})).json()

    assert (found["role"], found["name"], found["email"]) == ("owner", None, None)


@pytest.mark.parametrize("route", ["/invitations/check", "/invitations/accept"])
async def test_a_link_that_nobody_made_is_not_found(api: Client, route: str) -> None:
    body = {"token": "x" * 43, **({"password": PASSWORD} if route.endswith("accept") else {})}

    assert problem(await api.post(path(route), json=body)) == (404, "identity.invitation_unknown")


async def test_a_link_works_once(api: Client, owner_link: MakeToken, make_client: ClientFactory) -> None:
    """Practice 22, in part: the documented path is the only one, and it closes behind the first owner."""
    token = await owner_link()
    assert (await accept(api, token)).status_code == 201

    assert problem(await accept(make_client(), token, email="eve@engine.example")) == (
        404,
        "identity.invitation_unknown",
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"password": "short"}, "identity.password_refused", "password"),
        ({"password": "passwordpassword"}, "identity.password_refused", "password"),
        ({"password": "ada@engine.example"}, "identity.password_refused", "password"),
        ({"password": "x" * 129}, "invalid_input", "password"),
        ({"name": None}, "identity.details_missing", "name"),
        ({"email": None}, "identity.details_missing", "email"),
        ({"name": "   "}, "invalid_input", "name"),
        ({"name": "x" * 201}, "invalid_input", "name"),
        ({"name": "two\nlines"}, "invalid_input", "name"),
        ({"email": "no address"}, "invalid_input", "email"),
        ({"role": "owner"}, "invalid_input", "role"),
    ],
)
async def test_bad_input_is_refused_field_by_field_and_the_link_still_works(
    api: Client, owner_link: MakeToken, changes: dict[str, str | None], code: str, field: str
) -> None:
    token = await owner_link()

    answer = await accept(api, token, **changes)
    assert problem(answer) == (422, code)

    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert (await accept(api, token)).status_code == 201


async def test_whoever_manages_people_invites_them(owner: Client, uow: UnitOfWork) -> None:
    body = invitation()

    answer = await owner.post(path("/invitations"), json=body)

    assert answer.status_code == 201
    assert answer.json()["id"] == body["id"]
    assert answer.json()["link_path"].startswith("/join#")
    assert await uow.read_value("SELECT created_by FROM identity_invitation") == owner.person_id


async def test_a_cashier_neither_invites_nor_lists_people(cashier: Client, uow: UnitOfWork) -> None:
    assert problem(await cashier.post(path("/invitations"), json=invitation(role="owner"))) == (403, "not_allowed")
    assert problem(await cashier.get(path("/people"))) == (403, "not_allowed")

    assert await uow.read_value("SELECT count(*) FROM identity_invitation") == 0


async def test_an_invitation_is_refused_when_somebody_is_here_or_the_id_is_taken(owner: Client) -> None:
    first = invitation()
    await owner.post(path("/invitations"), json=first)

    reused = await owner.post(path("/invitations"), json={**first, "role": "owner"})
    assert problem(reused) == (409, "identity.invitation_id_reused")
    me = (await owner.get(path("/session"))).json()["person"]["email"]
    assert problem(await owner.post(path("/invitations"), json=invitation(email=me))) == (409, "identity.email_taken")


@pytest.mark.parametrize(
    "changes", [{"role": "king"}, {"email": "x"}, {"name": ""}, {"id": "1"}, {"password": PASSWORD}]
)
async def test_a_bad_invitation_is_refused(owner: Client, changes: dict[str, str]) -> None:
    assert problem(await owner.post(path("/invitations"), json=invitation(**changes))) == (422, "invalid_input")


# -- the session -------------------------------------------------------------------------------------------------------


async def test_signing_in_and_out(api: Client, owner_link: MakeToken, make_client: ClientFactory) -> None:
    await accept(make_client(), await owner_link())

    session = await api.sign_in("ADA@engine.example", PASSWORD)
    assert (await api.get(path("/session"))).json() == session
    answer = await api.delete(path("/session"))

    assert (answer.status_code, answer.content) == (204, b"")
    assert problem(await api.get(path("/session"))) == (401, "identity.not_signed_in")


async def test_a_signed_out_cookie_is_worth_nothing_even_when_it_is_kept(owner: Client) -> None:
    token = owner.cookies[COOKIE]
    await owner.delete(path("/session"))

    owner.cookies.set(COOKIE, token, domain="localhost.local")

    assert problem(await owner.get(path("/session"))) == (401, "identity.not_signed_in")


async def test_the_cookie_is_closed_to_pages_and_to_other_sites(api: Client, owner_link: MakeToken) -> None:
    first, device = (await accept(api, await owner_link())).headers.get_list("set-cookie")

    cookie = SimpleCookie(first)[COOKIE]
    assert device.startswith(f"{COOKIE}-device=")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "strict")
    assert cookie["max-age"] == str(7 * 86_400)
    assert len(cookie.value) == 43


async def test_signing_out_takes_the_cookie_away(owner: Client) -> None:
    answer = await owner.delete(path("/session"))

    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (cookie.value, cookie["max-age"]) == ("", "0")
    assert (cookie["secure"], cookie["httponly"]) == (True, True)


async def test_every_sign_in_gets_a_new_token_and_ends_the_browsers_old_session(
    api: Client, owner_link: MakeToken, make_client: ClientFactory
) -> None:
    """Session fixation: what the browser sent before is never what it is known by afterwards."""
    api.adopt(await accept(api, await owner_link()))
    old = api.cookies[COOKIE]

    await api.sign_in("ada@engine.example", PASSWORD)

    assert api.cookies[COOKIE] != old
    other = make_client()
    other.cookies.set(COOKIE, old, domain="localhost.local")
    assert problem(await other.get(path("/session"))) == (401, "identity.not_signed_in")


@pytest.mark.parametrize(
    "body", [{"email": "ada@engine.example", "password": "wrong"}, {"email": "x@y", "password": "z"}]
)
async def test_wrong_credentials_get_the_same_answer_for_known_and_unknown_accounts(
    api: Client, owner_link: MakeToken, make_client: ClientFactory, body: dict[str, str]
) -> None:
    await accept(make_client(), await owner_link())

    answer = await api.post(path("/session"), json=body)
    assert problem(answer) == (401, "identity.wrong_credentials")

    assert answer.json()["detail"] == "E-mail or password is wrong."
    assert COOKIE not in api.cookies


@pytest.mark.parametrize(
    "body", [{}, {"email": "a@b"}, {"email": "a@b", "password": ""}, {"email": 1, "password": "x"}]
)
async def test_a_malformed_sign_in_is_refused_without_being_counted(
    api: Client, uow: UnitOfWork, body: dict[str, object]
) -> None:
    assert problem(await api.post(path("/session"), json=body)) == (422, "invalid_input")

    assert await uow.read_value("SELECT count(*) FROM identity_attempt") == 0


@pytest.mark.practice(11)
async def test_the_sixth_wrong_login_within_a_minute_is_429_with_a_wait_and_others_are_unaffected(
    api: Client, owner: Client, owner_link: MakeToken, make_client: ClientFactory
) -> None:
    link = (await owner.post(path("/invitations"), json=invitation())).json()["link_path"].removeprefix("/join#")
    await accept(make_client(), link)
    wrong = {"email": "victim@navy.example", "password": "wrong wrong wrong"}
    for _ in range(5):
        assert problem(await api.post(path("/session"), json=wrong)) == (401, "identity.wrong_credentials")

    answer = await api.post(path("/session"), json=wrong)

    assert problem(answer) == (429, "identity.too_many_attempts")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert (await make_client().sign_in("grace@navy.example", PASSWORD))["person"]["name"] == "Grace"


async def test_reading_the_session_and_signing_out_need_one(api: Client) -> None:
    assert problem(await api.get(path("/session"))) == (401, "identity.not_signed_in")
    assert problem(await api.delete(path("/session"))) == (401, "identity.not_signed_in")
    assert problem(await api.get(path("/people"))) == (401, "identity.not_signed_in")
    assert problem(await api.post(path("/invitations"), json=invitation())) == (401, "identity.not_signed_in")


# -- forged writes -----------------------------------------------------------------------------------------------------


@pytest.mark.practice(4)
@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "x" * 43},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
    ],
    ids=["no token", "wrong token", "foreign", "opaque", "similar", "other port"],
)
async def test_a_cookie_authenticated_write_from_a_foreign_page_or_without_token_is_403_and_changes_nothing(
    owner: Client, uow: UnitOfWork, headers: dict[str, str]
) -> None:
    answer = await owner.post(path("/invitations"), json=invitation(), headers=headers)

    assert answer.status_code == 403
    assert "csrf" in answer.json()["code"]
    assert await uow.read_value("SELECT count(*) FROM identity_invitation") == 0
    assert (await owner.post(path("/invitations"), json=invitation())).status_code == 201


async def test_the_csrf_token_of_another_session_does_not_serve(owner: Client, cashier: Client) -> None:
    answer = await owner.delete(path("/session"), headers={"X-CSRF-Token": cashier.csrf_token or ""})

    assert answer.status_code == 403
    assert (await owner.get(path("/session"))).status_code == 200


async def test_nobody_is_signed_in_from_a_foreign_page(api: Client, owner_link: MakeToken) -> None:
    """Login CSRF: a foreign page must not put its own session into somebody's browser."""
    await accept(api, await owner_link())
    api.cookies.clear()

    answer = await api.post(
        path("/session"),
        json={"email": "ada@engine.example", "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert COOKIE not in api.cookies


# -- people ------------------------------------------------------------------------------------------------------------


async def test_people_are_listed_without_their_secrets_and_page_by_page(
    owner: Client, sign_in_as: Callable[[str], Awaitable[Client]]
) -> None:
    for _ in range(4):
        await sign_in_as("cashier")

    first = (await owner.get(path("/people"), params={"limit": 3})).json()
    rest = (await owner.get(path("/people"), params={"limit": 3, "cursor": first["next_cursor"]})).json()

    assert (len(first["items"]), len(rest["items"]), first["total"], rest["next_cursor"]) == (3, 2, 5, None)
    assert {UUID(each["id"]) for each in first["items"] + rest["items"]} > {owner.person_id}
    assert set(first["items"][0]) == {"id", "name", "email", "role", "is_active", "version", "place_ids", "created_at"}


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}])
async def test_a_page_that_does_not_exist_is_refused(owner: Client, query: dict[str, str]) -> None:
    assert problem(await owner.get(path("/people"), params=query)) == (422, "invalid_input")


async def test_a_page_is_never_longer_than_two_hundred(owner: Client, uow: UnitOfWork) -> None:
    await uow.write(
        "INSERT INTO identity_person (id, email, email_key, name, role, password_hash) "
        "SELECT gen_random_uuid(), n, n, n, 'cashier', '' FROM generate_series(1, 250) AS g, text(g) AS n"
    )

    page = (await owner.get(path("/people"), params={"limit": 1_000_000})).json()

    assert (len(page["items"]), page["total"]) == (200, 251)


# -- side by side, committed for real ----------------------------------------------------------------------------------


async def test_of_five_browsers_that_use_the_owners_link_at_once_one_gets_in(
    real_clients: Callable[[], Client], committed: WorkOpener, real_owner_link: MakeToken
) -> None:
    token = await real_owner_link()

    answers = await asyncio.gather(
        *(accept(real_clients(), token, email=f"{number}@engine.example") for number in range(5))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 404, 404, 404, 404]
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_person") == 1


async def test_twenty_wrong_logins_at_once_are_five_checks_and_fifteen_waits(
    real_clients: Callable[[], Client], real_owner_link: MakeToken
) -> None:
    honest = real_clients()
    await accept(honest, await real_owner_link())
    body = {"email": "victim@engine.example", "password": "wrong wrong wrong"}

    answers = await asyncio.gather(*(real_clients().post(path("/session"), json=body) for _ in range(20)))

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (5, 15)
    assert (await honest.sign_in("ada@engine.example", PASSWORD))["person"]["role"] == "owner"
