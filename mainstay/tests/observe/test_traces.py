"""Traces: which parents are believed, which traces are recorded, and how spans hang together."""

import asyncio

import pytest

from mainstay.observe import traces
from mainstay.observe.traces import INTERNAL, MOST_SPANS, SERVER, Parent, Span, Tracer, current, span, traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"  # pragma: allowlist secret
ABOVE = "00f067aa0ba902b7"
GIVEN = f"00-{TRACE}-{ABOVE}-01"


@pytest.fixture
def ended() -> list[Span]:
    return []


@pytest.fixture
def tracer(ended: list[Span]) -> Tracer:
    return Tracer(1.0, ended.append)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GIVEN, Parent(TRACE, ABOVE, is_sampled=True)),
        (f"00-{TRACE}-{ABOVE}-00", Parent(TRACE, ABOVE, is_sampled=False)),
        (f"00-{TRACE}-{ABOVE}-03", Parent(TRACE, ABOVE, is_sampled=True)),
        (f"cc-{TRACE}-{ABOVE}-01-what-the-future-brings", Parent(TRACE, ABOVE, is_sampled=True)),
    ],
)
def test_a_parent_of_the_form_of_w3c_is_believed(text: str, expected: Parent) -> None:
    assert Parent.of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "00", GIVEN.upper(), GIVEN + "-", GIVEN[:-1], f" {GIVEN}", f"{GIVEN}\n"),
        *(f"ff-{TRACE}-{ABOVE}-01", f"00-{'0' * 32}-{ABOVE}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}-{ABOVE}-0g"),
        f"cc-{TRACE}-{ABOVE}-01-{'a' * 600}",
    ],
)
def test_what_is_no_parent_is_none(text: str | None) -> None:
    assert Parent.of(text) is None


def test_without_a_trace_a_span_is_nothing() -> None:
    with span("step") as step:
        assert (step, current.get(), traceparent()) == (None, None, None)


def test_spans_hang_below_each_other_and_end_from_the_inside_out(tracer: Tracer, ended: list[Span]) -> None:
    with tracer.running("request", SERVER, Parent.of(GIVEN)) as first:
        with span("outer") as outer:
            traces.note_statement("  SELECT\n 1", 0.25, None)
        assert current.get() is first
    assert outer is not None
    assert [(each.name, each.parent_id) for each in ended] == [
        ("SELECT", outer.span_id),
        ("outer", first.span_id),
        ("request", ABOVE),
    ]
    assert {each.trace_id for each in ended} == {TRACE}
    statement = ended[0]
    assert statement.attributes["db.query.text"] == "SELECT\n 1"
    assert statement.moments[1] - statement.moments[0] == pytest.approx(0.25e9, rel=0.05)


def test_what_is_raised_is_the_spans_failure_and_goes_on(tracer: Tracer, ended: list[Span]) -> None:
    with pytest.raises(LookupError), tracer.running("request", SERVER, None), span("inner"):
        raise LookupError("somebody's name")
    assert [each.failure for each in ended] == ["LookupError", "LookupError"]
    assert current.get() is None


@pytest.mark.parametrize(("flag", "count"), [("01", 2), ("00", 0)])
def test_the_parent_decides_whether_its_trace_is_recorded(ended: list[Span], flag: str, count: int) -> None:
    tracer = Tracer(0.0 if flag == "01" else 1.0, ended.append)
    with tracer.running("request", SERVER, Parent.of(GIVEN[:-2] + flag)) as first, span("inner"):
        traces.note_statement("SELECT 1", 0.1, None)
        told = traceparent()
    assert len(ended) == (3 if count else 0)
    assert told is not None
    assert told.startswith(f"00-{TRACE}-")
    assert told.endswith(flag)
    assert first.trace_id == TRACE


def test_without_a_parent_the_ratio_decides_and_each_trace_has_an_id_of_its_own(ended: list[Span]) -> None:
    tracer = Tracer(0.25, ended.append)
    begun = [tracer.begin("request", SERVER, None) for _ in range(2000)]
    for each in begun:
        each.end()
    assert 380 <= len(ended) <= 620
    assert len({each.trace_id for each in begun}) == 2000
    assert all(Parent.of(each.traceparent) is not None for each in begun)


def test_a_trace_without_end_is_cut_off(tracer: Tracer, ended: list[Span]) -> None:
    with tracer.running("request", SERVER, None):
        for _ in range(MOST_SPANS + 5):
            traces.note_statement("SELECT 1", 0.0, None)
    assert len(ended) == MOST_SPANS


async def test_side_by_side_no_trace_takes_anothers_spans(tracer: Tracer, ended: list[Span]) -> None:
    async def work(number: int) -> tuple[int, str]:
        with tracer.running(f"work {number}", INTERNAL, None) as first:
            for _ in range(number % 3 + 1):
                with span(f"step {number}"):
                    await asyncio.sleep(0)
                    traces.note_statement(f"SELECT {number}", 0.0, None)
        return number, first.trace_id

    for number, trace_id in await asyncio.gather(*map(work, range(200))):
        names = {each.name for each in ended if each.trace_id == trace_id}
        texts = {each.attributes.get("db.query.text") for each in ended if each.trace_id == trace_id}
        assert names == {f"work {number}", f"step {number}", "SELECT"}
        assert texts == {None, f"SELECT {number}"}
