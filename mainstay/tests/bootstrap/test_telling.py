"""What a process tells of itself: nothing where nothing is set, and otherwise who it is."""

from io import BytesIO

import orjson
import pytest
import structlog
from probe.main import make_program

from mainstay.bootstrap.telling import BROWSERS_A_MINUTE, Telling
from mainstay.observe.counters import Counters
from mainstay.observe.logs import configure_logging
from mainstay.observe.traces import SERVER
from mainstay.observe.tracker import BROWSER
from mainstay.testing.collector import Collector, until
from mainstay.testing.receiver import Receiver


def telling(monkeypatch: pytest.MonkeyPatch, counters: Counters, **settings: str) -> Telling:
    for name, value in settings.items():
        monkeypatch.setenv(f"PROBE_{name}", value)
    program = make_program()
    return Telling.of(program, program.configuration(), counters, "api")


async def test_where_nothing_is_set_nothing_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = telling(monkeypatch, Counters())

    assert nothing == Telling(None, None, None)
    async with nothing.sent():
        structlog.get_logger("bakery").error("nobody gathers this")


async def test_traces_say_whose_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters()
    async with Collector() as collector:
        settings = {"TRACES_URL": collector.url, "TRACES_SECONDS": "0.01", "TRACES_HEADERS": "X-Team=bakers"}
        told = telling(monkeypatch, counters, **settings)
        assert told.tracer is not None
        async with told.sent():
            told.tracer.begin("step", SERVER, None).end()
            await until(lambda: bool(collector.spans))
        assert collector.receiver.got[0].headers["x-team"] == "bakers"
    (span,) = collector.spans
    assert (span.name, span.kind, span.failure) == ("step", "server", None)
    assert (span.whose["service.name"], span.whose["service.version"]) == ("probe", "1.2.3")
    assert (span.whose["mainstay.role"], span.whose["deployment.environment.name"]) == ("api", "development")
    assert counters.value("mainstay_spans_sent_total") == 1


async def test_the_ratio_of_the_settings_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    told = telling(monkeypatch, Counters(), TRACES_URL="http://127.0.0.1:1", TRACES_RATIO="0")

    assert told.tracer is not None
    assert told.tracer.begin("step", SERVER, None).traceparent.endswith("-00")


async def test_errors_reach_the_tracker_with_the_key_and_those_at_the_end_too(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    counters = Counters()
    told = telling(monkeypatch, counters, ERRORS_DSN=f"http://some-key@127.0.0.1:{receiver.port}/7")
    configure_logging("info", BytesIO())
    async with told.sent():
        structlog.get_logger("bakery").error("it failed")

    (got,) = receiver.got
    assert got.line == "POST /api/7/envelope/ HTTP/1.1"
    assert got.headers["x-sentry-auth"].endswith("sentry_key=some-key")
    event = orjson.loads(got.body.split(b"\n")[2])
    assert (event["release"], event["environment"], event["tags"]["role"]) == ("probe@1.2.3", "development", "api")
    assert counters.value("mainstay_errors_sent_total") == 1


async def test_what_browsers_report_neither_floods_the_tracker_nor_crowds_out_our_own(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """Anybody may report, from many addresses; what a tracker takes costs money, and its queue is short."""
    counters = Counters()
    settings = {"ERRORS_DSN": f"http://k@127.0.0.1:{receiver.port}/7", "ERRORS_QUEUE": "40"}
    told = telling(monkeypatch, counters, **settings)
    configure_logging("info", BytesIO())
    async with told.sent():
        for number in range(100):
            structlog.get_logger(BROWSER).error("browser error", kind=f"Forged{number}")
        structlog.get_logger("bakery").error("it failed")

    events = [orjson.loads(got.body.split(b"\n")[2]) for got in receiver.got]
    assert [each["logger"] for each in events] == [BROWSER] * BROWSERS_A_MINUTE + ["bakery"]
    assert counters.value("mainstay_errors_dropped_total", reason="browsers") == 100 - BROWSERS_A_MINUTE
