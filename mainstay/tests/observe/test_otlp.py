"""Spans in OTLP's form; that a collector takes them is in `net/test_span_export.py`."""

import orjson
import pytest

from mainstay.observe.otlp import packed
from mainstay.observe.traces import CLIENT, SERVER, Span, Tracer, Value, span


def told(*spans: Span) -> list[dict[str, object]]:
    """Return the spans as they are sent."""
    (group,) = orjson.loads(packed({"service.name": "bakery"}, spans))["resourceSpans"]
    assert group["resource"] == {"attributes": [{"key": "service.name", "value": {"stringValue": "bakery"}}]}
    (scope,) = group["scopeSpans"]
    found: list[dict[str, object]] = scope["spans"]
    return found


def test_a_span_is_told_with_its_parent_and_its_failure() -> None:
    ended: list[Span] = []
    with pytest.raises(LookupError), Tracer(1.0, ended.append).running("GET /a", SERVER, None), span("call", CLIENT):
        raise LookupError
    inner, outer = told(*ended)
    assert (inner["name"], inner["kind"], inner["parentSpanId"]) == ("call", 3, outer["spanId"])
    assert inner["status"] == {"code": 2, "message": "LookupError"}
    assert "parentSpanId" not in outer
    assert int(str(outer["startTimeUnixNano"])) <= int(str(inner["startTimeUnixNano"]))
    assert int(str(inner["endTimeUnixNano"])) <= int(str(outer["endTimeUnixNano"]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", {"stringValue": "text"}),
        ("half \ud800", {"stringValue": "half ?"}),
        (True, {"boolValue": True}),
        (2**60, {"intValue": str(2**60)}),
        (0.5, {"doubleValue": 0.5}),
    ],
)
def test_values_have_the_form_of_their_kind(value: Value, expected: object) -> None:
    step = Tracer(1.0, lambda _: None).begin("a", SERVER, None)
    step.attributes["some"] = value
    (sent,) = told(step)
    assert sent["attributes"] == [{"key": "some", "value": expected}]
    assert "status" not in sent
