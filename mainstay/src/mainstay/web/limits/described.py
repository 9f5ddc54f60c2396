"""The limits in the API description: a limited operation says its class and size, and which headers tell the rest."""

from typing import Any

from mainstay.web.limits.rates import Limit, Rate
from mainstay.web.limits.settings import WINDOW, LimitSettings

# JSON Schema and OpenAPI objects: their shape is OpenAPI's.
Json = dict[str, Any]

REFERENCES: Json = {
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
}
HEADERS: Json = {
    "RateLimit": {
        "description": "How many requests of this class are left (`r`), and in how many seconds there is one more "
        "(`t`)",
        "schema": {"type": "string"},
        "example": '"api";r=99;t=60',
    },
    "RateLimitPolicy": {
        "description": "The class, and how many requests of it (`q`) one caller may make in how many seconds (`w`)",
        "schema": {"type": "string"},
        "example": '"api";q=100;w=60',
    },
}


def add_limit(described: Json, limit: Limit, sizes: LimitSettings) -> None:
    """Add to a `described` operation what limits it."""
    if not isinstance(limit.rate, Rate):
        return
    size = sizes.size_of(limit.rate)
    described["x-rate-limit"] = {"class": limit.rate.name, "limit": size, "window": WINDOW}
    note = f"At most {size} in {WINDOW} seconds (class `{limit.rate.name}`)."
    if limit.named_by is not None:
        note += f" Counted for the `{limit.named_by}` of the body"
        note += f", unless it ends in {' or '.join(map(str, sorted(limit.free_on)))}." if limit.free_on else "."
    described["description"] = "\n\n".join(filter(None, (described.get("description"), note)))
    for reply in described["responses"].values():
        if "$ref" not in reply:
            reply.setdefault("headers", {}).update(REFERENCES)
