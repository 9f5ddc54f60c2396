"""Routes that read secrets are marked, so that their answers are neither stored nor compressed."""

import re
from collections.abc import Iterator
from typing import Any

from interface import description, operations

Json = dict[str, Any]
DESCRIPTION = description()
SCHEMAS: Json = DESCRIPTION["components"]["schemas"]
SECRET = re.compile(r"token|secret|csrf|password$|(^|_)(key|keys|pin|link|links|challenge|recovery_codes)$")
# Named like a secret: of roles and flags, what they are called in the program; of keys, those that nobody uses.
HARMLESS = {
    "GET /api/v1/identity/roles key",
    "GET /api/v1/identity/security stale_keys",
    *(f"GET /api/v1/{path} key" for path in ("flags", "flags/preview", "experiments")),
}


def fields(schema: Json, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the names of all fields of a schema, with those within."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in seen:
        return
    if name:
        yield from fields(SCHEMAS[name], seen | {name})
    for kind in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(kind, ()):
            yield from fields(part, seen)
    yield from fields(schema["items"], seen) if "items" in schema else ()
    for field, part in schema.get("properties", {}).items():
        yield field
        yield from fields(part, seen)


def telling() -> set[str]:
    """Return the reads of the API whose answers have a field that is named like a secret."""
    found: set[str] = set()
    for path, item in DESCRIPTION["paths"].items():
        answer = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = answer.get("application/json", {}).get("schema", {})
        names = (f"GET {path} {field}" for field in fields(schema) if SECRET.search(field))
        found |= {name for name in names if path.startswith("/api/")}
    return found


def test_every_read_that_tells_a_secret_is_marked() -> None:
    kept = {f"GET {each.path_format}" for each in operations() if each.is_kept and "GET" in each.verbs}

    found = telling()

    assert "GET /api/v1/identity/session csrf_token" in found
    assert {each for each in found - HARMLESS if each.rpartition(" ")[0] in kept} == set()
    assert found >= HARMLESS
