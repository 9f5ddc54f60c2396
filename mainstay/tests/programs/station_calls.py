"""Calls of the program that enrol shared devices and give PINs, as the web app makes them."""

from typing import Any
from uuid import UUID

import httpx2

from mainstay import crypto, ids
from mainstay.modules.identity.service import sessions
from mainstay.testing.client import Client

FRONT_DOOR = "01926e6a-0000-7000-8000-0000000000a1"
BACK_DOOR = "01926e6a-0000-7000-8000-0000000000a2"
PIN, OTHER_PIN = "4827", "590347"
STATIONS = "/api/v1/identity/stations"
HERE = "/api/v1/identity/station"
ACCOUNT_PIN = "/api/v1/identity/account/pin"
TAKES, APPROVALS = "/api/v1/safe/takes", "/api/v1/safe/approvals"


async def enrol(manager: Client, browser: Client, place: str = FRONT_DOOR, name: str = "Tablet") -> str:
    """Make `browser` a shared device, as a manager does who is signed in on it; return the device's id."""
    station = {"id": str(ids.new_id()), "place_id": place, "name": name}
    answer = await manager.post(STATIONS, json=station)
    assert answer.status_code == 201, answer.text
    cookie = next(each for each in manager.cookies.jar if each.name.endswith("-station"))
    browser.cookies.jar.set_cookie(cookie)
    if browser is not manager:
        manager.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    made: str = answer.json()["id"]
    return made


async def set_pin(person: Client, pin: str = PIN) -> None:
    """Set one's own PIN."""
    answer = await person.put(ACCOUNT_PIN, json={"pin": pin})
    assert answer.status_code == 200, answer.text


async def give_pin(device: Client, person_id: UUID | None, pin: str = PIN) -> httpx2.Response:
    """Type a PIN on a device."""
    return await device.post(f"{HERE}/session", json={"person_id": str(person_id), "pin": pin})


async def sign_in_by_pin(device: Client, person: Client, pin: str = PIN) -> dict[str, Any]:
    """Sign in by PIN on a device."""
    return device.adopt(await give_pin(device, person.person_id, pin))


def take_in(amount: int = 5) -> dict[str, object]:
    """Return a take out of the safe."""
    return {"id": str(ids.new_id()), "amount": amount}


async def ask_approval(
    device: Client, take: dict[str, object], approver: UUID | None, pin: str = PIN
) -> httpx2.Response:
    """Have somebody approve a take on a device."""
    return await device.post(APPROVALS, json={"take": take, "approver_id": str(approver), "pin": pin})


async def approved(device: Client, take: dict[str, object], approver: UUID | None, pin: str = PIN) -> str:
    """Have somebody approve a take, and return the token."""
    answer = await ask_approval(device, take, approver, pin)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def take_out(device: Client, take: dict[str, object], token: str | None = None) -> httpx2.Response:
    """Take something out of the safe, perhaps with an approval."""
    return await device.post(TAKES, json=take, headers={} if token is None else {"X-Approval": token})


def look_again(*clients: Client) -> None:
    """Have the process look the sessions up again, as it does after a second."""
    for client in clients:
        for cookie in client.cookies.jar:
            sessions._recent.drop(crypto.digest(cookie.value or ""))
