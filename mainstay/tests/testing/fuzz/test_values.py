"""What is tried at a place fits it, goes just beyond it, or has nothing to do with it."""

from random import Random
from typing import Any

import pytest

from mainstay.testing.fuzz.values import Values
from mainstay.testing.fuzz.vectors import MARK, Raw

ID = "018f5a3e-0000-7000-8000-4a0ad014f4c0"
DESCRIPTION: dict[str, Any] = {
    "paths": {"/things": {"post": {"example": [{"id": ID, "name": "not an id"}]}}},
    "components": {"schemas": {"Count": {"type": "integer", "minimum": 3, "exclusiveMaximum": 8}}},
}
VALUES = Values(DESCRIPTION)


@pytest.mark.parametrize(
    ("schema", "among"),
    [
        ({"type": "string", "maxLength": 5, "minLength": 2}, ["qqqqq", "qqqqqq", "q"]),
        ({"$ref": "#/components/schemas/Count"}, [2, 3, 7, 8, 2**63]),
        ({"type": "string", "format": "uuid"}, [ID, "1"]),
        ({"type": "string", "format": "date"}, ["2026-02-30"]),
        ({"type": "string", "pattern": "^x$"}, ["NaN", "1e100000"]),
        ({"enum": ["up", "down"]}, ["up", "down", "upx", "UP"]),
        ({"const": "only"}, ["only", "onlyx"]),
        ({"type": "array", "items": {"enum": ["a"]}, "maxItems": 2}, [[], ["a"], ["a", "a", "a"], "a"]),
        ({"type": "array"}, [[]]),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, [True, None, 2]),
        ({"type": "string", "examples": ["Tonic"]}, ["Tonic"]),
        ({}, [None]),
    ],
)
def test_limits_members_and_known_ids_are_tried(schema: dict[str, Any], among: list[object]) -> None:
    found = list(VALUES.fitting(schema))

    assert [value for value in among if value not in found] == []


def test_injections_wrong_types_and_octets_are_tried_at_every_place() -> None:
    picked = [VALUES.pick({"type": "string"}, chance) for chance in map(Random, range(500))]
    texts = [VALUES.pick_text({"type": "integer"}, chance) for chance in map(Random, range(500))]

    assert any(isinstance(value, str) and MARK in value for value in picked)
    assert any(isinstance(value, Raw) for value in picked)
    assert any(isinstance(value, list | dict) for value in picked)
    assert all(isinstance(value, str | Raw) for value in texts)
    assert Raw(b"%00") in texts


def test_a_value_of_an_address_is_written_as_people_would() -> None:
    schema = {"type": "array", "items": {"enum": ["a"]}, "maxItems": 1}
    texts = {VALUES.pick_text(schema, chance) for chance in map(Random, range(400))}
    words = {VALUES.pick_text({"type": "boolean"}, chance) for chance in map(Random, range(400))}

    assert {"a,a", "a"} <= texts
    assert {"true", "false"} <= words
