"""Calls of the program that set second factors up and give them, as the web app makes them."""

from typing import Any

import httpx2
from authenticator import HONEST, App, Device, Trick

from mainstay import crypto
from mainstay.modules.identity.service import sessions
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

PASSWORD = "three quiet green trains"
EMAIL = "ada@engine.example"
ACCOUNT = "/api/v1/identity/account"
SESSION = "/api/v1/identity/session"

# With an owner more, the last one is none who goes.
ANOTHER_OWNER = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
VALUES (gen_random_uuid(), 'joan@shop.example', 'joan@shop.example', 'Joan', 'owner', 'x')
"""


def taken_over(client: Client, answer: httpx2.Response) -> dict[str, Any]:
    """Take the CSRF token from an answer that renewed or began a session."""
    assert answer.status_code in {200, 201}, answer.text
    session: dict[str, Any] = answer.json()
    client.csrf_token = session["csrf_token"]
    return session


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """Return the status and the code of a refused call."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def become_owner(client: Client, token: str) -> None:
    """Be the first owner, signed in with the password."""
    body = {"token": token, "name": "Ada", "email": EMAIL, "password": PASSWORD}
    client.adopt(await client.post("/api/v1/identity/invitations/accept", json=body))


async def give_password(client: Client) -> httpx2.Response:
    """Take the first step of signing in."""
    return await client.post(SESSION, json={"email": EMAIL, "password": PASSWORD})


async def give_code(client: Client, code: str, kind: str = "totp") -> httpx2.Response:
    """Take the second step of signing in with a code."""
    return await client.post(f"{SESSION}/second-step", json={"kind": kind, "code": code})


async def confirm_with(client: Client, code: str, kind: str = "totp") -> httpx2.Response:
    """Give a second factor once more in a session."""
    answer = await client.post(f"{SESSION}/factor", json={"kind": kind, "code": code})
    if answer.status_code == 200:
        taken_over(client, answer)
    return answer


async def enrol_app(client: Client) -> App:
    """Set an authenticator app up; the code of the present time step is used by that."""
    begun = await client.post(f"{ACCOUNT}/totp")
    assert begun.status_code == 201, begun.text
    app = App(begun.json()["uri"])
    taken_over(client, await client.post(f"{ACCOUNT}/totp/confirm", json={"code": app.code()}))
    return app


async def enrol_device(client: Client, name: str = "Phone", *, counts: bool = True) -> Device:
    """Set a passkey up on a new device."""
    device = Device(counts=counts)
    asked = await client.post(f"{ACCOUNT}/passkeys/challenge")
    assert asked.status_code == 201, asked.text
    taken_over(client, await client.post(f"{ACCOUNT}/passkeys", json=device.make(asked.json(), name)))
    return device


async def sign_in_with(client: Client, device: Device, trick: Trick = HONEST) -> httpx2.Response:
    """Sign in with a passkey alone."""
    asked = (await client.post(f"{SESSION}/passkey/challenge")).json()
    return await client.post(f"{SESSION}/passkey", json=device.sign(asked, trick))


async def make_codes(client: Client) -> list[str]:
    """Make recovery codes."""
    answer = await client.post(f"{ACCOUNT}/recovery-codes")
    assert answer.status_code == 201, answer.text
    codes: list[str] = answer.json()["codes"]
    return codes


async def grow_stale(client: Client, uow: UnitOfWork) -> None:
    """Let the time run out for which a second factor is fresh."""
    await uow.write("UPDATE identity_session SET factor_at = now() - interval '10 minutes 1 second'")
    await uow.commit()
    look_again(client)


def look_again(client: Client) -> None:
    """Have the process look the sessions up again, as it does after a second."""
    for cookie in client.cookies.jar:
        sessions._recent.drop(crypto.digest(cookie.value or ""))
