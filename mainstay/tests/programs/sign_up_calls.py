"""Calls by which somebody signs up, confirms their address, and is decided about."""

from typing import Any
from uuid import UUID

import httpx2

from mainstay.testing.client import Client

PASSWORD, OTHER = "three quiet green trains", "seven calm orange foxes"
EMAIL = "Ivy@shop.example"
SIGN_UPS = "/api/v1/identity/sign-ups"


async def ask(client: Client, email: str = EMAIL, **more: str) -> httpx2.Response:
    """Sign up."""
    return await client.post(SIGN_UPS, json={"name": "Ivy", "email": email, "password": PASSWORD, **more})


async def confirm(client: Client, token: str, password: str = PASSWORD) -> httpx2.Response:
    """Confirm the address by a link and a password."""
    return await client.post(f"{SIGN_UPS}/confirm", json={"token": token, "password": password})


async def decide(client: Client, key: UUID | str, decision: str = "approve", **body: object) -> httpx2.Response:
    """Approve, or refuse."""
    given = {"role": "cashier", **body} if decision == "approve" else None
    return await client.post(f"{SIGN_UPS}/{key}/{decision}", json=given)


async def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL) -> httpx2.Response:
    """Try to sign in."""
    return await client.post("/api/v1/identity/session", json={"email": email, "password": password})


async def waiting(client: Client) -> list[dict[str, Any]]:
    """Return who waits."""
    answer = await client.get(SIGN_UPS)
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
