"""Examples for the API description: whole bodies and parameters, made of what the schemas say about their fields.

They fit together: `store_id` of one operation is the `id` of the store that the example of another one makes, so that
a reader, or a test, can send them one after the other.
"""

import re
from collections.abc import Mapping
from typing import Any

from mainstay import crypto

# JSON Schema and OpenAPI objects: their shape is OpenAPI's.
Json = dict[str, Any]

_FORMATS = {"date-time": "2026-11-21T10:00:00Z", "date": "2026-11-21", "time": "04:00", "binary": ""}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BODY_SUFFIX = re.compile(r"(In|Patch)$")


def add_examples(path: str, operation: Json, schemas: Mapping[str, Json]) -> None:
    """Add to an operation's JSON body and required parameters the examples that they do not have yet."""
    maker = _Maker(schemas)
    made = _singular(path)
    for parameter in operation.get("parameters", ()):
        if parameter.get("required") and "example" not in parameter:
            parameter["example"] = maker.value(parameter["schema"], parameter["name"], made)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and "example" not in body:
        body["example"] = maker.value(body["schema"], "", made)


def example_id(entity: str) -> str:
    """Return the identifier that stands for an `entity`, such as "store", in all examples."""
    return f"018f5a3e-0000-7000-8000-{crypto.digest(f'example {entity}').hex()[:12]}"


class _Maker:
    def __init__(self, schemas: Mapping[str, Json]) -> None:
        self._schemas = schemas

    def value(self, schema: Json, name: str, entity: str) -> Any:  # noqa: ANN401  any JSON value
        """Return an example for what is called `name` and belongs to an `entity`."""
        if "$ref" in schema:
            kind = schema["$ref"].rpartition("/")[2]
            return self.value(self._schemas[kind], name, _entity(kind))
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.value(schema[several][0], name, entity)
        return self._of_type(schema, name, entity)

    def _of_type(self, schema: Json, name: str, entity: str) -> Any:  # noqa: ANN401  any JSON value
        match schema.get("type"):
            case "object":
                return self._object(schema, entity)
            case "array":
                return [self.value(schema["items"], name, entity)] if schema.get("items") else []
            case "integer" | "number":
                return int(max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1))
            case "boolean":
                return False
            case "string":
                return self._text(schema, name, entity)
        return None

    def _text(self, schema: Json, name: str, entity: str) -> str:
        if schema.get("format") == "uuid":
            return example_id(entity if name in {"", "id"} else name.removesuffix("_id"))
        return _FORMATS.get(schema.get("format", ""), "text")

    def _object(self, schema: Json, entity: str) -> Json:
        """Return what must be there, and what the fields themselves have examples for."""
        required = schema.get("required", ())
        properties: dict[str, Json] = schema.get("properties", {})
        return {
            name: self.value(field, name, entity)
            for name, field in properties.items()
            if name in required or "examples" in field or "examples" in field.get("items", {})
        }


def _entity(schema: str) -> str:
    """Return "sale_line" for SaleLineIn."""
    return _WORD.sub("_", _BODY_SUFFIX.sub("", schema)).lower()


def _singular(path: str) -> str:
    """Return "import" for /api/v1/catalog/imports: what the `id` of such an operation names."""
    fixed = [part for part in path.split("/") if "{" not in part]
    return fixed[-1].removesuffix("s")
