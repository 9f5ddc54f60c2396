"""Whatever a caller sends has a limit: read from the description of the running program, and tried."""

from collections.abc import Iterator
from typing import Any

import pytest
from interface import description

from mainstay.testing.client import Client

Json = dict[str, Any]
DESCRIPTION = description()
SCHEMAS: Json = DESCRIPTION["components"]["schemas"]
BOUNDED_TEXT = {"maxLength", "enum", "const", "format", "pattern"}
BOUNDED_NUMBER = {"maximum", "exclusiveMaximum"}
# The page is cut to its largest size; names of columns and codes are as long as an address may be (16,384 characters).
CUT = {"query limit", "query column", "path code"}


def unbounded(schema: Json, place: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the parts of a schema that may be as large as a sender likes."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in seen:
        return
    if name:
        yield from unbounded(SCHEMAS[name], place, seen | {name})
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from unbounded(part, place, seen)
    kind = schema.get("type")
    if kind == "array":
        yield from [] if "maxItems" in schema else [place]
        yield from unbounded(schema.get("items", {}), f"{place}[]", seen)
    elif kind == "object":
        for field, part in schema.get("properties", {}).items():
            yield from unbounded(part, f"{place}.{field}", seen)
    elif (kind == "string" and not BOUNDED_TEXT & schema.keys()) or (
        kind == "integer" and not BOUNDED_NUMBER & schema.keys()
    ):
        yield place


def test_every_text_number_and_list_that_is_sent_has_a_limit() -> None:
    found: list[str] = []
    for path, item in DESCRIPTION["paths"].items():
        for method, operation in item.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found += unbounded(content.get("schema", {}), f"{method} {path}")
            for each in operation.get("parameters", ()):
                place = f"{each['in']} {each['name']}"
                found += [] if place in CUT else unbounded(each.get("schema", {}), f"{method} {path} {place}")

    assert found == []


def test_a_field_without_a_limit_would_be_found() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array", "items": {"anyOf": [{"type": "string"}]}}}}

    assert list(unbounded(schema, "body")) == ["body.a", "body.a[]"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": "1" + "0" * 30}, 200),
        ({"limit": "-1"}, 422),
        ({"limit": "0"}, 422),
        ({"sort": "password_hash"}, 422),
        ({"sort": "name;drop table"}, 422),
        ({"cursor": "A" * 5000}, 422),
        ({"cursor": "%00"}, 422),
        ({"q": "x" * 5000}, 422),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("path", ["catalog/variants", "crm/contacts"])
async def test_huge_pages_unknown_keys_and_long_texts_are_refused(
    owner: Client, path: str, query: dict[str, str], status: int
) -> None:
    reply = await owner.get(f"/api/v1/{path}", params=query)

    assert reply.status_code == status, reply.text
    if status == 200:
        assert len(reply.json()["items"]) <= 200


async def test_a_list_that_is_far_too_long_is_refused(owner: Client) -> None:
    reply = await owner.post(
        "/api/v1/crm/contacts/bulk", json={"ids": ["00000000-0000-7000-8000-000000000001"] * 20_000}
    )

    assert reply.status_code == 422


def test_every_way_to_sign_in_is_slowed_as_such(api_document: dict[str, Any]) -> None:
    """Practice 11: whoever adds another way in puts it here, and `@limited(SIGN_IN)` above it."""
    operations = [each for path in api_document["paths"].values() for each in path.values()]
    slowed = {each["operationId"] for each in operations if each.get("x-rate-limit", {}).get("class") == "sign_in"}

    assert slowed == {
        "identity_sign_in",
        "identity_accept_invitation",
        "identity_give_second_step",
        "identity_sign_in_by_passkey",
        "identity_sign_in_by_pin",
        "identity_sign_in_client",
        "identity_use_reset",
        "identity_request_reset",
        "identity_sign_up",
        "identity_confirm_sign_up",
    }
