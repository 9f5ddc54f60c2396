"""Every place of an operation where a caller can put something is known."""

from typing import Any

import pytest

from mainstay.testing.fuzz.places import targets, used

DESCRIPTION: dict[str, Any] = {
    "paths": {
        "/things/{thing_id}": {
            "parameters": [],
            "patch": {
                "operationId": "change",
                "parameters": [
                    {"name": "thing_id", "in": "path", "schema": {"$ref": "#/components/schemas/Id"}},
                    {"name": "q", "in": "query", "schema": {"type": "string"}},
                    {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            },
            "get": {"operationId": "show"},
            "delete": {"operationId": "remove"},
            "post": {"operationId": "send", "requestBody": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        }
    },
    "components": {
        "schemas": {
            "Id": {"type": "string", "format": "uuid"},
            "Thing": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
                    "other": {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]},
                    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
                },
            },
            "Part": {"type": "object", "properties": {"self": {"$ref": "#/components/schemas/Part"}}},
        }
    },
}


def test_parameters_headers_cookies_and_every_field_are_places() -> None:
    found = [str(place) for place in targets(DESCRIPTION)["change"].places]

    assert found[:8] == ["plain", "path thing_id", "query q", "header If-Match", "query", "header", "cookie", "body"]
    assert {"field name", "field parts", "field parts.0", "field parts.0.self", "field other.self"} <= set(found)
    assert "field counts.qzx7k" in found
    assert len(found) == len(set(found))


def test_what_refers_to_itself_comes_to_an_end_and_what_is_wanted_is_looked_up() -> None:
    places = targets(DESCRIPTION)["change"].places

    assert max(len(place.where) for place in places) <= 7
    named = next(place for place in places if place.where == ("thing_id",))
    assert named.schema == {"type": "string", "format": "uuid"}


def test_what_a_schema_needs_is_what_it_refers_to_at_any_depth() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}

    assert used(listed, DESCRIPTION) == {name: schemas[name] for name in ("Thing", "Part")}
    assert used({"type": "string"}, DESCRIPTION) == {}


@pytest.mark.parametrize(
    ("name", "method", "media", "last"),
    [
        ("change", "PATCH", "application/json", "field"),
        ("show", "GET", None, "cookie"),
        ("remove", "DELETE", None, "body"),
        ("send", "POST", "text/csv", "body"),
    ],
)
def test_each_operation_has_its_method_and_kind_of_body(name: str, method: str, media: str | None, last: str) -> None:
    target = targets(DESCRIPTION)[name]

    assert (target.method, target.media, target.places[-1].kind) == (method, media, last)
    assert target.body_example is None
