"""The trace of a request: whose it continues, what it says, what the reply tells of it, and that none are mixed."""

import asyncio

import httpx2
import orjson
import pytest
from kiosk import KioskFactory
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.testing import capture_logs

from mainstay.observe.counters import Counters
from mainstay.observe.logs import render
from mainstay.observe.slowest import Slowest
from mainstay.observe.statements import Statements, in_hand
from mainstay.observe.traces import Parent, Span, Tracer, span
from mainstay.web.access_log import AccessLog
from mainstay.web.request_id import RequestId
from mainstay.web.tracing import Tracing

TRACE, ABOVE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"  # pragma: allowlist secret


async def test_a_request_is_a_span_of_its_route_and_the_reply_tells_which(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk()

    reply = await kiosk.at("10.0.0.1", "ada").get("/things?secret=1", headers={"X-Request-ID": "r-1"})

    (step,) = kiosk.spans
    told = Parent.of(reply.headers["traceresponse"])
    assert told == Parent(step.trace_id, step.span_id, is_sampled=True)
    assert (step.name, step.kind, step.parent_id, step.failure) == ("GET /things", 2, "", None)
    assert step.attributes == {
        "http.response.status_code": 200,
        "http.request.method": "GET",
        "url.path": "/things",
        "mainstay.request_id": "r-1",
        "http.route": "/things",
        "mainstay.actor_id": "00000000-0000-0000-0000-000000000001",
    }


async def test_what_is_somebodys_in_a_path_is_not_told(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk()

    await kiosk.at("10.0.0.1").get("/nowhere/ada@shop.example/4111111111111111")

    (step,) = kiosk.spans
    assert step.attributes["url.path"] == "/nowhere/[redacted]/[redacted]"


@pytest.mark.parametrize(
    ("given", "trace_id", "count"),
    [(f"00-{TRACE}-{ABOVE}-01", TRACE, 1), (f"00-{TRACE}-{ABOVE}-00", TRACE, 1), ("00-nonsense", None, 1)],
)
async def test_a_callers_trace_is_continued_and_nonsense_begins_a_new_one(
    open_kiosk: KioskFactory, given: str, trace_id: str | None, count: int
) -> None:
    kiosk = open_kiosk()

    reply = await kiosk.at("10.0.0.1").get("/open", headers={"traceparent": given})

    told = Parent.of(reply.headers["traceresponse"])
    assert told is not None
    assert (told.trace_id == TRACE) == (trace_id is not None)
    assert [each.parent_id for each in kiosk.spans] == [ABOVE if trace_id else ""] * count


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize(("ratio", "flag"), [(0.0, "01"), (1.0, "00")])
async def test_only_where_callers_are_followed_do_they_decide_what_is_recorded(
    ratio: float, flag: str, *, follows: bool
) -> None:
    """Anybody may write the flag, and picks the id by whose digits a ratio would decide."""
    spans: list[Span] = []

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = Tracing(answer, Tracer(ratio, spans.append, follows=follows))
    for trace_id in (TRACE, f"{TRACE[:16]}{'0' * 15}1", f"{TRACE[:16]}{'f' * 16}"):
        reply = await call(app, "r", {"traceparent": f"00-{trace_id}-{ABOVE}-{flag}"})
        told = Parent.of(reply.headers["traceresponse"])
        assert told is not None
        assert (told.trace_id, told.is_sampled) == (trace_id, (flag == "01") if follows else ratio == 1)

    assert len(spans) == (3 if (flag == "01" if follows else ratio == 1) else 0)


async def test_a_bucket_of_seconds_names_the_newest_request_whose_trace_is_recorded() -> None:
    """A trace that nobody recorded leads nowhere."""
    counters, spans = Counters(), list[Span]()

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = Tracing(
        AccessLog(answer, counters, Statements(counters, 1.0, 20), Slowest()), Tracer(0.0, spans.append, follows=True)
    )
    for trace_id, flag in ((TRACE[::-1], "01"), (TRACE, "01"), ("1" * 32, "00")):
        await call(app, "r", {"traceparent": f"00-{trace_id}-{ABOVE}-{flag}"})

    (newest,) = {line.partition(" # ")[2] for line in counters.text(has_exemplars=True).splitlines() if " # " in line}
    assert newest.startswith(f'{{trace_id="{TRACE}"}} ')
    assert float(newest.split()[-1]) == pytest.approx(spans[1].moments[0] / 1e9, abs=0.002)


async def test_health_checks_are_no_traces(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk(metrics_token="a token for the scraper")

    for path in ("/health/live", "/metrics"):
        reply = await kiosk.at("10.0.0.1").get(path)
        assert "traceresponse" not in reply.headers

    assert kiosk.spans == []


async def test_an_address_that_is_no_routes_names_no_span(open_kiosk: KioskFactory) -> None:
    kiosk = open_kiosk()

    await kiosk.at("10.0.0.1").get("/somewhere/17")

    assert [(each.name, each.attributes["url.path"]) for each in kiosk.spans] == [("GET", "/somewhere/17")]


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 405)])
async def test_a_ticket_in_a_path_is_neither_in_a_trace_nor_in_the_log(
    open_kiosk: KioskFactory, method: str, status: int
) -> None:
    """Whoever has it gets the file: nobody who reads logs or traces may use it."""
    kiosk = open_kiosk()

    with capture_logs() as lines:
        reply = await kiosk.at("10.0.0.1").request(method, "/linked/opens-the-file")

    assert reply.status_code == status
    assert kiosk.spans[0].attributes["url.path"] == "/linked/{ticket}"
    assert [line["path"] for line in lines if line["event"] == "request"] == ["/linked/{ticket}"]
    assert "opens-the-file" not in str([lines, kiosk.spans[0].attributes, kiosk.spans[0].name])


@pytest.mark.parametrize(("status", "failure"), [(200, None), (404, None), (503, "status 503")])
async def test_an_answer_that_is_the_servers_fault_fails_the_span(status: int, failure: str | None) -> None:
    spans: list[Span] = []

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    await call(Tracing(answer, Tracer(1.0, spans.append)), "r")

    assert [each.failure for each in spans] == [failure]


async def call(app: ASGIApp, name: str, also: dict[str, str] | None = None) -> httpx2.Response:
    """Ask for /a under a request id."""
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get("/a", headers={"X-Request-ID": name, **(also or {})})


async def test_200_parallel_requests_keep_their_traces_in_spans_statements_and_lines() -> None:
    spans: list[Span] = []

    async def work(_scope: Scope, _receive: Receive, send: Send) -> None:
        lines = []
        for number in range(3):
            with span(f"step {number}"):
                await asyncio.sleep(0)
                tally = in_hand.get()
                assert tally is not None
                tally.note("SELECT 1", 0.0)
                lines.append(orjson.loads(render("info", "test", "line", {})))
        found = sorted({f"{line['request_id']} {line['trace_id']}" for line in lines})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": "\n".join(found).encode()})

    seen = AccessLog(work, Counters(), Statements.of_nobody(), Slowest())
    app = RequestId(Tracing(seen, Tracer(1.0, spans.append)))
    names = [f"call-{number}" for number in range(200)]

    replies = await asyncio.gather(*(call(app, name) for name in names))

    for name, reply in zip(names, replies, strict=True):
        told = Parent.of(reply.headers["traceresponse"])
        assert told is not None
        assert reply.text == f"{name} {told.trace_id}"
        own = [each for each in spans if each.trace_id == told.trace_id]
        first = next(each for each in own if each.span_id == told.span_id)
        steps = [each for each in own if each.parent_id == first.span_id]
        assert first.attributes["mainstay.request_id"] == name
        assert [each.name for each in steps] == ["step 0", "step 1", "step 2"]
        statements = [each for each in own if each.name == "SELECT"]
        assert [each.parent_id for each in statements] == [each.span_id for each in steps]
        assert len(own) == 7
