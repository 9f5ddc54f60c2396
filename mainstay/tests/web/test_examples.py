"""Examples are made of what schemas say, and fit together."""

from typing import Any

import pytest

from mainstay.web.examples import add_examples, example_id

Json = dict[str, Any]
ID = {"type": "string", "format": "uuid"}
SCHEMAS: dict[str, Json] = {
    "SaleIn": {
        "type": "object",
        "required": ["id", "till_id", "lines", "at"],
        "properties": {
            "id": ID,
            "till_id": ID,
            "lines": {"type": "array", "items": {"$ref": "#/components/schemas/SaleLineIn"}},
            "at": {"type": "string", "format": "date-time"},
            "tags": {"type": "array", "items": {"type": "string", "examples": ["vip"]}},
            "note": {"type": "string"},
        },
    },
    "SaleLineIn": {
        "type": "object",
        "required": ["id", "count"],
        "properties": {
            "id": ID,
            "count": {"type": "integer", "exclusiveMinimum": 0.0},
            "price": {"anyOf": [{"type": "string"}, {"type": "null"}], "examples": ["2.49"]},
        },
    },
}


def body_example(schema: Json, path: str = "/sales") -> Any:  # noqa: ANN401  any JSON value
    operation: Json = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    add_examples(path, operation, SCHEMAS)
    return operation["requestBody"]["content"]["application/json"]["example"]


def test_a_body_has_what_must_be_there_and_what_its_fields_have_examples_for() -> None:
    assert body_example({"$ref": "#/components/schemas/SaleIn"}) == {
        "id": example_id("sale"),
        "till_id": example_id("till"),
        "lines": [{"id": example_id("sale_line"), "count": 1, "price": "2.49"}],
        "at": "2026-11-21T10:00:00Z",
        "tags": ["vip"],
    }


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"const": "cash"}, "cash"),
        ({"enum": ["day", "night"]}, "day"),
        ({"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]}, 3),
        ({"type": "number"}, 0),
        ({"type": "boolean"}, False),
        ({"type": "array"}, []),
        ({"type": "string", "format": "date"}, "2026-11-21"),
        ({"type": "string"}, "text"),
        ({"type": "object"}, {}),
        ({}, None),
        (ID, example_id("sale")),
    ],
)
def test_each_kind_of_value_has_an_example(schema: Json, example: object) -> None:
    assert body_example(schema) == example


def test_parameters_that_must_be_there_have_examples_which_fit_those_of_bodies() -> None:
    operation: Json = {
        "parameters": [
            {"name": "till_id", "in": "path", "required": True, "schema": ID},
            {"name": "id", "in": "query", "required": True, "schema": ID},
            {"name": "q", "in": "query", "schema": {"type": "string"}},
            {"name": "code", "in": "path", "required": True, "example": "mine", "schema": {"type": "string"}},
        ]
    }

    add_examples("/tills/{till_id}/counts", operation, {})

    found = {parameter["name"]: parameter.get("example") for parameter in operation["parameters"]}
    assert found == {"till_id": example_id("till"), "id": example_id("count"), "q": None, "code": "mine"}


def test_an_example_of_a_body_that_is_there_stays() -> None:
    content: Json = {"schema": {"type": "string"}, "example": "mine"}
    add_examples("/x", {"requestBody": {"content": {"application/json": content}}}, {})
    assert content["example"] == "mine"


def test_identifiers_differ_by_what_they_name_and_stay_the_same() -> None:
    assert example_id("till") == example_id("till") != example_id("sale")
