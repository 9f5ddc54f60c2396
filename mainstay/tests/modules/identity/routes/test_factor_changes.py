"""What a change of factors does elsewhere: other sessions end, sign-ins that wait end, the audit trail tells of it."""

import base64
from datetime import timedelta

import pytest
from factor_calls import ACCOUNT, SESSION, enrol_app, enrol_device, give_code, give_password, make_codes, problem

from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

POLICY = "/api/v1/identity/factor-policy"


async def test_a_changed_factor_ends_the_persons_other_sessions(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    other = make_client()
    other.adopt(await give_password(other))

    app = await enrol_app(phone)

    assert problem(await other.get(SESSION)) == (401, "identity.not_signed_in")
    clock.move(timedelta(seconds=30))
    await give_password(other)
    other.adopt(await give_code(other, app.code()))
    await phone.delete(f"{ACCOUNT}/totp")
    assert problem(await other.get(SESSION)) == (401, "identity.not_signed_in")


async def test_a_changed_factor_ends_sign_ins_that_wait(
    phone: Client, make_client: ClientFactory, clock: FrozenClock
) -> None:
    app, other = await enrol_app(phone), make_client()
    await give_password(other)

    await enrol_device(phone)

    clock.move(timedelta(seconds=30))
    assert problem(await give_code(other, app.code())) == (401, "identity.step_lost")


@pytest.mark.practice(33)
async def test_the_audit_trail_tells_of_every_change_of_factors_and_holds_no_secret(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    app = await enrol_app(phone)
    codes = await make_codes(phone)
    browser = make_client()
    await give_password(browser)
    browser.adopt(await give_code(browser, codes[0], "recovery_code"))
    await browser.put(POLICY, json={"version": 0, "roles": ["cashier"]})
    await browser.delete(f"{ACCOUNT}/totp")

    rows = await uow.read("SELECT act, actor_id FROM audit_entry ORDER BY position")

    told = [row["act"] for row in rows if row["actor_id"] == phone.person_id]
    assert [act for act in told if "factor" in act or "recovery" in act] == [
        "identity.factor_added",
        "identity.recovery_codes_made",
        "identity.recovery_code_used",
        "identity.factor_policy_changed",
        "identity.factor_removed",
    ]
    kept = str(await uow.read("SELECT content FROM audit_private")) + str(
        await uow.read("SELECT * FROM mainstay_event")
    )
    assert not [secret for secret in (*codes, base64.b32encode(app.secret).decode()) if secret in kept]


@pytest.mark.practice(33)
async def test_the_audit_trail_tells_of_codes_that_were_refused_wrong_and_replayed(
    phone: Client, make_client: ClientFactory, clock: FrozenClock, uow: UnitOfWork
) -> None:
    app, browser = await enrol_app(phone), make_client()
    await give_password(browser)

    for code in ("000000", app.code()):
        assert problem(await give_code(browser, code)) == (401, "identity.wrong_factor")

    told = await uow.read("SELECT object_id, actor_kind FROM audit_entry WHERE act = 'identity.factor_refused'")
    assert [(str(row["object_id"]), row["actor_kind"]) for row in told] == [(str(phone.person_id), "anonymous")] * 2
