"""The access log: one line per request, with what is needed to find it and nothing that is secret."""

import asyncio

import pytest
from probe.served import Served

from mainstay import ids
from mainstay.testing.client import Client


@pytest.mark.practice(57)
async def test_a_call_leaves_one_line_with_route_status_time_and_user(owner: Client, served: Served) -> None:
    name, note = ids.new_id().hex, ids.new_id()

    reply = await owner.get(f"/api/v1/probe/notes/{note}?limit=5", headers={"X-Request-ID": name})

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
