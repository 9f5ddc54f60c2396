"""What is told of a call: numbers with a histogram, a line of the log and a span, and nothing of what was said."""

import pytest
import structlog

from mainstay.net.calls import CALLS, DURATION, GIVEN_UP, SECONDS, told
from mainstay.net.failures import LEFT_ALONE
from mainstay.observe.counters import Counters
from mainstay.observe.traces import SERVER, Span, Tracer

NAME = "smtp://mail.example:587"


class Down(Exception):
    """The partner is ill."""


def call(counters: Counters, outcome: str) -> None:
    """Make a call that ends so; one that ends in `down` raises."""
    with told(counters, NAME, "mail") as made:
        made.outcome = outcome
        if outcome == "down":
            raise Down


def test_a_call_is_counted_timed_logged_and_part_of_the_trace() -> None:
    counters, spans = Counters(), list[Span]()
    with structlog.testing.capture_logs() as lines, Tracer(1.0, spans.append).running("job", SERVER, None) as first:
        call(counters, "ok")
        with pytest.raises(Down):
            call(counters, "down")
        call(counters, LEFT_ALONE)

    assert [(line["host"], line["method"], line["outcome"], line["log_level"]) for line in lines] == [
        (NAME, "mail", "ok", "info"),
        (NAME, "mail", "down", "warning"),
        (NAME, "mail", LEFT_ALONE, "warning"),
    ]
    calls = [(each.parent_id, each.name, each.failure, each.attributes["mainstay.outcome"]) for each in spans[:-1]]
    ends = ((None, "ok"), ("Down", "down"), (LEFT_ALONE, LEFT_ALONE))
    assert calls == [(first.span_id, "mail", *each) for each in ends]
    assert spans[0].attributes == {"server.address": NAME, "mainstay.outcome": "ok"}
    text = counters.text(has_exemplars=True).splitlines()
    assert f'{DURATION}_count{{destination="{NAME}"}} 2' in text, "one that is not made takes no time"
    assert any(line.startswith(f"{DURATION}_bucket") and f'trace_id="{first.trace_id}"' in line for line in text)
    assert any(line.startswith(f"{SECONDS}{{") for line in text)


def test_one_that_nobody_waited_for_is_told_as_that() -> None:
    counters = Counters()
    with pytest.raises(GeneratorExit), told(counters, NAME, "mail"):
        raise GeneratorExit
    assert counters.value(CALLS, destination=NAME, outcome=GIVEN_UP) == 1
