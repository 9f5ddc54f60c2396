"""Passkeys beside and instead of the password: for this site, this browser, this challenge, and once."""

from collections.abc import Awaitable, Callable

import pytest
from authenticator import Device, Trick, encode
from factor_calls import ANOTHER_OWNER, SESSION, enrol_device, give_password, problem, sign_in_with

from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import UnitOfWork

COOKIE, STEP = "__Host-doorkeeper", "__Host-doorkeeper-step"


@pytest.mark.practice(29)
async def test_a_passkey_is_a_second_factor(phone: Client, make_client: ClientFactory) -> None:
    device = await enrol_device(phone)
    browser = make_client()
    assert (await give_password(browser)).json()["factors"] == ["passkey"]
    asked = (await browser.post(f"{SESSION}/second-step/passkey")).json()
    assert asked["credentials"] == [encode(device.credential)]

    session = browser.adopt(await browser.post(f"{SESSION}/second-step", json=device.sign(asked)))

    assert session["factor"] == "fresh"


async def test_a_passkey_alone_says_who_signs_in(phone: Client, make_client: ClientFactory) -> None:
    device = await enrol_device(phone)
    browser = make_client()

    session = browser.adopt(await sign_in_with(browser, device))

    assert (session["person"]["name"], session["factor"]) == ("Ada", "fresh")
    assert STEP not in browser.cookies


async def test_somebody_elses_passkey_is_no_second_factor(
    phone: Client, make_client: ClientFactory, sign_in_as: Callable[[str], Awaitable[Client]]
) -> None:
    await enrol_device(phone)
    foreign = await enrol_device(await sign_in_as("cashier"))
    browser = make_client()
    await give_password(browser)
    asked = (await browser.post(f"{SESSION}/second-step/passkey")).json()

    answer = await browser.post(f"{SESSION}/second-step", json=foreign.sign(asked))

    assert problem(answer) == (401, "identity.wrong_factor")


@pytest.mark.parametrize(
    "trick",
    [
        Trick(origin="https://evil.example"),
        Trick(origin="http://localhost.evil.example"),
        Trick(site="evil.example"),
        Trick(is_verified=False),
        Trick(is_framed=True),
        Trick(challenge=encode(b"another challenge of 32 bytes...")),
        Trick(kind="webauthn.create"),
        Trick(count=1),
    ],
    ids=["origin", "likeness", "site", "nobody verified", "framed", "challenge", "kind", "a copy of the device"],
)
async def test_a_signature_for_something_else_is_refused(
    phone: Client, make_client: ClientFactory, trick: Trick
) -> None:
    device = await enrol_device(phone)
    assert (await sign_in_with(make_client(), device)).status_code == 201

    assert problem(await sign_in_with(make_client(), device, trick)) == (401, "identity.wrong_factor")


async def test_a_challenge_is_used_up_by_its_first_answer(phone: Client, make_client: ClientFactory) -> None:
    device = await enrol_device(phone, counts=False)
    browser = make_client()
    asked = (await browser.post(f"{SESSION}/passkey/challenge")).json()
    step = browser.cookies[STEP]
    answer = device.sign(asked)
    assert (await browser.post(f"{SESSION}/passkey", json=answer)).status_code == 201
    thief = make_client()
    thief.cookies.set(STEP, step, domain="localhost.local")

    assert problem(await thief.post(f"{SESSION}/passkey", json=answer)) == (401, "identity.wrong_factor")


async def test_a_challenge_is_used_up_by_a_wrong_answer_too(phone: Client, make_client: ClientFactory) -> None:
    device, browser = await enrol_device(phone), make_client()
    asked = (await browser.post(f"{SESSION}/passkey/challenge")).json()
    await browser.post(f"{SESSION}/passkey", json=device.sign(asked, Trick(is_verified=False)))

    assert problem(await browser.post(f"{SESSION}/passkey", json=device.sign(asked))) == (401, "identity.wrong_factor")


async def test_a_challenge_belongs_to_one_browser_and_runs_out(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    device, browser, other = await enrol_device(phone), make_client(), make_client()
    asked = (await browser.post(f"{SESSION}/passkey/challenge")).json()
    await other.post(f"{SESSION}/passkey/challenge")
    assert problem(await other.post(f"{SESSION}/passkey", json=device.sign(asked))) == (401, "identity.wrong_factor")
    await uow.write("UPDATE identity_challenge SET expires_at = now() - interval '1 second'")
    await uow.commit()

    assert problem(await browser.post(f"{SESSION}/passkey", json=device.sign(asked))) == (401, "identity.wrong_factor")


async def test_an_unknown_passkey_a_strange_user_and_somebody_who_is_gone_are_refused_alike(
    phone: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    device, stranger = await enrol_device(phone), Device()
    user, device.user = device.user, encode(bytes(16))
    assert problem(await sign_in_with(make_client(), stranger)) == (401, "identity.wrong_factor")
    assert problem(await sign_in_with(make_client(), device)) == (401, "identity.wrong_factor")
    device.user = user
    await uow.write(ANOTHER_OWNER)
    await uow.write("UPDATE identity_person SET is_active = false WHERE name = 'Ada'")
    await uow.commit()

    assert problem(await sign_in_with(make_client(), device)) == (401, "identity.wrong_factor")


async def test_there_are_no_passkeys_at_an_address_by_number(api: Client) -> None:
    answer = await api.post(f"{SESSION}/passkey/challenge", headers={"Host": "127.0.0.1", "Origin": "http://127.0.0.1"})

    assert problem(answer) == (409, "identity.passkeys_not_here")
