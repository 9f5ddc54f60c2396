"""Whoever manages the tills of a store is told when the money of a shift is not what it should be."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from shopfloor import Till

from mainstay.testing.client import Client

SHIFTS = "/api/v1/pos/shifts"
SignIn = Callable[[str], Awaitable[Client]]


async def told(client: Client) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/notifications", params={"language": "en"})
    return [item for item in answer.json()["items"] if item["kind"] == "pos.difference"]


@pytest.mark.parametrize("counted", [9500, 10000])
async def test_a_difference_is_told_to_managers_and_nothing_when_there_is_none(
    owner: Client, cashier: Client, sign_in_as: SignIn, till: Till, counted: int
) -> None:
    manager = await sign_in_as("manager")

    answer = await owner.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": counted})

    difference = answer.json()["difference_minor"]
    items = await told(manager)
    assert [item["title"].endswith("a difference of -5.00 EUR") for item in items] == ([True] if difference else [])
    assert [item["path"] for item in items] == [f"/shifts?register={till.register_id}"] * len(items)
    assert len(items) == (counted == 9500)
    assert await told(cashier) == []
