"""Two versions of a route side by side: callers of the older one are told what to use, counted, and known by name."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from mainstay.observe.counters import Counters
from mainstay.testing.client import Client
from mainstay.web import outdated
from mainstay.web.outdated import CALLS

OLD, NEW = "/api/v1/weights/a%20goose", "/api/v2/weights/a%20goose"
OUTDATED = "/api/v1/interface/outdated"
OPERATION = "GET /api/v1/weights/{thing}"

SignInAs = Callable[[str], Awaitable[Client]]


async def callers(owner: Client) -> list[dict[str, Any]]:
    answer = await owner.get(OUTDATED)
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    assert found["operation"] == OPERATION
    return list(found["callers"])


@pytest.mark.practice(67)
async def test_two_versions_of_a_route_are_served_side_by_side(owner: Client) -> None:
    old, new = await owner.get(OLD), await owner.get(NEW)

    assert (old.status_code, old.json()) == (200, {"kilograms": 0.007})
    assert (new.status_code, new.json()) == (200, {"grams": 7})
    assert (await owner.get("/api/v3/weights/a")).status_code == 404


@pytest.mark.practice(68)
async def test_callers_of_an_outdated_route_are_told_counted_and_listed(
    owner: Client, sign_in_as: SignInAs, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outdated, "GATHERED", 0.0)
    counters: Counters = app.state.counters
    before = counters.value(CALLS, operation=OPERATION)
    other = await sign_in_as("cashier")

    reply = await other.get(OLD)
    await other.get(OLD)
    await owner.get(OLD)
    fresh = await owner.get(NEW)

    assert reply.headers["deprecation"] == "@1793491200"
    assert reply.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    assert reply.headers["link"] == '</api/v2/weights/a%20goose>; rel="successor-version"'
    assert not {"deprecation", "sunset", "link"} & fresh.headers.keys()
    assert counters.value(CALLS, operation=OPERATION) == before + 3
    told = {one["caller"]: (one["name"], one["calls"]) for one in await callers(owner)}
    assert told == {
        f"person:{other.person_id}": (f"Cashier {str(other.person_id)[-4:]}", 2),
        f"person:{owner.person_id}": (f"Owner {str(owner.person_id)[-4:]}", 1),
    }


async def test_calls_of_a_minute_are_written_down_together(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await owner.get(OLD)
    assert [one["calls"] for one in await callers(owner)] == [1]

    monkeypatch.setattr(outdated, "GATHERED", 0.0)
    await owner.get(OLD)

    assert [one["calls"] for one in await callers(owner)] == [4]


async def test_who_is_refused_has_not_called(api: Client, owner: Client) -> None:
    refused = await api.get(OLD)

    assert refused.status_code == 401
    assert await callers(owner) == []


async def test_only_who_holds_the_right_sees_the_callers(api: Client, cashier: Client) -> None:
    assert (await api.get(OUTDATED)).status_code == 401
    assert (await cashier.get(OUTDATED)).status_code == 403


@pytest.mark.practice(68)
def test_the_description_says_what_is_going_away_and_what_takes_its_place(api_document: dict[str, Any]) -> None:
    old = api_document["paths"]["/api/v1/weights/{thing}"]["get"]
    new = api_document["paths"]["/api/v2/weights/{thing}"]["get"]

    assert old["deprecated"] is True
    assert "Outdated since 2026-11-01; it answers until 2027-06-30 at least. Use `/api/v2/weights/{thing}`." in str(old)
    assert {"Deprecation", "Sunset", "Link"} <= old["responses"]["200"]["headers"].keys()
    assert "deprecated" not in new
    assert "Deprecation" not in new["responses"]["200"]["headers"]
