"""What can be created behaves as HTTP has it, by its own routes: verbs, statuses, places, repeats and conditions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from interface import operations
from shopfloor import product_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.web.operation import Operation

Body = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of records: where they are, one to be created, one field to change, and how changing is called.

    `whole` says that a change states all fields, `has_one` that one record can be read, `is_told_once` that the answer
    holds a secret, which a repeat cannot give again. `key` is what its id is called in answers.
    """

    path: str
    new: Callable[[], Body]
    field: str = "name"
    verb: str = "PATCH"
    whole: bool = False
    has_one: bool = True
    is_told_once: bool = False
    key: str = "id"

    def __str__(self) -> str:
        return self.path.rpartition("/")[2]


def named() -> Body:
    """Return what only has a name."""
    key = ids.new_id()
    return {"id": str(key), "name": f"A {key.hex[-8:]}"}


def role() -> Body:
    """Return a role that reads contacts."""
    key = ids.new_id()
    return {"id": str(key), "title": f"A {key.hex[-8:]}", "permissions": ["crm.read"]}


def webhook() -> Body:
    """Return an address that events are sent to."""
    fields = {"url": "https://hooks.example.com/in", "description": "Books", "events": ["catalog.*"], "filters": []}
    return {"id": str(ids.new_id()), **fields}


KINDS = (
    Kind("/api/v1/catalog/products", product_in),
    Kind("/api/v1/crm/contacts", named),
    Kind("/api/v1/tagging/tags", lambda: {**named(), "kind": "tag"}, has_one=False),
    Kind("/api/v1/identity/roles", role, field="title", has_one=False, key="key"),
    Kind("/api/v1/webhooks/subscriptions", webhook, field="description", verb="PUT", whole=True, is_told_once=True),
)


async def changed(owner: Client, kind: Kind, place: str, new: Body, value: str) -> tuple[int, Body]:
    """Change what is at `place` as somebody does who knows its first version."""
    body = {name: new[name] for name in new if name != "id"} if kind.whole else {}
    answer = await owner.request(kind.verb, place, json={**body, kind.field: value, "version": 1})
    return answer.status_code, answer.json()


# There is a business, with its currency and taxes.
@pytest.mark.usefixtures("till")
@pytest.mark.practice(72)
@pytest.mark.parametrize("kind", KINDS, ids=str)
async def test_a_resource_is_created_once_found_where_it_is_said_and_changed_by_who_knows_it(
    owner: Client, kind: Kind
) -> None:
    new = kind.new()

    made = await owner.post(kind.path, json=new)
    again = await owner.post(kind.path, json=new)
    other = await owner.post(kind.path, json={**new, kind.field: "Another"})

    place, name = made.headers["Location"], made.json()[kind.key]
    assert (made.status_code, place) == (201, f"{kind.path}/{name}")
    # The caller's own id, or a key that is made of it.
    assert name.endswith(new["id"] if kind.key == "id" else new["id"].replace("-", ""))
    assert again.status_code == 409 if kind.is_told_once else again.json()[kind.key] == name
    assert other.status_code == 409
    if kind.has_one:
        found = await owner.get(place)
        assert (found.status_code, found.json()["id"]) == (200, new["id"])
        known = await owner.get(place, headers={"If-None-Match": found.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b"")

    assert (await changed(owner, kind, place, new, "First"))[0] == 200
    status, problem = await changed(owner, kind, place, new, "Second")
    assert (status, problem["code"]) == (412, "version_conflict")
    if kind.has_one:
        assert (await owner.get(place)).json()[kind.field] == "First"


@pytest.mark.practice(72)
@pytest.mark.parametrize("kind", KINDS, ids=str)
async def test_a_verb_that_a_resource_does_not_have_is_refused_with_those_that_it_has(
    owner: Client, kind: Kind
) -> None:
    answer = await owner.put(kind.path, json={})

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"].split(", ")
    assert "PUT" not in answer.headers["Allow"].split(", ")


@pytest.mark.practice(72)
def test_whatever_is_created_and_can_be_read_alone_says_where_it_is() -> None:
    every = operations()
    alone = (one.path_format for one in every if "GET" in one.verbs and one.path_format.endswith("}"))
    readable = {path.rpartition("/{")[0] for path in alone}
    creating = [one for one in every if "POST" in one.verbs and one.status_code == 201]

    found = {one.path_format for one in creating if one.path_format in readable}
    silent = {one.path_format for one in creating if one.path_format in found and not _takes_response(one.endpoint)}

    assert {kind.path for kind in KINDS if kind.has_one} <= found
    assert silent == set()


@pytest.mark.practice(72)
def test_every_kind_that_is_created_and_changed_by_its_version_is_tried() -> None:
    every = operations()
    changing = {one.path_format.rpartition("/{")[0] for one in every if one.verbs & {"PATCH", "PUT"} and _brings(one)}
    creating = {one.path_format for one in every if "POST" in one.verbs and one.status_code == 201}

    assert {kind.path for kind in KINDS} == changing & creating


def _brings(operation: Operation) -> bool:
    """Say whether a change names the version that it is about."""
    body: Any = operation.body_field.field_info.annotation if operation.body_field is not None else None
    return "version" in getattr(body, "model_fields", ())


def _takes_response(endpoint: Callable[..., object]) -> bool:
    return "response" in endpoint.__annotations__
