"""Spans on their way to a collector: in batches, bounded, tried again where asked for, and none lost at a stop."""

import pytest
from pydantic import SecretStr

from mainstay import clock
from mainstay.errors import ConfigurationError
from mainstay.net import span_export
from mainstay.net.span_export import BATCH, DROPPED, SENT, SpanExporter, TraceSettings
from mainstay.observe.counters import Counters
from mainstay.observe.traces import SERVER, Tracer
from mainstay.testing.collector import Collector, until
from mainstay.testing.receiver import Answer, Receiver


def exporter_to(url: str, counters: Counters, **settings: object) -> SpanExporter:
    """Return an exporter that sends soon."""
    stated = TraceSettings.model_validate({"url": url, "seconds": 0.01, **settings})
    assert stated.url is not None
    return SpanExporter(stated, stated.url, {"service.name": "bakery"}, counters)


def trace(exporter: SpanExporter, count: int = 1) -> None:
    """Have some spans end."""
    tracer = Tracer(1.0, exporter.take)
    for number in range(count):
        tracer.begin(f"step {number}", SERVER, None).end()


async def test_spans_reach_the_collector_with_its_headers_and_in_batches() -> None:
    counters = Counters()
    async with Collector() as collector:
        exporter = exporter_to(collector.url, counters, headers=SecretStr("Authorization=Bearer a=b, X-Team = bakers"))
        trace(exporter, BATCH + 1)
        async with exporter.running():
            await until(lambda: len(collector.spans) == BATCH + 1)
    assert [each.name for each in collector.spans] == [f"step {number}" for number in range(BATCH + 1)]
    assert {each.whose["service.name"] for each in collector.spans} == {"bakery"}
    first, second = collector.receiver.got
    assert (first.headers["authorization"], first.headers["x-team"]) == ("Bearer a=b", "bakers")
    assert len(second.body) < len(first.body) / 100
    assert counters.value(SENT) == BATCH + 1


async def test_what_has_not_been_sent_at_a_stop_is_sent_then() -> None:
    counters = Counters()
    async with Collector() as collector:
        exporter = exporter_to(collector.url, counters, seconds=60)
        async with exporter.running():
            trace(exporter, 3)
        assert len(collector.spans) == 3


async def test_a_collector_that_hangs_holds_up_no_stop_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_export, "STOP_SECONDS", 0.2)
    async with Receiver([Answer(manner="never")]) as receiver:
        exporter = exporter_to(f"http://127.0.0.1:{receiver.port}", Counters())
        trace(exporter)
        async with exporter.running():
            await receiver.wait_for(1)
            began = clock.monotonic()
        assert clock.monotonic() - began < 2


async def test_when_too_many_wait_new_ones_are_dropped_and_counted() -> None:
    counters = Counters()
    async with Collector() as collector:
        exporter = exporter_to(collector.url, counters, queue=10)
        trace(exporter, 15)
        async with exporter.running():
            await until(lambda: len(collector.spans) == 10)
    assert counters.value(DROPPED, reason="too_many") == 5


async def test_a_collector_that_asks_for_it_gets_the_same_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_export, "FIRST_PAUSE", 0.001)
    counters = Counters()
    async with Receiver([Answer(503), Answer(429), Answer(200)]) as receiver:
        exporter = exporter_to(f"http://127.0.0.1:{receiver.port}", counters)
        trace(exporter)
        async with exporter.running():
            got = await receiver.wait_for(3)
            await until(lambda: bool(counters.value(SENT)))
    assert len({each.body for each in got}) == 1
    assert counters.value(DROPPED, reason="not_taken") == 0


@pytest.mark.parametrize("answers", [[Answer(400)], [Answer(503)] * 4])
async def test_what_the_collector_does_not_take_is_dropped_and_counted(
    answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(span_export, "FIRST_PAUSE", 0.001)
    counters = Counters()
    async with Receiver(answers) as receiver:
        exporter = exporter_to(f"http://127.0.0.1:{receiver.port}", counters)
        trace(exporter, 2)
        async with exporter.running():
            await until(lambda: bool(counters.value(DROPPED, reason="not_taken")))
    assert counters.value(DROPPED, reason="not_taken") == 2
    assert len(receiver.got) == (1 if answers[0].status == 400 else span_export.TRIES)
    assert counters.value(SENT) == 0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://collector:4318", "http://collector:4318/v1/traces"),
        ("http://collector:4318/", "http://collector:4318/v1/traces"),
        ("https://otlp.example/own/way", "https://otlp.example/own/way"),
    ],
)
def test_the_path_that_collectors_have_is_added_where_none_is(url: str, expected: str) -> None:
    assert TraceSettings(url=url).url == expected


@pytest.mark.parametrize(("name", "value"), [("URL", "collector:4318"), ("URL", "grpc://a"), ("RATIO", "1.5")])
def test_settings_that_do_not_fit_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"BAKERY_TRACES_{name}", value)
    with pytest.raises(ConfigurationError, match=f"BAKERY_TRACES_{name}"):
        TraceSettings.load("bakery")
