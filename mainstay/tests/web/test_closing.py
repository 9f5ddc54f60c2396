"""Streams end when the program stops, when their caller leaves, and when they have no more to say."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI, Request
from probe.served import Served, client_of, serving

from mainstay.testing.client import Client
from mainstay.web.closing import Closing, until_closing

IN_USE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'probe-api' AND state <> 'idle'"


async def lines(client: Client, count: int) -> list[str]:
    """Return the first lines of the stream of ticks that say something."""
    found: list[str] = []
    async with client.stream("GET", "/api/v1/trouble/ticks") as reply:
        assert reply.headers["Content-Type"].startswith("text/event-stream")
        async for line in reply.aiter_lines():
            if line:
                found.append(line)
            if len(found) == count:
                break
    return found


async def test_events_arrive_one_by_one_with_their_names(owner: Client) -> None:
    assert await lines(owner, 4) == [
        "event: tick",
        'data: {"number": 1}',
        "event: tick",
        'data: {"number": 2}',
    ]


async def test_a_stream_that_has_no_more_to_say_ends(owner: Client) -> None:
    reply = await owner.get("/api/v1/trouble/ticks", params={"count": 3, "pause": 0})

    assert reply.text.count("event: tick") == 3


async def test_a_stream_needs_its_right_like_any_other_route(api: Client) -> None:
    assert (await api.get("/api/v1/trouble/ticks")).status_code == 401


async def test_twenty_open_streams_hold_no_connection(owner: Client, served: Served) -> None:
    """More streams than connections: between two events they hold none."""
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(owner.stream("GET", "/api/v1/trouble/ticks?pause=5")) for _ in range(20)
        ]
        for stream in streams:
            assert "tick" in await anext(stream.aiter_lines())

        assert (await owner.get("/api/v1/probe/notes")).status_code == 200
        # What has just answered may not yet have come to rest; a stream would hold its connection for all of its pause.
        for _ in range(150):
            if served.ask(IN_USE) == 0:
                break
            await asyncio.sleep(0.02)
        assert served.ask(IN_USE) == 0


async def test_a_stop_ends_open_streams_and_the_program_at_once(probe_database_url: str, tmp_path: Path) -> None:
    with serving(probe_database_url, tmp_path) as served:
        owner = client_of(served, "token-of-the-owner")
        async with owner, owner.stream("GET", "/api/v1/trouble/ticks?pause=60") as reply:
            found = reply.aiter_lines()
            assert await anext(found) == "event: tick"
            served.process.send_signal(signal.SIGTERM)
            began = time.perf_counter()
            rest = [line async for line in found]
        code = await asyncio.to_thread(served.process.wait, 10)

    assert rest == ['data: {"number": 1}', ""]
    assert code == 0
    assert time.perf_counter() - began < 8
    line = served.line(logger="access", route="/api/v1/trouble/ticks")
    assert line["status"] == 200


# -- without a server --------------------------------------------------------------------------------------------------


def request_of(closing: Closing) -> Request:
    """Return a request to a program that may be about to stop."""
    app = cast(FastAPI, SimpleNamespace(state=SimpleNamespace(closing=closing)))
    return Request({"type": "http", "app": app})


class Source:
    """Numbers from 1 that come at once up to `ready`, and then never."""

    def __init__(self, ready: int) -> None:
        self.is_closed = False
        self._ready = ready

    async def numbers(self) -> AsyncIterator[int]:
        try:
            for number in range(1, self._ready + 1):
                yield number
            await asyncio.Event().wait()
        finally:
            self.is_closed = True


async def test_what_waits_for_the_next_item_ends_when_the_program_stops() -> None:
    closing, source = Closing(), Source(ready=1)
    found = until_closing(request_of(closing), source.numbers())
    assert await anext(found) == 1
    waiting = asyncio.ensure_future(anext(found, None))
    await asyncio.sleep(0)
    assert not waiting.done()

    closing.set()

    assert await asyncio.wait_for(waiting, 5) is None
    assert source.is_closed


async def test_a_program_that_is_about_to_stop_begins_no_stream() -> None:
    closing, source = Closing(), Source(ready=1)
    closing.set()

    assert [number async for number in until_closing(request_of(closing), source.numbers())] == []


async def test_whoever_stops_listening_closes_the_source() -> None:
    source = Source(ready=5)
    found = cast(Any, until_closing(request_of(Closing()), source.numbers()))
    assert await anext(found) == 1

    await found.aclose()

    assert source.is_closed


async def test_a_failing_source_fails_the_stream() -> None:
    async def broken() -> AsyncIterator[int]:
        yield 1
        raise RuntimeError("no more")

    found = until_closing(request_of(Closing()), broken())
    assert await anext(found) == 1

    with pytest.raises(RuntimeError, match="no more"):
        await anext(found)


async def test_a_signal_is_heard_and_then_handed_to_whoever_handled_it_before() -> None:
    heard: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGTERM, handle)
    closing = Closing()
    try:
        with closing.heard():
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(closing.wait(), 5)
        assert signal.getsignal(signal.SIGTERM) is handle
    finally:
        signal.signal(signal.SIGTERM, before)

    assert heard == [signal.SIGTERM]
    assert closing.is_set


def test_a_signal_that_nobody_handles_still_ends_the_process() -> None:
    script = """
import asyncio, os, signal
from mainstay.web.closing import Closing

async def main():
    with Closing().heard():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(30)

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=20)

    assert done.returncode == -signal.SIGTERM


async def test_outside_the_main_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def run() -> object:
        with Closing().heard():
            return signal.getsignal(signal.SIGTERM)

    assert await asyncio.to_thread(run) == before
