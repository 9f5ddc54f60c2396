"""Which values are tried at a place: those that its schema makes interesting, and those that are bad everywhere."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from mainstay.testing.fuzz import vectors
from mainstay.testing.fuzz.places import Json, resolved

_FORMATS: dict[str, tuple[object, ...]] = {
    "uuid": vectors.IDS,
    "date": vectors.MOMENTS,
    "date-time": vectors.MOMENTS,
    "time": vectors.MOMENTS,
    "email": vectors.NAMES,
}


class Values:
    """Chooses values for places of one API description."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._description = description
        self._known = sorted(_ids_in(description["paths"]))

    def pick(self, schema: Json, chance: Random) -> object:
        """Return a value for a place that wants `schema`: of its own kind, an injection, or of the wrong type."""
        throw = chance.random()
        if throw < 0.4:
            return chance.choice(self.fitting(schema))
        if throw < 0.8:
            return chance.choice(chance.choice((*vectors.TEXTS, vectors.JSON_TEXTS)))
        return chance.choice((*vectors.WRONG, *vectors.NUMBERS))

    def pick_text(self, schema: Json, chance: Random) -> str | vectors.Raw:
        """Return a value for a part of an address or a header."""
        throw = chance.random()
        if throw < 0.35:
            value = chance.choice(self.fitting(schema))
            return value if isinstance(value, vectors.Raw) else _as_text(value)
        if throw < 0.75:
            return chance.choice(chance.choice(vectors.TEXTS))
        return chance.choice(vectors.OCTETS)

    def fitting(self, schema: Json) -> Sequence[object]:
        """Return values of about the kind that `schema` wants: at its limits, just inside and just outside."""
        schema = resolved(schema, self._description)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return [value for option in schema[several] for value in self.fitting(option)]
        if "enum" in schema or "const" in schema:
            known = list(schema.get("enum", [schema.get("const")]))
            return [*known, *(f"{value}x" for value in known), str(known[0]).upper()]
        return [*schema.get("examples", ()), *self._of_type(schema)]

    def _of_type(self, schema: Json) -> Sequence[object]:
        match schema.get("type"):
            case "string":
                return self._texts(schema)
            case "integer" | "number":
                return _numbers(schema)
            case "array":
                return self._lists(schema)
            case "boolean":
                return [True, False, "yes", "on", "1", 2]
        return [{}, None]

    def _texts(self, schema: Json) -> list[object]:
        special = _FORMATS.get(schema.get("format", ""), ())
        if schema.get("format") == "uuid":
            return [*special, *self._known]
        if "pattern" in schema:
            special = vectors.DECIMALS + vectors.MOMENTS
        longest, shortest = schema.get("maxLength", 200), schema.get("minLength", 0)
        sizes = (longest, longest + 1, max(shortest - 1, 0), shortest)
        return [*special, *("q" * size for size in sizes), "\U0001f9fe" * longest, *vectors.NAMES]

    def _lists(self, schema: Json) -> list[object]:
        items = schema.get("items")
        part = self.fitting(items if isinstance(items, dict) else {})[0]
        return [[], [part], [part, part], [part] * (schema.get("maxItems", 1_000) + 1), part]


def _numbers(schema: Json) -> list[object]:
    limits = [schema[name] for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if name in schema]
    return [*vectors.NUMBERS, *(limit + step for limit in limits for step in (-1, 0, 1))]


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(_as_text, value))
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _ids_in(part: object) -> set[str]:
    """Return the ids that the examples name: things that may be there, of the right kind or of another."""
    if isinstance(part, Mapping):
        return {found for value in part.values() for found in _ids_in(value)}
    if isinstance(part, list):
        return {found for value in part for found in _ids_in(value)}
    is_id = isinstance(part, str) and len(part) == 36 and part.count("-") == 4
    return {str(part)} if is_id else set()
