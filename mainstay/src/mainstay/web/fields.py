"""Partial responses: `fields=items.id,items.name` has a read answer with these fields alone.

What may be asked for is what the answer's schema has. Fields are taken away and none is added: what the caller may not
see is not in the answer from which is chosen. Why so: docs/decisions/0056-lists-and-calls-made-twice.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.errors import FieldProblem
from mainstay.web.errors import UnknownField

NAME: Final = "fields"
LONGEST: Final = 2000
# An answer tells at most so many names that are not known.
MOST_TOLD: Final = 20
DEEPEST: Final = 10
_IN_QUERY: Final = NAME.encode()
_JSON: Final = b"application/json"

# JSON Schema: its shape is the standard's.
Json = dict[str, Any]
# Chosen names with those within; an empty choice within means the whole.
Choice = dict[str, "Choice"]


def takes_fields(route: APIRoute) -> bool:
    """Whether `route` is a read with a schema, of which fields can be chosen."""
    return "GET" in (route.methods or ()) and route.response_field is not None


class PartialAnswers:
    """Serves a read whose callers may choose fields, as the application in it does."""

    def __init__(self, app: ASGIApp, model: Any) -> None:  # noqa: ANN401  whatever a route answers with
        self._app = app
        self._model = model

    @cached_property
    def _schema(self) -> Json:
        return TypeAdapter(self._model).json_schema(mode="serialization", ref_template="{model}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises UnknownField instead of answering."""
        wanted = _wanted(scope["query_string"])
        await self._app(scope, receive, send if wanted is None else self._choosing(wanted, send))

    def _choosing(self, wanted: str, send: Send) -> Send:
        """Return what sends the wanted fields of an answer that is JSON, and anything else as it is."""
        choice = choice_of(wanted)
        start: Message | None = None

        async def send_chosen(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_json(message):
                check(choice, self._schema)
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                body = orjson.dumps(chosen(orjson.loads(message["body"]), choice))
                kept = [line for line in start["headers"] if line[0] != b"content-length"]
                await send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
                await send({**message, "body": body})

        return send_chosen


def choice_of(text: str) -> Choice:
    """Return what `a,b.c` chooses. Raises UnknownField when it cannot be read."""
    choice: Choice = {}
    wholes: set[str] = set()
    for name in sorted(text[:LONGEST].split(",")):
        parts = name.strip().split(".", DEEPEST)
        if any(".".join(parts[:depth]) in wholes for depth in range(1, len(parts))):
            continue
        within = choice
        for part in parts:
            within = within.setdefault(part, {})
        wholes.add(".".join(parts))
    return choice


def chosen(value: Any, choice: Choice) -> Any:  # noqa: ANN401  JSON in, JSON out
    """Return the chosen part of a JSON value; of lists that of each item."""
    if isinstance(value, list):
        return [chosen(item, choice) for item in value]
    if isinstance(value, dict) and choice:
        return {name: chosen(inner, choice[name]) for name, inner in value.items() if name in choice}
    return value


def check(choice: Choice, schema: Json) -> None:
    """Raise UnknownField when something is chosen that answers of this schema do not have."""
    unknown = list(_unknown(choice, [schema], schema.get("$defs", {}), ""))
    if unknown:
        known = sorted(_properties([schema], schema.get("$defs", {})) or ())
        raise UnknownField(
            f"This answer has no such fields: {', '.join(unknown[:MOST_TOLD])}.",
            errors=[FieldProblem(NAME, "unknown_field", f"There is no field {name}.") for name in unknown[:MOST_TOLD]],
            extra={"known": known},
        )


def add_fields(described: Json) -> None:
    """Add to an operation, as OpenAPI describes it, that fields of its answer can be chosen."""
    if _JSON.decode() in described["responses"].get("200", {}).get("content", {}):
        described.setdefault("parameters", []).append(
            {
                "name": NAME,
                "in": "query",
                "required": False,
                "description": "The names of fields, with a comma between them and a dot for those within "
                "(`items.id,next_cursor`): the answer has these alone",
                "schema": {"type": "string", "maxLength": LONGEST},
            }
        )


def _wanted(query: bytes) -> str | None:
    """Return what a query says of fields, None when it says nothing, as nearly all do."""
    if _IN_QUERY not in query:
        return None
    return dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)).get(NAME)


def _is_json(start: Message) -> bool:
    """Whether an answer is JSON that comes whole."""
    told = dict(start["headers"])
    return start["status"] == 200 and told.get(b"content-type", b"").startswith(_JSON) and b"content-length" in told


def _unknown(choice: Choice, schemas: Iterable[Json], parts: Mapping[str, Json], place: str) -> Iterator[str]:
    known = _properties(schemas, parts)
    if known is None:
        return
    for name, within in choice.items():
        if name not in known:
            yield f"{place}{name}"
        elif within:
            yield from _unknown(within, known[name], parts, f"{place}{name}.")


def _properties(schemas: Iterable[Json], parts: Mapping[str, Json]) -> dict[str, list[Json]] | None:
    """Return the fields that values of some schemas have, with the schemas of each; None when they may have any."""
    found: dict[str, list[Json]] = {}
    waiting = list(schemas)
    while waiting:
        schema = waiting.pop()
        if "$ref" in schema:
            waiting.append(parts[schema["$ref"]])
        for kind in ("anyOf", "oneOf", "allOf", "prefixItems"):
            waiting += schema.get(kind, ())
        if isinstance(schema.get("items"), dict):
            waiting.append(schema["items"])
        if _is_open(schema):
            return None
        for name, inner in schema.get("properties", {}).items():
            found.setdefault(name, []).append(inner)
    return found


def _is_open(schema: Json) -> bool:
    """Whether a schema leaves its fields to whoever writes them, as that of a record's former values does."""
    is_free = schema.get("type") == "object" and "properties" not in schema
    return is_free or bool(schema.get("additionalProperties")) or schema.keys() <= {"title", "description", "default"}
