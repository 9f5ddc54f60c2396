"""The places of an operation where a caller can put something: parameters, headers, cookies and fields of a body."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# JSON Schema and OpenAPI objects: their shape is OpenAPI's.
Json = dict[str, Any]

VERBS = frozenset({"get", "put", "post", "delete", "patch"})
# As deep as fields of a body are looked for; what lies deeper repeats itself.
DEPTH = 6
JSON_MEDIA = "application/json"
SCHEMAS = "#/components/schemas/"

PLAIN, PATH, QUERY, HEADER, COOKIE, FIELD, BODY = "plain", "path", "query", "header", "cookie", "field", "body"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a request: its kind, where it is (the names and indexes of a field), and what is wanted there."""

    kind: str
    where: tuple[str | int, ...] = ()
    schema: Json = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return " ".join([self.kind, ".".join(map(str, self.where))]).strip()


@dataclass(frozen=True, slots=True)
class Target:
    """An operation with its places."""

    name: str
    method: str
    path: str
    described: Json
    places: tuple[Place, ...]

    @property
    def media(self) -> str | None:
        """The kind of body that it takes, JSON if it can be; None when it takes none."""
        kinds = self.described.get("requestBody", {}).get("content", {})
        return JSON_MEDIA if JSON_MEDIA in kinds else next(iter(kinds), None)

    @property
    def body_example(self) -> object:
        """The example of its body; None when it has none."""
        return self.described.get("requestBody", {}).get("content", {}).get(JSON_MEDIA, {}).get("example")


def targets(description: Mapping[str, Any]) -> dict[str, Target]:
    """Return all operations of an API description by their names."""
    found: dict[str, Target] = {}
    for path, item in description["paths"].items():
        for verb, described in item.items():
            if verb in VERBS:
                places = tuple(_places(verb, described, description))
                name = described["operationId"]
                found[name] = Target(name, verb.upper(), path, described, places)
    return found


def resolved(schema: Json, description: Mapping[str, Any]) -> Json:
    """Return what a reference of the description points to, or the schema itself."""
    while "$ref" in schema:
        target: Any = description
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def used(schema: object, description: Mapping[str, Any]) -> Json:
    """Return the schemas of the description that a schema refers to, and those that these refer to, by their names."""
    found: Json = {}
    waiting: list[object] = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting += part.values()
            name = str(part.get("$ref", "")).removeprefix(SCHEMAS)
            if name and name not in found:
                found[name] = description["components"]["schemas"][name]
                waiting.append(found[name])
    return found


def _places(verb: str, described: Json, description: Mapping[str, Any]) -> Iterator[Place]:
    yield Place(PLAIN)
    for parameter in described.get("parameters", ()):
        yield Place(parameter["in"], (parameter["name"],), resolved(parameter["schema"], description))
    yield Place(QUERY)
    yield Place(HEADER)
    yield Place(COOKIE)
    content = described.get("requestBody", {}).get("content", {})
    if content or verb != "get":
        yield Place(BODY)
    if JSON_MEDIA in content:
        yield from dict.fromkeys(_fields(content[JSON_MEDIA]["schema"], description, ()))


def _fields(schema: Json, description: Mapping[str, Any], where: tuple[str | int, ...]) -> Iterator[Place]:
    """Yield the fields inside a schema, each with what is wanted there; of a list the first item stands for all."""
    schema = resolved(schema, description)
    if len(where) > DEPTH:
        return
    for several in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(several, ()):
            yield from _fields(option, description, where)
    for name, part in schema.get("properties", {}).items():
        yield Place(FIELD, (*where, name), resolved(part, description))
        yield from _fields(part, description, (*where, name))
    if isinstance(schema.get("items"), dict):
        yield Place(FIELD, (*where, 0), resolved(schema["items"], description))
        yield from _fields(schema["items"], description, (*where, 0))
    if isinstance(schema.get("additionalProperties"), dict):
        yield Place(FIELD, (*where, "qzx7k"), resolved(schema["additionalProperties"], description))
