"""My account over HTTP: name, password, devices, and the check of a password while it is typed."""

from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest

from mainstay import ids
from mainstay.modules.identity.repository import sessions as repository
from mainstay.modules.identity.service import sessions
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import UnitOfWork

PASSWORD, NEW = "three quiet green trains", "four slow yellow boats"
EMAIL = "ada@engine.example"
COOKIE, DEVICE = "__Host-doorkeeper", "__Host-doorkeeper-device"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MakeToken = Callable[[], Awaitable[str]]


def path(rest: str) -> str:
    return f"/api/v1/identity{rest}"


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """Return the status and the code of a refused call."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def cookies(answer: httpx2.Response) -> dict[str, Any]:
    """Return the cookies that an answer sets, by name."""
    return {
        name: cookie for each in answer.headers.get_list("set-cookie") for name, cookie in SimpleCookie(each).items()
    }


@pytest.fixture
async def ada(api: Client, owner_link: MakeToken) -> Client:
    """Ada, the owner, in the browser in which she joined."""
    body = {"token": await owner_link(), "name": "Ada", "email": EMAIL, "password": PASSWORD}
    api.adopt(await api.post(path("/invitations/accept"), json=body))
    return api


async def elsewhere(make_client: ClientFactory, **more: object) -> Client:
    """Ada again, in another browser."""
    client = make_client()
    body = {"email": EMAIL, "password": PASSWORD, **more}
    client.adopt(await client.post(path("/session"), json=body, headers={"User-Agent": FIREFOX}))
    return client


async def change_password(client: Client, present: str = PASSWORD, new: str = NEW) -> httpx2.Response:
    return await client.post(path("/account/password"), json={"present_password": present, "password": new})


# -- the account -------------------------------------------------------------------------------------------------------


async def test_everybody_reads_their_own_account(ada: Client, cashier: Client) -> None:
    account = (await ada.get(path("/account"))).json()

    assert (account["id"], account["name"], account["email"]) == (str(ada.person_id), "Ada", EMAIL)
    assert "password_hash" not in account
    assert (await cashier.get(path("/account"))).json()["id"] == str(cashier.person_id)


async def test_a_new_name_is_seen_at_once(ada: Client) -> None:
    version = (await ada.get(path("/account"))).json()["version"]

    changed = await ada.patch(path("/account"), json={"version": version, "name": " Ada King "})

    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (200, "Ada King", version + 1)
    assert (await ada.get(path("/session"))).json()["person"]["name"] == "Ada King"


async def test_the_same_name_changes_nothing(ada: Client) -> None:
    before = (await ada.get(path("/account"))).json()

    assert (await ada.patch(path("/account"), json={"version": 99, "name": "Ada"})).json() == before


async def test_a_name_is_changed_from_what_was_read_only(ada: Client) -> None:
    answer = await ada.patch(path("/account"), json={"version": 99, "name": "Eve"})

    assert problem(answer) == (412, "version_conflict")
    theirs = answer.json()["theirs"]
    assert (theirs["name"], theirs["version"], theirs.keys()) == ("Ada", 1, {"id", "name", "version"})


@pytest.mark.parametrize(
    "body", [{"version": 1, "name": ""}, {"version": 0, "name": "x"}, {"version": 1, "name": "x", "role": "owner"}]
)
async def test_bad_input_is_refused(ada: Client, body: dict[str, object]) -> None:
    """Nobody gives themselves a role by a field that is not asked for."""
    assert problem(await ada.patch(path("/account"), json=body)) == (422, "invalid_input")


async def test_the_account_needs_a_session(api: Client) -> None:
    for method, rest in (
        ("GET", "/account"),
        ("PATCH", "/account"),
        ("POST", "/account/password"),
        ("GET", "/account/devices"),
        ("DELETE", "/account/devices"),
        ("DELETE", f"/account/devices/{ids.new_id()}"),
    ):
        answer = await api.request(method, path(rest), json=None if method in {"GET", "DELETE"} else {})
        assert problem(answer) == (401, "identity.not_signed_in"), (method, rest)


# -- another password --------------------------------------------------------------------------------------------------


@pytest.mark.practice(28)
async def test_after_a_change_of_the_password_the_next_call_of_another_device_is_401_and_this_one_goes_on(
    ada: Client, make_client: ClientFactory
) -> None:
    other = await elsewhere(make_client)
    assert (await other.get(path("/session"))).status_code == 200
    old = ada.cookies[COOKIE]

    changed = await change_password(ada)

    assert changed.status_code == 200
    assert problem(await other.get(path("/session"))) == (401, "identity.not_signed_in")
    assert ada.cookies[COOKIE] != old
    ada.csrf_token = changed.json()["csrf_token"]
    assert (await ada.get(path("/session"))).json() == changed.json()
    kept = make_client()
    kept.cookies.set(COOKIE, old, domain="localhost.local")
    assert problem(await kept.get(path("/session"))) == (401, "identity.not_signed_in")
    assert problem(await make_client().post(path("/session"), json={"email": EMAIL, "password": PASSWORD})) == (
        401,
        "identity.wrong_credentials",
    )
    assert (await make_client().sign_in(EMAIL, NEW))["person"]["name"] == "Ada"


async def test_without_the_end_of_sessions_another_device_would_live_on(
    ada: Client, make_client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard taken away (practice 19)."""

    async def end_nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(repository, "end_sessions", end_nothing)
    monkeypatch.setattr(sessions, "forget", lambda *_: None)
    other = await elsewhere(make_client)

    assert (await change_password(ada)).status_code == 200

    assert (await other.get(path("/session"))).status_code == 200


async def test_the_present_password_is_asked_and_guessing_it_is_slowed(ada: Client, make_client: ClientFactory) -> None:
    for _ in range(5):
        answer = await change_password(ada, "wrong wrong wrong")
        assert problem(answer) == (422, "identity.wrong_password")
        assert [each["field"] for each in answer.json()["errors"]] == ["present_password"]

    answer = await change_password(ada)

    assert problem(answer) == (429, "identity.too_many_attempts")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert (await make_client().sign_in(EMAIL, PASSWORD))["person"]["name"] == "Ada"


@pytest.mark.practice(24)
@pytest.mark.parametrize(
    "weak", ["short", "passwordpassword", "correct horse battery staple", "I am Ada@engine.example"]
)
async def test_a_weak_password_is_refused_on_joining_on_change_and_on_reset_alike(
    ada: Client, make_client: ClientFactory, weak: str
) -> None:
    guest = {"id": str(ids.new_id()), "name": "Grace", "email": EMAIL.replace("ada", "grace"), "role": "cashier"}
    invited = (await ada.post(path("/invitations"), json=guest)).json()["link_path"].partition("#")[2]
    joining = make_client()

    refused = [
        await joining.post(path("/invitations/accept"), json={"token": invited, "password": weak}),
        await change_password(ada, new=weak),
    ]
    await joining.post(path("/invitations/accept"), json={"token": invited, "password": PASSWORD})
    people = (await ada.get(path("/people"))).json()["items"]
    grace = next(each["id"] for each in people if each["name"] == "Grace")
    link = (await ada.post(path(f"/people/{grace}/reset-link"))).json()["link_path"].partition("#")[2]
    refused.append(await joining.post(path("/resets/use"), json={"token": link, "password": weak}))

    assert [problem(answer) for answer in refused] == [(422, "identity.password_refused")] * 3
    assert len({answer.json()["errors"][0]["code"] for answer in refused}) == 1


# -- devices -----------------------------------------------------------------------------------------------------------


async def test_devices_are_listed_with_what_they_said_of_themselves(ada: Client, make_client: ClientFactory) -> None:
    await elsewhere(make_client, ends_with_browser=True)

    first, second = (await ada.get(path("/account/devices"))).json()["items"]

    assert [first["is_current"], second["is_current"]].count(True) == 1
    other = second if first["is_current"] else first
    assert (other["browser"], other["system"], other["address"]) == ("Firefox", "Linux", "127.0.0.1")
    assert other["ends_with_browser"]


async def test_a_revoked_device_is_signed_out_at_its_next_call(ada: Client, make_client: ClientFactory) -> None:
    other = await elsewhere(make_client)
    assert (await other.get(path("/session"))).status_code == 200
    items = (await ada.get(path("/account/devices"))).json()["items"]
    device = next(each["id"] for each in items if not each["is_current"])

    assert (await ada.delete(path(f"/account/devices/{device}"))).status_code == 204

    assert problem(await other.get(path("/session"))) == (401, "identity.not_signed_in")
    assert (await ada.get(path("/session"))).status_code == 200
    assert problem(await ada.delete(path(f"/account/devices/{device}"))) == (404, "identity.device_unknown")


async def test_nobody_signs_out_somebody_elses_device(ada: Client, cashier: Client) -> None:
    device = (await ada.get(path("/account/devices"))).json()["items"][0]["id"]

    assert problem(await cashier.delete(path(f"/account/devices/{device}"))) == (404, "identity.device_unknown")

    assert (await ada.get(path("/session"))).status_code == 200
    assert [each["is_current"] for each in (await cashier.get(path("/account/devices"))).json()["items"]] == [True]


async def test_a_device_id_is_an_id(ada: Client) -> None:
    assert problem(await ada.delete(path("/account/devices/x"))) == (422, "invalid_input")


async def test_signing_out_everywhere_else_leaves_this_device_alone(
    ada: Client, cashier: Client, make_client: ClientFactory
) -> None:
    others = [await elsewhere(make_client) for _ in range(2)]

    assert (await ada.delete(path("/account/devices"))).status_code == 204

    for other in others:
        assert problem(await other.get(path("/session"))) == (401, "identity.not_signed_in")
    assert (await ada.get(path("/session"))).status_code == 200
    assert (await cashier.get(path("/session"))).status_code == 200


@pytest.mark.practice(33)
async def test_what_people_do_to_their_account_is_written_down_without_secrets(
    ada: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    await elsewhere(make_client)
    device = next(
        each["id"] for each in (await ada.get(path("/account/devices"))).json()["items"] if not each["is_current"]
    )
    before = await uow.read_value("SELECT max(position) FROM audit_entry")

    await ada.patch(path("/account"), json={"version": 1, "name": "Ada King"})
    await ada.delete(path(f"/account/devices/{device}"))
    await ada.delete(path("/account/devices"))
    await change_password(ada)

    entries = "SELECT rows::text AS content, act, object_id FROM audit_entry AS rows"
    rows = await uow.read(f"{entries} WHERE position > $1 ORDER BY position", before)
    assert [row["act"] for row in rows] == [
        "identity.person_renamed",
        "identity.device_signed_out",
        "identity.other_devices_signed_out",
        "identity.password_changed",
    ]
    assert {row["object_id"] for row in rows} == {str(ada.person_id)}
    private = await uow.read_value("SELECT string_agg(rows::text, '') FROM audit_private AS rows")
    assert "Ada King" in private
    assert PASSWORD not in private + str(rows)
    assert NEW not in private + str(rows)


# -- cookies -----------------------------------------------------------------------------------------------------------


@pytest.mark.practice(27)
async def test_a_session_that_ends_with_the_browser_has_a_cookie_that_is_not_kept(
    ada: Client, make_client: ClientFactory
) -> None:
    body = {"email": EMAIL, "password": PASSWORD}

    kept = cookies(await make_client().post(path("/session"), json=body))[COOKIE]
    brief = cookies(await make_client().post(path("/session"), json={**body, "ends_with_browser": True}))[COOKIE]

    assert (kept["max-age"], brief["max-age"], brief["expires"]) == (str(7 * 86_400), "", "")
    assert all((each["secure"], each["httponly"], each["samesite"]) == (True, True, "strict") for each in (kept, brief))


async def test_a_session_that_ends_with_the_browser_still_does_after_a_change_of_the_password(
    ada: Client, make_client: ClientFactory
) -> None:
    brief = await elsewhere(make_client, ends_with_browser=True)

    assert cookies(await change_password(brief))[COOKIE]["max-age"] == ""


async def test_the_device_cookie_is_closed_to_pages_and_other_sites_and_signs_nobody_in(
    ada: Client, make_client: ClientFactory
) -> None:
    answer = await make_client().post(path("/session"), json={"email": EMAIL, "password": PASSWORD})
    device = cookies(answer)[DEVICE]
    assert (device["path"], device["domain"], device["max-age"]) == ("/", "", str(400 * 86_400))
    assert (device["secure"], device["httponly"], device["samesite"]) == (True, True, "strict")

    thief = make_client()
    for name in (COOKIE, DEVICE):
        thief.cookies.set(name, device.value, domain="localhost.local")

    assert problem(await thief.get(path("/session"))) == (401, "identity.not_signed_in")


async def test_a_stranger_who_guesses_does_not_keep_the_owner_out_of_her_own_browser(
    ada: Client, make_client: ClientFactory
) -> None:
    """A lock-out that a stranger can cause is a weapon: her browser is known, the stranger's is not."""
    await ada.delete(path("/session"))
    ada.csrf_token = None
    stranger = make_client()
    wrong = {"email": EMAIL, "password": "wrong wrong wrong"}
    statuses = [(await stranger.post(path("/session"), json=wrong)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert (await make_client().post(path("/session"), json={**wrong, "password": PASSWORD})).status_code == 429

    assert (await ada.sign_in(EMAIL, PASSWORD))["person"]["name"] == "Ada"

    statuses = [(await ada.post(path("/session"), json=wrong)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


# -- the check while typing --------------------------------------------------------------------------------------------


async def check(client: Client, password: str, **more: str) -> dict[str, Any]:
    answer = await client.post(path("/passwords/check"), json={"password": password, **more})
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


async def test_a_password_is_judged_as_setting_it_would(ada: Client, make_client: ClientFactory) -> None:
    anybody = make_client()

    assert await check(anybody, "") == {
        "min_length": 15,
        "max_length": 128,
        "needs_mix": False,
        "problem": "too_short",
        "strength": 0,
    }
    assert (await check(anybody, "correct horse battery staple"))["problem"] == "too_common"
    assert (await check(anybody, NEW))["problem"] is None
    assert (await check(anybody, f"{NEW} lovelace", name="Ada Lovelace"))["problem"] == "holds_own_words"
    assert (await check(anybody, f"{NEW} at doorkeeper"))["problem"] == "holds_own_words"
    # Who asks is known by the session or by the link, whatever they say.
    assert (await check(ada, f"{NEW} engine"))["problem"] == "holds_own_words"
    assert (await check(anybody, f"{NEW} engine"))["problem"] is None


async def test_a_link_tells_whose_password_it_is(ada: Client, make_client: ClientFactory) -> None:
    guest = {"id": str(ids.new_id()), "name": "Grace Hopper", "email": "grace@navy.example", "role": "cashier"}
    token = (await ada.post(path("/invitations"), json=guest)).json()["link_path"].partition("#")[2]

    assert (await check(make_client(), f"{NEW} hopper", token=token))["problem"] == "holds_own_words"
    assert (await check(make_client(), f"{NEW} hopper", token="x" * 43))["problem"] is None


async def test_a_session_that_has_ended_does_not_hinder_the_check(ada: Client) -> None:
    ada.cookies.set(COOKIE, "x" * 43, domain="localhost.local")

    assert (await check(ada, NEW))["problem"] is None


async def test_the_check_is_limited_by_address_and_not_by_sign_ins(api: Client, uow: UnitOfWork) -> None:
    for _ in range(60):
        assert (await api.post(path("/passwords/check"), json={"password": NEW})).status_code == 200

    answer = await api.post(path("/passwords/check"), json={"password": NEW})

    assert problem(answer) == (429, "identity.too_many_attempts")
    wrong = {"email": EMAIL, "password": "wrong wrong wrong"}
    assert problem(await api.post(path("/session"), json=wrong)) == (401, "identity.wrong_credentials")


@pytest.mark.parametrize("body", [{}, {"password": "x" * 1001}, {"password": NEW, "token": "x"}, {"password": 1}])
async def test_a_malformed_check_is_refused(api: Client, body: dict[str, object]) -> None:
    assert problem(await api.post(path("/passwords/check"), json=body)) == (422, "invalid_input")
