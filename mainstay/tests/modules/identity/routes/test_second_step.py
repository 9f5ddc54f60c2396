"""Signing in beyond the password: nothing works before the second factor, and each code works once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from factor_calls import (
    ACCOUNT,
    ANOTHER_OWNER,
    SESSION,
    become_owner,
    enrol_app,
    give_code,
    give_password,
    make_codes,
    problem,
)

from mainstay import crypto
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

COOKIE, STEP = "__Host-doorkeeper", "__Host-doorkeeper-step"
HALF_A_MINUTE = timedelta(seconds=30)
MakeToken = Callable[[], Awaitable[str]]


# -- the password alone ------------------------------------------------------------------------------------------------


@pytest.mark.practice(29)
async def test_the_right_password_alone_yields_nothing_usable(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork, clock: FrozenClock
) -> None:
    await enrol_app(phone)
    before = await uow.read_value("SELECT count(*) FROM identity_session")
    browser = make_client()

    answer = await give_password(browser)

    assert (answer.status_code, answer.json()["factors"]) == (202, ["totp"])
    assert set(answer.json()) == {"factors", "expires_at"}
    assert COOKIE not in browser.cookies
    cookie = SimpleCookie(answer.headers["set-cookie"])[STEP]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "strict", "/")
    # As a session the token is worth nothing.
    browser.cookies.set(COOKIE, browser.cookies[STEP], domain="localhost.local")
    assert problem(await browser.get(SESSION)) == (401, "identity.not_signed_in")
    assert await uow.read_value("SELECT count(*) FROM identity_session") == before


async def test_whoever_has_no_factor_signs_in_as_before(phone: Client, make_client: ClientFactory) -> None:
    answer = await give_password(make_client())

    assert (answer.status_code, answer.json()["factor"]) == (201, "none")


async def test_the_second_step_needs_the_first(phone: Client, make_client: ClientFactory, clock: FrozenClock) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)

    assert problem(await give_code(make_client(), app.code())) == (401, "identity.step_lost")
    assert problem(await make_client().post(f"{SESSION}/second-step/passkey")) == (401, "identity.step_lost")


async def test_the_second_step_belongs_to_the_browser_that_took_the_first(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    await give_password(make_client())
    other = make_client()
    other.cookies.set(STEP, crypto.new_token(), domain="localhost.local")

    assert problem(await give_code(other, app.code())) == (401, "identity.step_lost")


# -- codes of the app --------------------------------------------------------------------------------------------------


@pytest.mark.practice(29)
async def test_a_code_of_the_app_signs_in_and_works_once(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    browser, thief = make_client(), make_client()
    await give_password(browser)
    await give_password(thief)

    session = browser.adopt(await give_code(browser, app.code()))

    assert session["factor"] == "fresh"
    assert (await browser.get(SESSION)).json() == session
    assert STEP not in browser.cookies
    assert problem(await give_code(thief, app.code())) == (401, "identity.wrong_factor")
    assert problem(await give_code(thief, app.code(-1))) == (401, "identity.wrong_factor")


async def test_the_code_that_confirmed_the_app_does_not_sign_in(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app = await enrol_app(phone)
    browser = make_client()
    await give_password(browser)

    assert problem(await give_code(browser, app.code())) == (401, "identity.wrong_factor")


async def test_the_second_step_works_once_even_with_a_new_code(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    browser = make_client()
    await give_password(browser)
    step = browser.cookies[STEP]
    await give_code(browser, app.code())
    clock.move(HALF_A_MINUTE)

    again = make_client()
    again.cookies.set(STEP, step, domain="localhost.local")

    assert problem(await give_code(again, app.code())) == (401, "identity.step_lost")


async def test_the_second_step_ends_the_session_that_the_browser_had_before(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    """Session fixation: what was planted in the browser is worth nothing after signing in."""
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    old = phone.cookies[COOKIE]
    await give_password(phone)

    phone.adopt(await give_code(phone, app.code()))

    assert phone.cookies[COOKIE] != old
    other = make_client()
    other.cookies.set(COOKIE, old, domain="localhost.local")
    assert problem(await other.get(SESSION)) == (401, "identity.not_signed_in")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE identity_pending_sign_in SET expires_at = now() - interval '1 second'",
        "UPDATE identity_person SET is_active = false WHERE name = 'Ada'",
    ],
    ids=["too late", "not active any more"],
)
async def test_the_second_step_ends(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, uow: UnitOfWork, change: str
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    browser = make_client()
    await give_password(browser)
    await uow.write(ANOTHER_OWNER)
    await uow.write(change)
    await uow.commit()

    assert problem(await give_code(browser, app.code())) == (401, "identity.step_lost")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "totp"},
        {"kind": "totp", "code": "12345"},
        {"kind": "password", "code": "123456"},
        {"kind": "totp", "code": "1" * 41},
        {"kind": "totp", "code": "123456", "person_id": "1"},
        {"kind": "passkey", "credential": "!"},
    ],
)
async def test_a_malformed_factor_is_refused_without_being_counted(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork, body: dict[str, str]
) -> None:
    await enrol_app(phone)
    browser = make_client()
    await give_password(browser)

    assert problem(await browser.post(f"{SESSION}/second-step", json=body)) == (422, "invalid_input")

    assert await uow.read_value("SELECT tries FROM identity_pending_sign_in") == 0


# -- guessing ----------------------------------------------------------------------------------------------------------


@pytest.mark.practice(29)
async def test_five_wrong_codes_make_the_person_wait_whoever_tries(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, uow: UnitOfWork
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    guesser, honest = make_client(), make_client()
    await give_password(guesser)
    for _ in range(5):
        assert problem(await give_code(guesser, "000000")) == (401, "identity.wrong_factor")
    await give_password(honest)

    refused = await give_code(honest, app.code())

    assert problem(refused) == (429, "identity.too_many_factor_tries")
    assert 1 <= int(refused.headers["Retry-After"]) <= 300
    await uow.write("UPDATE identity_factor_try SET tried_at = tried_at - interval '5 minutes 1 second'")
    await uow.commit()
    assert (await give_code(honest, app.code())).status_code == 201


async def test_one_right_password_allows_five_tries(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, uow: UnitOfWork
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)
    browser = make_client()
    await give_password(browser)
    for _ in range(5):
        await give_code(browser, "000000")
    await uow.write("DELETE FROM identity_factor_try")
    await uow.commit()

    assert problem(await give_code(browser, app.code())) == (401, "identity.step_lost")


# -- recovery codes ----------------------------------------------------------------------------------------------------


@pytest.mark.practice(29)
async def test_a_recovery_code_signs_in_once(phone: Client, make_client: ClientFactory) -> None:
    await enrol_app(phone)
    codes = await make_codes(phone)
    browser, thief = make_client(), make_client()
    assert (await give_password(browser)).json()["factors"] == ["totp", "recovery_code"]
    await give_password(thief)

    browser.adopt(await give_code(browser, codes[3].upper().replace("-", " "), "recovery_code"))

    assert problem(await give_code(thief, codes[3], "recovery_code")) == (401, "identity.wrong_factor")
    assert (await browser.get(f"{ACCOUNT}/factors")).json()["recovery_codes_left"] == 9


# -- at the same moment ------------------------------------------------------------------------------------------------


@pytest.mark.practice(29)
async def test_of_two_uses_of_one_code_at_the_same_moment_one_wins(
    real_clients: Callable[[], Client], real_owner_link: MakeToken, committed: WorkOpener, clock: FrozenClock
) -> None:
    phone, browsers = real_clients(), [real_clients() for _ in range(4)]
    await become_owner(phone, await real_owner_link())
    app = await enrol_app(phone)
    code = (await make_codes(phone))[0]
    clock.move(HALF_A_MINUTE)
    for browser in browsers:
        await give_password(browser)
    async with committed(SYSTEM) as uow:
        await uow.write("DELETE FROM identity_factor_try")

    by_app = await asyncio.gather(*(give_code(browser, app.code()) for browser in browsers[:2]))
    by_recovery = await asyncio.gather(*(give_code(browser, code, "recovery_code") for browser in browsers[2:]))

    assert sorted(answer.status_code for answer in by_app) == [201, 401]
    assert sorted(answer.status_code for answer in by_recovery) == [201, 401]
