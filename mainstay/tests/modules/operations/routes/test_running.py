"""Operating over HTTP: each route allowed, forbidden, not found and with bad input."""

from collections.abc import AsyncIterator
from datetime import timedelta

import psutil
import pytest
from fastapi import FastAPI

from mainstay import clock
from mainstay.messages import audit
from mainstay.observe.levels import LEVELS
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

PATH = "/api/v1/operations"
LEVELS_PATH = f"{PATH}/log-levels"
DEBUG = {"level": "debug", "minutes": 5}


@pytest.fixture(autouse=True)
async def quiet() -> AsyncIterator[None]:
    """No test leaves a logger louder than it was."""
    yield
    for name in LEVELS.changes():
        LEVELS.restore(name)


async def acts(open_work: WorkOpener) -> list[tuple[str, str]]:
    async with open_work(SYSTEM) as uow:
        rows = await uow.read("SELECT act, object_id FROM audit_entry WHERE act LIKE 'operations.%' ORDER BY position")
    return [(row["act"], row["object_id"]) for row in rows]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", LEVELS_PATH),
        ("PUT", f"{LEVELS_PATH}/access"),
        ("DELETE", f"{LEVELS_PATH}/access"),
        ("POST", f"{PATH}/profiles"),
    ],
)
async def test_only_who_holds_the_right_is_let_in(api: Client, cashier: Client, method: str, path: str) -> None:
    body = {} if path.endswith("profiles") else DEBUG
    assert (await api.request(method, path, json=body)).status_code in {401, 403}
    refused = await cashier.request(method, path, json=body)
    assert (refused.status_code, refused.json()["permission"]) == (403, "operations.manage")


async def test_a_level_is_changed_for_a_while_and_taken_back_on_record(owner: Client, open_work: WorkOpener) -> None:
    changed = await owner.put(f"{LEVELS_PATH}/mainstay.net", json=DEBUG)
    read = await owner.get(LEVELS_PATH)
    restored = await owner.delete(f"{LEVELS_PATH}/mainstay.net")

    assert changed.json() == read.json()
    (item,) = read.json()["items"]
    assert (item["logger"], item["level"], read.json()["processes"]) == ("mainstay.net", "debug", ["api-1"])
    assert item["until"] > (clock.now() + timedelta(minutes=4)).isoformat()
    assert restored.json()["items"] == []
    assert await acts(open_work) == [
        ("operations.log_level_changed", "mainstay.net"),
        ("operations.log_level_restored", "mainstay.net"),
    ]


async def test_each_process_tells_what_it_takes(api: Client, cashier: Client, owner: Client) -> None:
    refused = await cashier.get(f"{PATH}/processes")
    (told,) = (await owner.get(f"{PATH}/processes")).json()["items"]

    assert (await api.get(f"{PATH}/processes")).status_code == 401
    assert (refused.status_code, refused.json()["permission"]) == (403, "operations.read")
    assert told["name"] == "api-1"
    assert abs(told["memory_bytes"] - psutil.Process().memory_info().rss) < 32 * 2**20
    assert told["cpu_seconds"] > 0


async def test_what_cannot_be_put_on_record_is_not_done(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PUBLISH_AND_APPEND", "SELECT no_such_function($1::jsonb, $2::jsonb)")

    assert (await owner.put(f"{LEVELS_PATH}/access", json=DEBUG)).status_code == 500
    assert LEVELS.changes() == {}


@pytest.mark.parametrize("logger", ["sqlalchemy.engine", "mainstayer", "root"])
async def test_the_loggers_of_libraries_stay_as_they_are(owner: Client, logger: str) -> None:
    refused = await owner.put(f"{LEVELS_PATH}/{logger}", json=DEBUG)

    assert (refused.status_code, refused.json()["code"]) == (422, "operations.logger_closed")
    assert LEVELS.changes() == {}


@pytest.mark.parametrize("body", [{"level": "loud"}, {"level": "debug", "minutes": 0}, {"level": "debug", "x": 1}, {}])
async def test_a_level_that_is_none_is_refused(owner: Client, body: dict[str, object]) -> None:
    assert (await owner.put(f"{LEVELS_PATH}/access", json=body)).status_code == 422


async def test_a_profile_tells_where_the_time_goes_and_is_on_record(owner: Client, open_work: WorkOpener) -> None:
    made = await owner.post(f"{PATH}/profiles", json={"process": "api-1", "seconds": 0.2})

    assert made.status_code == 200, made.text
    profile = made.json()
    assert profile["process"] == "api-1"
    assert profile["looks"] >= 2
    assert profile["samples"] == sum(place["samples"] for place in profile["places"])
    assert await acts(open_work) == [("operations.profile_taken", "api-1")]


async def test_a_process_that_is_not_there_is_not_found(owner: Client) -> None:
    refused = await owner.post(f"{PATH}/profiles", json={"process": "worker-9", "seconds": 0.1})

    assert (refused.status_code, refused.json()["code"]) == (404, "operations.process_unknown")


@pytest.mark.parametrize("body", [{"process": "../api"}, {"seconds": 31}, {"seconds": 0}, {"x": 1}])
async def test_a_profile_that_cannot_be_is_refused(owner: Client, body: dict[str, object]) -> None:
    assert (await owner.post(f"{PATH}/profiles", json=body)).status_code == 422


@pytest.mark.practice(98)
async def test_the_status_lists_the_slowest_routes_and_statements_with_samples(owner: Client, app: FastAPI) -> None:
    # What other tests asked of the same program may have been slower.
    app.state.figures.slowest._forget(float("inf"))

    asked = await owner.get("/api/v1/audit/entries")
    status = (await owner.get(f"{PATH}/status")).json()

    assert {check["name"] for check in status["checks"]} >= {"database", "migrations", "disk"}
    assert [check for check in status["checks"] if not check["is_ok"]] == []
    assert [each["name"] for each in status["processes"]] == ["api-1"]
    route = next(each for each in status["routes"] if each["route"] == "/api/v1/audit/entries")
    assert (route["method"], route["failed"]) == ("GET", 0)
    assert 0 <= route["p95_over_ms"] < route["p95_ms"] <= 10_000
    sample = next(each for each in status["slow_requests"] if each["place"] == "GET /api/v1/audit/entries")
    assert (sample["request_id"], sample["process"]) == (asked.headers["x-request-id"], "api-1")
    statement = next(each for each in status["slow_statements"] if each["place"] == "GET /api/v1/audit/entries")
    assert statement["request_id"] == asked.headers["x-request-id"]
    assert statement["statement"].startswith(("SELECT ", "WITH "))
    assert 0 < statement["ms"] <= sample["ms"]


async def test_the_budget_is_what_is_left_of_the_errors_that_may_be(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (await owner.get(f"{PATH}/status")).json()["objectives"]
    monkeypatch.setattr(audit, "PUBLISH_AND_APPEND", "SELECT no_such_function($1::jsonb, $2::jsonb)")
    assert (await owner.put(f"{LEVELS_PATH}/access", json=DEBUG)).status_code == 500
    status = (await owner.get(f"{PATH}/status")).json()

    failing = status["routes"][0]
    assert (failing["method"], failing["route"]) == ("PUT", f"{LEVELS_PATH}/{{logger}}")
    assert failing["failed"] == before[0]["missed"] + 1
    answered, quick = status["objectives"]
    assert (answered["name"], answered["target"], quick["name"], quick["target"]) == ("answered", 0.999, "quick", 0.95)
    assert (answered["missed"], answered["requests"]) == (before[0]["missed"] + 1, before[0]["requests"] + 2)
    assert answered["budget_left"] == pytest.approx(1 - 1000 * answered["missed"] / answered["requests"])


async def test_the_status_is_for_who_may_see_it(api: Client, cashier: Client) -> None:
    refused = await cashier.get(f"{PATH}/status")

    assert (await api.get(f"{PATH}/status")).status_code == 401
    assert (refused.status_code, refused.json()["permission"]) == (403, "operations.read")
