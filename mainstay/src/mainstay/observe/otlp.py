"""OTLP: spans in the form in which OpenTelemetry's collectors take them over HTTP, as JSON.

The form is OpenTelemetry's own (OTLP 1.x, JSON Protobuf encoding): ids in hexadecimal, 64-bit numbers as text.
"""

from collections.abc import Iterable, Mapping

import orjson

from mainstay.observe.traces import Span, Value

CONTENT_TYPE = "application/json"
SCOPE = "mainstay"
_FAILED = 2


def packed(resource: Mapping[str, Value], spans: Iterable[Span]) -> bytes:
    """Return the body of a request to `/v1/traces`: `spans`, and of whom they are."""
    scope = {"scope": {"name": SCOPE}, "spans": [_span(each) for each in spans]}
    return orjson.dumps({"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]})


def _span(span: Span) -> dict[str, object]:
    began, ended = span.moments
    told: dict[str, object] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(began),
        "endTimeUnixNano": str(ended),
        "attributes": _attributes(span.attributes),
    }
    if span.parent_id:
        told["parentSpanId"] = span.parent_id
    if span.failure is not None:
        told["status"] = {"code": _FAILED, "message": span.failure}
    return told


def _attributes(values: Mapping[str, Value]) -> list[dict[str, object]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    # Half of a surrogate pair, as a path may hold, is no text that anybody reads.
    return {"stringValue": value.encode("utf-8", "replace").decode()}
