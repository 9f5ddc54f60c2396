"""The access log: one line per request, with what is needed to find it and nothing that is secret."""

import asyncio

import pytest
from probe.served import Served, number

from mainstay import ids
from mainstay.testing.client import Client


@pytest.mark.practice(57)
async def test_a_call_leaves_one_line_with_route_status_time_and_user(owner: Client, served: Served) -> None:
    name, note = ids.new_id().hex, ids.new_id()

    reply = await owner.get(f"/api/v1/probe/notes/{note}?fields=id", headers={"X-Request-ID": name})

    line = served.line(request_id=name)
    assert line["time"].endswith("Z")
    assert line["level"] == "info"
    assert (line["method"], line["route"]) == ("GET", "/api/v1/probe/notes/{note_id}")
    assert line["path"] == f"/api/v1/probe/notes/{note}"
    assert (line["status"], line["bytes"]) == (404, len(reply.content))
    assert 0 < line["duration_ms"] < 10_000
    assert line["actor"] == "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing.txt", 404), ("GET", "/products/17", 200), ("PUT", "/api/v1/probe/notes", 405)],
)
async def test_requests_that_reach_no_operation_are_logged_too(
    api: Client, served: Served, method: str, path: str, status: int
) -> None:
    name = ids.new_id().hex

    await api.request(method, path, headers={"X-Request-ID": name})

    line = served.line(request_id=name)
    assert (line["route"], line["path"], line["status"], line["actor"]) == (None, path, status, None)


async def test_what_is_somebodys_in_a_path_stays_out_of_the_log(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    await api.get("/api/v1/nowhere/ada@shop.example/4111111111111111", headers={"X-Request-ID": name})

    assert served.line(request_id=name)["path"] == "/api/v1/nowhere/[redacted]/[redacted]"


async def test_queries_cookies_and_tokens_stay_out_of_the_log(owner: Client, served: Served) -> None:
    name = ids.new_id().hex

    await owner.post("/api/v1/probe/notes?secret=in-the-query", headers={"X-Request-ID": name}, json={"code": "inside"})

    served.line(request_id=name)
    text = served.log.read_text()
    assert "in-the-query" not in text
    assert "token-of-the-owner" not in text
    assert str(owner.csrf_token) not in text


async def test_health_checks_are_not_logged_at_the_usual_level(api: Client, served: Served) -> None:
    name = ids.new_id().hex
    await api.get("/health/live", headers={"X-Request-ID": name})
    await api.get("/api/v1/probe/me", headers={"X-Request-ID": f"{name}-after"})

    served.line(request_id=f"{name}-after")
    assert served.lines(request_id=name) == []


async def test_a_path_is_cut_when_it_is_very_long(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    await api.get("/" + "a" * 2000, headers={"X-Request-ID": name})

    assert len(served.line(request_id=name)["path"]) == 500


async def test_a_caller_who_leaves_early_is_logged_when_the_stream_ends(owner: Client, served: Served) -> None:
    name = ids.new_id().hex

    async with owner.stream("GET", "/api/v1/trouble/ticks", headers={"X-Request-ID": name}) as reply:
        async for _ in reply.aiter_lines():
            break
        assert served.lines(request_id=name) == []

    line = await asyncio.to_thread(served.line, request_id=name)
    assert (line["status"], line["route"]) == (200, "/api/v1/trouble/ticks")
    assert line["bytes"] > 0


# -- what requests ask of the database ---------------------------------------------------------------------------------

TROUBLE = "/api/v1/trouble"


async def test_the_line_tells_how_many_statements_there_were_and_how_long_they_took(
    api: Client, served: Served
) -> None:
    name = ids.new_id().hex

    await api.get(f"{TROUBLE}/lookups?count=3", headers={"X-Request-ID": name})

    line = served.line(event="request", request_id=name)
    assert line["statements"] == 3
    assert 0 < line["database_ms"] <= line["duration_ms"]


@pytest.mark.practice(43)
async def test_a_slow_statement_is_in_the_log_and_counted_with_its_route(api: Client, served: Served) -> None:
    name, place = ids.new_id().hex, f"GET {TROUBLE}/sleep"
    before = await number(api, "mainstay_slow_statements_total", place=place)

    await api.get(f"{TROUBLE}/sleep?seconds=0.6", headers={"X-Request-ID": name})

    line = served.line(event="slow statement", request_id=name)
    assert (line["place"], line["statement"], line["level"]) == (place, "SELECT pg_sleep($1)", "warning")
    assert 600 <= line["duration_ms"] < 3000
    assert await number(api, "mainstay_slow_statements_total", place=place) == before + 1


async def test_a_statement_that_ran_out_of_time_is_told_of_too(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    answer = await api.get(f"{TROUBLE}/sleep?seconds=30", headers={"X-Request-ID": name})

    assert answer.status_code >= 500
    assert served.line(event="slow statement", request_id=name)["duration_ms"] >= 3000


async def test_a_statement_of_the_orm_is_told_of_too(api: Client, served: Served) -> None:
    name = ids.new_id().hex

    query = {"statement": "SELECT pg_sleep(0.6)::text"}
    await api.get(f"{TROUBLE}/orm", params=query, headers={"X-Request-ID": name})

    assert served.line(event="slow statement", request_id=name)["statement"] == "SELECT pg_sleep(0.6)::text"


@pytest.mark.practice(42)
async def test_a_statement_that_is_repeated_for_each_row_is_in_the_log_and_counted_with_its_route(
    api: Client, served: Served
) -> None:
    few, many, place = ids.new_id().hex, ids.new_id().hex, f"GET {TROUBLE}/lookups"

    await api.get(f"{TROUBLE}/lookups?count=20", headers={"X-Request-ID": few})
    await api.get(f"{TROUBLE}/lookups?count=21", headers={"X-Request-ID": many})

    line = served.line(event="repeated statement", request_id=many)
    assert (line["place"], line["times"], line["statement"]) == (place, 21, "SELECT 1 WHERE $1::int >= 0")
    assert served.lines(event="repeated statement", request_id=few) == []
    assert await number(api, "mainstay_repeated_statements_total", place=place) >= 1


# -- what is counted ---------------------------------------------------------------------------------------------------


@pytest.mark.practice(94)
async def test_requests_are_counted_by_the_template_of_their_route_and_by_status(owner: Client, served: Served) -> None:
    route = "/api/v1/probe/notes/{note_id}"
    labels = {"method": "GET", "route": route}
    before = await number(owner, "mainstay_requests_total", status="404", **labels)
    timed = await number(owner, "mainstay_request_seconds_count", **labels)

    for _ in range(5):
        await owner.get(f"/api/v1/probe/notes/{ids.new_id()}")

    assert await number(owner, "mainstay_requests_total", status="404", **labels) == before + 5
    assert await number(owner, "mainstay_request_seconds_count", **labels) == timed + 5
    assert await number(owner, "mainstay_request_seconds_bucket", le="+Inf", **labels) == timed + 5


async def test_addresses_that_are_no_routes_are_one_place(api: Client, served: Served) -> None:
    """Whoever asks for a million made-up addresses makes one number, not a million."""
    labels = {"method": "elsewhere", "route": "elsewhere", "status": "404"}
    before = await number(api, "mainstay_requests_total", **labels)

    for _ in range(3):
        await api.get(f"/api/v1/made-up/{ids.new_id()}.txt")

    assert await number(api, "mainstay_requests_total", **labels) == before + 3
