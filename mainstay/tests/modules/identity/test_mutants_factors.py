"""Guards of second factors are taken away one by one: each time what they guard against really happens.

Every test first sees the guard hold, then breaks it and sees the harm.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from authenticator import Trick
from factor_calls import (
    ACCOUNT,
    SESSION,
    become_owner,
    enrol_app,
    enrol_device,
    give_code,
    give_password,
    look_again,
    make_codes,
    sign_in_with,
)

from mainstay import ids
from mainstay.modules.identity.repository import recovery as recovery_rows
from mainstay.modules.identity.repository import sessions as session_rows
from mainstay.modules.identity.repository import steps
from mainstay.modules.identity.repository import totp as totp_rows
from mainstay.modules.identity.repository.sessions import Browser, SessionKey
from mainstay.modules.identity.repository.steps import NewPending
from mainstay.modules.identity.service import second_step
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.database import as_owner
from mainstay.testing.frozen import FrozenClock
from mainstay.web.addresses import Addresses, Site
from mainstay.work import SYSTEM, Actor, UnitOfWork, WorkOpener

COOKIE, STEP = "__Host-doorkeeper", "__Host-doorkeeper-step"
HALF_A_MINUTE = timedelta(seconds=30)
MakeToken = Callable[[], Awaitable[str]]


async def test_without_the_step_in_the_record_a_code_signs_in_twice(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await enrol_app(phone)
    clock.move(HALF_A_MINUTE)

    async def attempt() -> int:
        browser = make_client()
        await give_password(browser)
        return (await give_code(browser, app.code())).status_code

    assert [await attempt(), await attempt()] == [201, 401]

    monkeypatch.setattr(totp_rows, "USE_STEP", totp_rows.USE_STEP.replace("last_step < $2", "$2::bigint > 0"))

    assert [await attempt(), await attempt()] == [201, 201]


async def test_without_the_condition_in_the_update_two_at_once_use_one_code(
    real_clients: Callable[[], Client],
    real_owner_link: MakeToken,
    committed: WorkOpener,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look at the step comes before, as a careless program has it: both see it unused."""
    phone = real_clients()
    await become_owner(phone, await real_owner_link())
    app = await enrol_app(phone)
    both_looked = asyncio.Barrier(2)

    async def look_then_write(uow: UnitOfWork, totp_id: UUID, step: int) -> bool:
        last: int = await uow.read_value("SELECT last_step FROM identity_totp WHERE id = $1", totp_id)
        await both_looked.wait()
        if last >= step:
            return False
        await uow.write("UPDATE identity_totp SET last_step = $2 WHERE id = $1", totp_id, step)
        return True

    async def attempt() -> list[int]:
        clock.move(HALF_A_MINUTE)
        browsers = [real_clients(), real_clients()]
        for browser in browsers:
            await give_password(browser)
        answers = await asyncio.gather(*(give_code(browser, app.code()) for browser in browsers))
        async with committed(SYSTEM) as uow:
            await uow.write("DELETE FROM identity_factor_try")
        return sorted(answer.status_code for answer in answers)

    assert await attempt() == [201, 401]

    monkeypatch.setattr(totp_rows, "use_step", look_then_write)

    assert await attempt() == [201, 201]


async def test_without_the_count_of_tries_codes_can_be_guessed_for_ever(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    await enrol_app(phone)

    async def guess() -> list[int]:
        browser, found = make_client(), []
        for number in range(6):
            if number % 5 == 0:
                await give_password(browser)
            found.append((await give_code(browser, "000000")).status_code)
        return found

    assert await guess() == [401] * 5 + [429]

    source: str = await uow.read_value("SELECT pg_get_functiondef('identity_begin_factor_try'::regproc)")
    assert source.count("IF free_at IS NOT NULL THEN") == 1
    async with as_owner(uow):
        await uow.write(source.replace("IF free_at IS NOT NULL THEN", "IF false THEN"))

    assert await guess() == [401] * 6


async def test_were_the_step_kept_as_a_session_the_password_alone_would_do(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)

    async def use_the_step_as_a_session() -> int:
        browser = make_client()
        await give_password(browser)
        browser.cookies.set(COOKIE, browser.cookies[STEP], domain="localhost.local")
        return (await browser.get(f"{ACCOUNT}/factors")).status_code

    assert await use_the_step_as_a_session() == 401

    async def add_session_too(uow: UnitOfWork, new: NewPending, lifetime: timedelta) -> object:
        key = SessionKey(ids.new_id(), new.digest)
        return await session_rows.add_session(uow, key, new.person_id, lifetime, Browser())

    monkeypatch.setattr(steps, "add_pending", add_session_too)

    assert await use_the_step_as_a_session() == 200


async def test_without_the_look_for_factors_the_password_alone_signs_in(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)
    assert (await give_password(make_client())).status_code == 202

    async def nothing(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(second_step, "begin", nothing)

    assert (await give_password(make_client())).status_code == 201


async def test_without_the_mark_of_use_a_recovery_code_works_again(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)
    codes = await make_codes(phone)

    async def attempt(code: str) -> int:
        browser = make_client()
        await give_password(browser)
        return (await give_code(browser, code, "recovery_code")).status_code

    assert [await attempt(codes[0]), await attempt(codes[0])] == [201, 401]

    for name in ("USE", "UNUSED"):
        monkeypatch.setattr(recovery_rows, name, getattr(recovery_rows, name).replace("used_at IS NULL", "true"))

    assert [await attempt(codes[1]), await attempt(codes[1])] == [201, 201]


async def test_without_the_look_at_the_origin_another_site_can_pass_a_signature_on(
    phone: Client, make_client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, elsewhere = await enrol_device(phone), Trick(origin="https://evil.example")

    async def attempt() -> int:
        return (await sign_in_with(make_client(), device, elsewhere)).status_code

    assert await attempt() == 401

    anywhere = Site("localhost", ("http://localhost", "https://evil.example"))
    monkeypatch.setattr(Addresses, "site_of", lambda _addresses, _host: anywhere)

    assert await attempt() == 201


async def test_without_taking_it_away_a_challenge_is_answered_twice(
    phone: Client, make_client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = await enrol_device(phone, counts=False)

    async def replay() -> list[int]:
        browser, thief = make_client(), make_client()
        asked = (await browser.post(f"{SESSION}/passkey/challenge")).json()
        thief.cookies.set(STEP, browser.cookies[STEP], domain="localhost.local")
        answer = device.sign(asked)
        return [(await each.post(f"{SESSION}/passkey", json=answer)).status_code for each in (browser, thief)]

    assert await replay() == [201, 401]

    kept = "SELECT challenge FROM identity_challenge WHERE bound_to = $1 AND purpose = $2"
    monkeypatch.setattr(steps, "TAKE_CHALLENGE", kept)

    assert await replay() == [201, 201]


async def test_without_the_demand_a_stolen_session_takes_the_factor_away(
    phone: Client, uow: UnitOfWork, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)
    await uow.write("UPDATE identity_session SET factor_at = NULL")
    await uow.commit()
    look_again(phone)
    assert (await phone.delete(f"{ACCOUNT}/totp")).status_code == 403

    monkeypatch.setattr(Actor, "demand_fresh_factor", lambda _actor: None)

    assert (await phone.delete(f"{ACCOUNT}/totp")).status_code == 204
