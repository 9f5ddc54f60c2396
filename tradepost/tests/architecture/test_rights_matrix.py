"""The matrix role x route: the running program answers every role on every route as rights.csv says, nobody too."""

import csv
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from shopfloor import Till
from shopfloor.pins import enrol_till, set_pin, sign_in_by_pin

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.permission import BUILT_IN
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from tools.rights import FILE, FORBIDDEN, HEADER, NOBODY, NOT_SIGNED_IN, YES, table, text

SignIn = Callable[[str], Awaitable[Client]]

# What is told with the status of somebody who is not signed in, for another reason: a wrong password, no step begun.
OTHER_REASONS = frozenset({"identity.wrong_credentials", "identity.step_lost"})


# All that a PIN opens at the till, besides what everybody may call.
BY_PIN = """\
GET /api/v1/identity/session
DELETE /api/v1/identity/session
GET /api/v1/identity/station/approvers
GET /api/v1/flags/mine
GET /api/v1/pos/cashiers
GET /api/v1/pos/find
GET /api/v1/pos/find/by-code/{code}
GET /api/v1/pos/refunds
POST /api/v1/pos/refunds
POST /api/v1/pos/refunds/approvals
GET /api/v1/pos/refunds/{refund_id}
GET /api/v1/pos/refunds/{refund_id}/receipt.txt
GET /api/v1/pos/registers
GET /api/v1/pos/sales
POST /api/v1/pos/sales
POST /api/v1/pos/sales/approvals
GET /api/v1/pos/sales/{sale_id}
GET /api/v1/pos/sales/{sale_id}/left
GET /api/v1/pos/sales/{sale_id}/receipt.txt
GET /api/v1/pos/shifts
POST /api/v1/pos/shifts
GET /api/v1/pos/shifts/{shift_id}
POST /api/v1/pos/shifts/{shift_id}/close
GET /api/v1/shop"""


def expected() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["route"]: row for row in csv.DictReader(file)}


async def ask(client: Client, route: str) -> str:
    """Call a route with a body that is refused and ids of nothing; return what that says of the right."""
    method, _, path = route.partition(" ")
    path = re.sub(r"\{[^}]*\}", str(ids.new_id()), path)
    answer = await client.request(method, path, json=None if method == "GET" else {"no": "such field"})
    if answer.status_code not in {401, 403}:
        return YES
    code = str(answer.json()["code"])
    if code in OTHER_REASONS:
        return YES
    return {"not_allowed": FORBIDDEN, "identity.not_signed_in": NOT_SIGNED_IN}.get(code, code)


def ending_last(routes: dict[str, dict[str, str]]) -> list[str]:
    """Return the routes, the one after which nobody is signed in at the end."""
    return sorted(routes, key=lambda route: route == "DELETE /api/v1/identity/session")


@pytest.mark.practice(30, 32)
@pytest.mark.parametrize("role", [*BUILT_IN, NOBODY])
async def test_every_route_answers_a_role_as_the_file_says(role: str, sign_in_as: SignIn, api: Client) -> None:
    client = api if role == NOBODY else await sign_in_as(role)
    rows = expected()

    answers = {route: await ask(client, route) for route in ending_last(rows)}

    assert answers == {route: rows[route][role] for route in rows}


@pytest.mark.practice(30)
async def test_an_owner_who_came_by_pin_is_let_into_the_till_and_nothing_else(
    owner: Client, till: Till, make_client: ClientFactory
) -> None:
    """Whatever the role holds: no account, no people, no keys, no files to take away."""
    tablet = make_client()
    await enrol_till(owner, till.register_id, tablet)
    await set_pin(owner)
    await sign_in_by_pin(tablet, owner)
    rows = expected()

    answers = {route: await ask(tablet, route) for route in ending_last(rows)}

    opened = {route for route, answer in answers.items() if answer == YES and rows[route][NOBODY] != YES}
    assert opened == set(BY_PIN.split("\n"))
    assert set(answers.values()) == {YES, FORBIDDEN}


def test_the_file_has_a_row_for_every_route_and_none_besides(program: Program) -> None:
    assert tuple(FILE.read_text(encoding="utf-8").partition("\n")[0].split(",")) == HEADER
    assert FILE.read_text(encoding="utf-8") == text(table(program)), "run python -m tools.rights, and read what changes"


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every schema that a request body consists of, with what it is part of."""
    waiting = [
        (f"{method} {path}", content["schema"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
    ]
    seen: set[str] = set()
    while waiting:
        name, schema = waiting.pop()
        reference = schema.get("$ref")
        if reference in seen:
            continue
        if reference is not None:
            seen.add(reference)
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
            name = reference.rpartition("/")[2]
        # A map from names that the sender chooses has no properties of its own.
        if "properties" in schema:
            yield name, schema
        inner = [*schema.get("properties", {}).values(), schema.get("items"), *schema.get("anyOf", ())]
        inner += schema.get("oneOf", ())
        waiting += [(name, each) for each in inner if each]


def test_every_body_refuses_fields_that_it_does_not_have(api_document: dict[str, Any]) -> None:
    """Mass assignment: what a form does not offer cannot be set by sending it along."""
    found = list(bodies(api_document))

    assert len(found) > 30
    assert [name for name, schema in found if schema.get("additionalProperties") is not False] == []
