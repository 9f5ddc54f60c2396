"""A till that takes PINs, and people who give theirs."""

from typing import Any
from uuid import UUID

import httpx2

from mainstay import ids
from mainstay.testing.client import Client

PIN, OWNERS_PIN = "4827", "73915"
STATION = "/api/v1/identity/station"


async def enrol_till(manager: Client, register_id: UUID, device: Client) -> str:
    """Have `device` take PINs at a register; return its id."""
    station = {"id": str(ids.new_id()), "place_id": str(register_id), "name": "Tablet"}
    answer = await manager.post("/api/v1/identity/stations", json=station)
    assert answer.status_code == 201, answer.text
    cookie = next(each for each in manager.cookies.jar if each.name.endswith("-station"))
    device.cookies.jar.set_cookie(cookie)
    manager.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    made: str = answer.json()["id"]
    return made


async def set_pin(person: Client, pin: str = PIN) -> None:
    """Set one's own PIN."""
    answer = await person.put("/api/v1/identity/account/pin", json={"pin": pin})
    assert answer.status_code == 200, answer.text


async def give_pin(device: Client, person: Client, pin: str = PIN) -> httpx2.Response:
    """Type a PIN on a device."""
    return await device.post(f"{STATION}/session", json={"person_id": str(person.person_id), "pin": pin})


async def sign_in_by_pin(device: Client, person: Client, pin: str = PIN) -> dict[str, Any]:
    """Sign in by PIN on a device; return the session."""
    return device.adopt(await give_pin(device, person, pin))
