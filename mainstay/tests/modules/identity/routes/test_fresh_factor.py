"""Dangerous acts ask for the second factor once more, and go on with it."""

from datetime import timedelta

import pytest
from factor_calls import (
    ACCOUNT,
    SESSION,
    confirm_with,
    enrol_app,
    enrol_device,
    grow_stale,
    make_codes,
    problem,
    taken_over,
)

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
