"""Overload at the front door: what can wait is refused quickly, what is urgent passes, and health answers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from kiosk import Kiosk, KioskFactory
from structlog.testing import capture_logs

from mainstay.web.access_log import REQUESTS, SECONDS
from mainstay.web.overload import layer
from mainstay.web.overload.gate import Bounds, Gate
from mainstay.web.overload.layer import DETAIL, REFUSED, RETRY_AFTER, WAIT

TOKEN = "a token for the scraper"  # pragma: allowlist secret
SOON = 0.05
PATIENT = 60.0
SMALL = Bounds((4, 3, 2), waiting=8, burst=SOON, standing=SOON)
REPORT, SHELF, SALE = "/reports", "/shelves", "/sales"


@pytest.fixture
async def kiosk(open_kiosk: KioskFactory) -> AsyncIterator[Kiosk]:
    """A shop with room for four, whose reports take for ever."""
    kiosk = open_kiosk(bounds=SMALL, metrics_token=TOKEN)
    kiosk.busy.held.add(REPORT)
    yield kiosk
    await kiosk.busy.release()


Asked = list["asyncio.Task[httpx2.Response]"]


def asked(client: httpx2.AsyncClient, path: str, count: int) -> Asked:
    method = "POST" if path == SALE else "GET"
    return [asyncio.create_task(client.request(method, path)) for _ in range(count)]


async def statuses(asked: Asked) -> list[int]:
    async with asyncio.timeout(10):
        return sorted([(await each).status_code for each in asked])


async def flooded(kiosk: Kiosk, client: httpx2.AsyncClient) -> tuple[Asked, list[int]]:
    """Ask for ten reports; return those that are at work, and how the others ended."""
    reports = asked(client, REPORT, 10)
    async with asyncio.timeout(10):
        while sum(each.done() for each in reports) < 8:
            await asyncio.wait([each for each in reports if not each.done()], return_when=asyncio.FIRST_COMPLETED)
    return [each for each in reports if not each.done()], await statuses([each for each in reports if each.done()])


async def test_while_reports_are_refused_payments_pass_and_health_answers(kiosk: Kiosk) -> None:
    client = kiosk.at("10.0.0.1")

    at_work, ended = await flooded(kiosk, client)
    payments = await statuses(asked(client, SALE, 20))
    lists = await statuses(asked(client, SHELF, 1))
    health = await client.get("/always")
    numbers = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert ended == [503] * 8
    assert kiosk.busy.begun.count(REPORT) == 2
    assert (payments, lists) == ([200] * 20, [200])
    assert (health.status_code, numbers.status_code) == (200, 200)
    await kiosk.busy.release()
    assert await statuses(at_work) == [200, 200]
    assert (await client.get(REPORT)).status_code == 200


async def test_without_the_gate_every_report_is_begun(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: there is room for everybody."""
    monkeypatch.setattr(Gate, "_has_room", lambda _gate, _urgency: True)
    client = kiosk.at("10.0.0.1")

    reports = asked(client, REPORT, 10)
    await kiosk.busy.until(*[REPORT] * 10)
    await kiosk.busy.release()

    assert await statuses(reports) == [200] * 10


async def test_a_refusal_is_a_problem_that_says_when_to_come_back(kiosk: Kiosk) -> None:
    client = kiosk.at("10.0.0.1")
    await flooded(kiosk, client)

    refused = await client.get(REPORT, headers={"X-Request-ID": "mine"})

    assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) in RETRY_AFTER
    assert refused.json() == {
        "type": "/api/problems#overloaded",
        "title": "Too much is being asked at the moment",
        "status": 503,
        "code": "overloaded",
        "detail": DETAIL,
        "request_id": "mine",
    }
    assert (refused.headers["X-Request-ID"], refused.headers["Cache-Control"]) == ("mine", "no-store")
    assert refused.headers["X-Frame-Options"] == "DENY"


async def test_those_who_are_refused_do_not_come_back_all_at_once(kiosk: Kiosk) -> None:
    client = kiosk.at("10.0.0.1")
    await flooded(kiosk, client)

    refused = [await client.get(REPORT) for _ in RETRY_AFTER]

    assert sorted(int(each.headers["Retry-After"]) for each in refused) == list(RETRY_AFTER)


async def test_refusals_are_counted_and_told_in_one_line(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    # The lines of kiosks of earlier tests, which are of the same loop, are written by then.
    await asyncio.sleep(layer.TELL_SECONDS)
    # Longer than a busy machine stands still.
    monkeypatch.setattr(layer, "TELL_SECONDS", 2.0)
    client = kiosk.at("10.0.0.1")

    with capture_logs() as lines:
        await flooded(kiosk, client)
        async with asyncio.timeout(10):
            while not (told := [line for line in lines if line["event"] == "more was asked than could be done"]):  # noqa: ASYNC110  nobody tells when a line is written
                await asyncio.sleep(0.01)

    where = {"method": "GET", "route": REPORT}
    assert kiosk.counters.value(REFUSED, **where, urgency="last") == 8
    assert kiosk.counters.value(REQUESTS, **where, status="503") == 8
    assert [(line["log_level"], line["last"]) for line in told] == [("warning", 8)]


async def test_what_waited_is_let_in_and_its_wait_is_part_of_its_time(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=PATIENT, standing=PATIENT))
    kiosk.busy.held.add(SHELF)
    client = kiosk.at("10.0.0.1")
    [first] = asked(client, SHELF, 1)
    await kiosk.busy.until(SHELF)
    [second] = asked(client, REPORT, 1)
    await asyncio.sleep(SOON)

    assert not second.done()
    await kiosk.busy.release()

    assert await statuses([first, second]) == [200, 200]
    wait = kiosk.counters.histogram(WAIT, urgency="last")
    taken = kiosk.counters.histogram(SECONDS, method="GET", route=REPORT)
    assert sum(wait.counts) == 1
    assert SOON * 0.9 <= wait.total <= taken.total


async def test_what_is_no_operation_is_refused_too(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=0, burst=SOON, standing=SOON))
    kiosk.busy.held.add(SHELF)
    client = kiosk.at("10.0.0.1")
    [shelf] = asked(client, SHELF, 1)
    await kiosk.busy.until(SHELF)

    refused = await client.get("/somewhere")
    too_long = await client.get(f"/{'a' * 20_000}")

    await kiosk.busy.release()
    assert [refused.json()["code"], too_long.json()["code"]] == ["overloaded"] * 2
    assert kiosk.counters.value(REFUSED, method="elsewhere", route="elsewhere", urgency="usual") == 2
    assert await statuses([shelf]) == [200]
    assert "Not built yet" in (await client.get("/somewhere")).text, "there is no web app here"


class Caller:
    """Calls an application by hand: sends its body when the test says so, and hears what comes."""

    def __init__(self, kiosk: Kiosk, method: str, path: str, body: bytes = b"") -> None:
        self._kiosk = kiosk
        self._body: asyncio.Queue[bytes] = asyncio.Queue()
        self.begun = asyncio.Event()
        # What is sent is taken while this is set.
        self.takes = asyncio.Event()
        self.takes.set()
        self.is_read = asyncio.Event()
        self.status = 0
        self.answer = b""
        length = [(b"content-length", str(len(body)).encode())] if body else []
        self._scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"content-type", b"application/json"), *length],
            "client": ("10.0.0.9", 1),
            "scheme": "http",
            "http_version": "1.1",
            "app": kiosk.app,
        }
        self.task = asyncio.create_task(self._call())

    async def _call(self) -> None:
        stack = self._kiosk.app.middleware_stack
        assert stack is not None
        await stack(self._scope, self._receive, self._send)

    def send(self, body: bytes) -> None:
        """Send the body."""
        self._body.put_nowait(body)

    async def _receive(self) -> Any:  # noqa: ANN401  an ASGI message
        self.is_read.set()
        return {"type": "http.request", "body": await self._body.get(), "more_body": False}

    async def _send(self, message: Any) -> None:  # noqa: ANN401  an ASGI message
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.begun.set()
            return
        self.answer += message.get("body", b"")
        await self.takes.wait()

    async def end(self) -> tuple[int, bytes]:
        """Return what was answered."""
        async with asyncio.timeout(10):
            await self.task
        return self.status, self.answer


BODY = b'{"email": "ada"}'


async def test_slow_senders_keep_nobody_out(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=PATIENT, standing=PATIENT))
    slow = [Caller(kiosk, "POST", "/letters", BODY) for _ in range(8)]

    async with asyncio.timeout(10):
        await slow[0].is_read.wait()
        assert (await kiosk.at("10.0.0.1").get(SHELF)).status_code == 200
    for each in slow:
        each.send(BODY)

    assert [await each.end() for each in slow] == [(200, b'"ada"')] * 8


async def test_a_slow_sender_is_refused_when_there_is_no_place_any_more(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=SOON, standing=SOON))
    kiosk.busy.held.add(SHELF)
    slow = Caller(kiosk, "POST", "/letters", BODY)
    async with asyncio.timeout(10):
        await slow.is_read.wait()
    asked(kiosk.at("10.0.0.1"), SHELF, 1)
    await kiosk.busy.until(SHELF)

    slow.send(BODY)
    status, answer = await slow.end()

    await kiosk.busy.release()
    assert (status, b'"code":"overloaded"' in answer) == (503, True)
    assert kiosk.counters.value(REFUSED, method="POST", route="/letters", urgency="usual") == 1


async def test_a_refused_body_is_read_so_that_the_refusal_is_heard(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=0, burst=SOON, standing=SOON))
    kiosk.busy.held.add(SHELF)
    asked(kiosk.at("10.0.0.1"), SHELF, 1)
    await kiosk.busy.until(SHELF)
    sender = Caller(kiosk, "POST", "/letters", BODY)

    async with asyncio.timeout(10):
        await sender.begun.wait()
    is_reading = not sender.task.done()
    sender.send(BODY)

    await kiosk.busy.release()
    assert (is_reading, (await sender.end())[0]) == (True, 503)


async def test_a_stream_takes_no_place_once_it_has_begun(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=PATIENT, standing=PATIENT))
    kiosk.busy.held.add("/ticks")
    streams = [Caller(kiosk, "GET", "/ticks") for _ in range(3)]
    async with asyncio.timeout(10):
        for each in streams:
            await each.begun.wait()
        assert (await kiosk.at("10.0.0.1").get(SHELF)).status_code == 200

    assert not any(each.task.done() for each in streams)
    await kiosk.busy.release()
    for each in streams:
        each.send(b"")
    assert [(await each.end())[0] for each in streams] == [200] * 3


def slow_takers(kiosk: Kiosk, count: int) -> list[Caller]:
    """Have books asked for by callers who take no page before they are told to."""
    callers = [Caller(kiosk, "GET", "/books") for _ in range(count)]
    for each in callers:
        each.takes.clear()
    return callers


async def taken(callers: list[Caller]) -> list[tuple[int, bytes]]:
    """Have all that was asked for taken, and return it."""
    for each in callers:
        each.takes.set()
    return [await each.end() for each in callers]


async def test_who_takes_an_answer_slowly_keeps_nobody_out(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=PATIENT, standing=PATIENT))
    slow = slow_takers(kiosk, 3)

    async with asyncio.timeout(10):
        for each in slow:
            await each.begun.wait()
        assert (await kiosk.at("10.0.0.1").get(SHELF)).status_code == 200

    assert await taken(slow) == [(200, b"123")] * 3
    assert (await kiosk.at("10.0.0.1").get(SHELF)).status_code == 200


async def test_an_answer_that_has_begun_goes_on_where_there_is_no_place_any_more(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=8, burst=SOON, standing=SOON))
    slow = slow_takers(kiosk, 1)
    async with asyncio.timeout(10):
        await slow[0].begun.wait()
    kiosk.busy.held.add(SHELF)
    [shelf] = asked(kiosk.at("10.0.0.1"), SHELF, 1)
    await kiosk.busy.until(SHELF)

    assert await taken(slow) == [(200, b"123")]

    await kiosk.busy.release()
    assert await statuses([shelf]) == [200]
    assert (await kiosk.at("10.0.0.1").get(SHELF)).status_code == 200


async def test_every_place_is_given_back_whatever_comes_of_a_request(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(bounds=Bounds((1, 1, 1), waiting=0, burst=SOON, standing=SOON))
    client = kiosk.at("10.0.0.1")
    kiosk.busy.held.add(SHELF)
    [left] = asked(client, SHELF, 1)
    await kiosk.busy.until(SHELF)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    kiosk.busy.held.clear()

    found = [
        (await client.request(method, path)).status_code
        for method, path in (("GET", "/things"), ("POST", "/letters"), ("GET", "/nowhere"), ("GET", SHELF))
    ]

    assert found == [401, 422, 503, 200]
