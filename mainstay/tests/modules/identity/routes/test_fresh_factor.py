"""Dangerous acts ask for the second factor once more, and go on with it."""

from datetime import timedelta

import pytest
from factor_calls import (
    ACCOUNT,
    PASSWORD,
    SESSION,
    confirm_with,
    enrol_app,
    enrol_device,
    give_password,
    grow_stale,
    make_codes,
    problem,
    taken_over,
)

from mainstay.modules.identity.repository import factors
from mainstay.modules.identity.service import sessions
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

COOKIE, STEP = "__Host-doorkeeper", "__Host-doorkeeper-step"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.mark.practice(29)
async def test_a_dangerous_act_asks_for_the_factor_again_and_goes_on_with_it(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, uow: UnitOfWork
) -> None:
    app = await enrol_app(phone)
    await grow_stale(phone, uow)
    old = phone.cookies[COOKIE]
    assert problem(await phone.post(f"{ACCOUNT}/recovery-codes")) == (403, "fresh_factor_needed")
    clock.move(HALF_A_MINUTE)

    assert (await confirm_with(phone, app.code())).status_code == 200

    assert len(await make_codes(phone)) == 10
    assert phone.cookies[COOKIE] != old
    other = make_client()
    other.cookies.set(COOKIE, old, domain="localhost.local")
    assert problem(await other.get(SESSION)) == (401, "identity.not_signed_in")


async def test_a_passkey_is_given_again_in_a_session(phone: Client, uow: UnitOfWork) -> None:
    device = await enrol_device(phone)
    await grow_stale(phone, uow)
    asked = (await phone.post(f"{SESSION}/factor/passkey")).json()

    session = taken_over(phone, await phone.post(f"{SESSION}/factor", json=device.sign(asked)))

    assert session["factor"] == "fresh"


async def test_a_wrong_code_does_not_make_the_factor_fresh(phone: Client, uow: UnitOfWork, clock: FrozenClock) -> None:
    await enrol_app(phone)
    await grow_stale(phone, uow)

    assert problem(await confirm_with(phone, "000000")) == (401, "identity.wrong_factor")

    assert problem(await phone.post(f"{ACCOUNT}/recovery-codes")) == (403, "fresh_factor_needed")


async def test_inviting_an_owner_is_a_dangerous_act(phone: Client, uow: UnitOfWork) -> None:
    await enrol_app(phone)
    await grow_stale(phone, uow)
    body = {"id": "01926e6a-0000-7000-8000-000000000001", "name": "Eve", "email": "eve@engine.example"}

    as_owner = await phone.post("/api/v1/identity/invitations", json={**body, "role": "owner"})
    assert problem(as_owner) == (403, "fresh_factor_needed")

    assert (await phone.post("/api/v1/identity/invitations", json={**body, "role": "cashier"})).status_code == 201


@pytest.mark.practice(29)
async def test_who_has_no_factor_gives_the_password_again(phone: Client, uow: UnitOfWork) -> None:
    """ASVS 5.0, 7.5.1: an open browser that somebody walked up to sets up no factor, and makes no key."""
    await age(uow, phone)
    old = phone.cookies[COOKIE]
    assert problem(await phone.post(f"{ACCOUNT}/totp")) == (403, "fresh_factor_needed")

    session = taken_over(phone, await phone.post(f"{SESSION}/factor", json={"kind": "password", "password": PASSWORD}))

    assert (session["factor"], session["permissions"] != []) == ("none", True)
    assert phone.cookies[COOKIE] != old
    assert (await phone.post(f"{ACCOUNT}/totp")).status_code == 201


async def test_a_wrong_password_proves_nothing_and_is_slowed(phone: Client, uow: UnitOfWork) -> None:
    await age(uow, phone)
    wrong = {"kind": "password", "password": "not the right one"}

    tries = [problem(await phone.post(f"{SESSION}/factor", json=wrong)) for _ in range(6)]

    assert tries == [(422, "identity.wrong_password")] * 5 + [(429, "identity.too_many_attempts")]
    told = "SELECT count(*) FROM audit_entry WHERE act = 'identity.password_refused' AND actor_id = $1"
    assert await uow.read_value(told, phone.person_id) == 5
    assert problem(await phone.post(f"{ACCOUNT}/totp")) == (403, "fresh_factor_needed")


async def test_the_password_is_no_proof_of_somebody_with_a_factor(phone: Client, uow: UnitOfWork) -> None:
    await enrol_app(phone)
    await grow_stale(phone, uow)

    answer = await phone.post(f"{SESSION}/factor", json={"kind": "password", "password": PASSWORD})

    assert problem(answer) == (401, "identity.wrong_factor")


async def test_the_password_is_no_second_step(phone: Client, make_client: ClientFactory) -> None:
    await enrol_app(phone)
    browser = make_client()
    await give_password(browser)

    answer = await browser.post(f"{SESSION}/second-step", json={"kind": "password", "password": PASSWORD})

    assert problem(answer) == (422, "invalid_input")


async def test_without_the_look_for_factors_the_password_would_do(
    phone: Client, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol_app(phone)
    await grow_stale(phone, uow)

    async def none(*_: object) -> bool:
        return False

    monkeypatch.setattr(factors, "has_any", none)

    answer = await phone.post(f"{SESSION}/factor", json={"kind": "password", "password": PASSWORD})
    assert answer.status_code == 200


async def age(uow: UnitOfWork, client: Client) -> None:
    """Have the session begin eleven minutes ago."""
    await uow.write("UPDATE identity_session SET created_at = now() - interval '11 minutes'")
    await uow.commit()
    assert client.person_id is not None
    sessions.forget(client.person_id)
