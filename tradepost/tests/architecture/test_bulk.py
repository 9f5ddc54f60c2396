"""Whatever changes many records in one call does so in the one way: whoever adds such an operation cannot forget it."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin
from uuid import UUID

import pytest
from interface import operations
from pydantic import BaseModel

import mainstay
import tradepost
from mainstay.bulk.schemas import MOST, BulkIn, BulkOut, NumberedBulkOut
from mainstay.testing.client import Client
from mainstay.web.operation import Operation
from mainstay.worker import queue

OPERATIONS = [each for each in operations() if each.verbs & {"POST", "PUT", "PATCH", "DELETE"}]
# What names a record in an item of a list.
NAMES = frozenset({"id", "version"})
_PLACES = "the places that somebody reaches are a part of what is known of them, replaced as a whole"
_ACTORS = "the rules of a switch are one record, replaced as a whole"
_RECEIPT = "the lines of one receipt are that receipt"
_CARD = "the boxes of one card are that card"
_BEFORE = "outdated, and kept as it was"
# Operations that take a list of ids, or of items with an id, and are no bulk change: where it stands, and why not.
OTHERS = {
    "POST /api/v1/identity/invitations": ({"place_ids"}, _PLACES),
    "PATCH /api/v1/identity/people/{person_id}": ({"place_ids"}, _PLACES),
    "POST /api/v1/identity/sign-ups/{sign_up_id}/approve": ({"place_ids"}, _PLACES),
    "PUT /api/v1/flags/{key}": ({"rules.places", "rules.actors"}, _ACTORS),
    "POST /api/v1/catalog/products": ({"variants"}, "the variants of one product come into being with it"),
    "PATCH /api/v1/crm/cards/{card_id}": ({"boxes"}, _CARD),
    "POST /api/v1/crm/cards/{card_id}/accept": ({"boxes"}, _CARD),
    "POST /api/v1/pos/sales": ({"lines", "tenders"}, _RECEIPT),
    "POST /api/v1/pos/sales/approvals": ({"sale.lines", "sale.tenders"}, _RECEIPT),
    "POST /api/v1/pos/refunds": ({"tenders"}, _RECEIPT),
    "POST /api/v1/pos/refunds/approvals": ({"refund.tenders"}, _RECEIPT),
    "POST /api/v1/jobs/retry": ({"ids"}, _BEFORE),
    "POST /api/v1/jobs/discard": ({"ids"}, _BEFORE),
}


def models_of(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models in a type: itself, those of a list, those of a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from models_of(each)


def lists_of(annotation: object) -> Iterator[object]:
    """Yield what the lists in a type are of."""
    if get_origin(annotation) in (list, set, tuple, frozenset):
        yield get_args(annotation)[0]
    for each in get_args(annotation):
        yield from lists_of(each)


def is_key(annotation: object) -> bool:
    """Whether a type is that of an id."""
    return annotation is UUID or any(is_key(each) for each in get_args(annotation) if each is not annotation)


def naming(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Yield the paths of the lists in a model that name records: lists of ids, and of items with an id."""
    for name, field in model.model_fields.items():
        for one in lists_of(field.annotation):
            fields = {each for item in models_of(one) for each in item.model_fields}
            if is_key(one) or (name in {"ids", "items"} and not fields) or fields & NAMES:
                yield f"{before}{name}"
        for inner in models_of(field.annotation):
            if inner is not model and not issubclass(inner, BulkIn):
                yield from naming(inner, f"{before}{name}.")


def body_of(operation: Operation) -> type[BaseModel] | None:
    """Return what an operation takes; None for one without a body of JSON."""
    body: Any = operation.body_field.field_info.annotation if operation.body_field is not None else None
    return body if isinstance(body, type) and issubclass(body, BaseModel) else None


def named_in(operation: Operation) -> set[str]:
    """Return where an operation that is no bulk change takes lists of records."""
    body = body_of(operation)
    inside = set() if body is None or issubclass(body, BulkIn) else set(naming(body))
    return inside | {
        str(field.alias)
        for field in operation.dependant.query_params
        if any(map(is_key, lists_of(field.field_info.annotation)))
    }


LOCKING = re.compile(r"= ANY ?\(\$\d.*FOR (NO KEY )?UPDATE", re.DOTALL)


def test_whatever_locks_many_records_by_their_ids_does_so_in_one_order() -> None:
    """Or two who change the same ones wait for each other."""
    locking = {name: sql for name, sql in statements().items() if LOCKING.search(sql)}

    assert len(locking) > 5
    assert [name for name, sql in locking.items() if not re.search(r"ORDER BY[^()]*\bFOR (NO KEY )?UPDATE", sql)] == []


def statements() -> dict[str, str]:
    """Return the statements of all modules, and of the queue, by the names of their constants."""
    found: dict[str, str] = {}
    for package in (mainstay, tradepost):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "repository" in each.name or each.name == queue.__name__:
                constants = vars(importlib.import_module(each.name)).items()
                found |= {f"{each.name}.{name}": sql for name, sql in constants if isinstance(sql, str)}
    return found


BULK = [each for each in OPERATIONS if (body := body_of(each)) is not None and issubclass(body, BulkIn)]


def test_whatever_takes_a_list_of_records_is_a_bulk_change_or_says_why_not() -> None:
    assert {each.title: found for each in OPERATIONS if (found := named_in(each))} == {
        title: places for title, (places, _) in OTHERS.items()
    }


def test_the_rule_finds_lists_of_ids_and_of_items_wherever_they_stand() -> None:
    class Item(BaseModel):
        id: UUID

    class Inner(BaseModel):
        members: list[Item] | None = None

    class Forgotten(BaseModel):
        ids: list[int]
        contact_ids: list[UUID]
        inner: Inner
        names: list[str]

    assert set(naming(Forgotten)) == {"ids", "contact_ids", "inner.members"}


@pytest.mark.parametrize("operation", BULK, ids=lambda each: each.title)
def test_each_bulk_change_has_one_shape_and_takes_a_key(operation: Operation) -> None:
    assert operation.path_format.endswith("/bulk")
    assert operation.verbs == {"POST"}
    assert operation.is_repeatable
    assert operation.response_model in (BulkOut, NumberedBulkOut)


async def test_each_bulk_change_refuses_more_than_its_limit_and_who_is_named_twice(owner: Client) -> None:
    assert len(BULK) > 4
    described = (await owner.get("/api/openapi.json")).json()
    for each in BULK:
        operation = described["paths"][each.path_format]["post"]
        example = operation["requestBody"]["content"]["application/json"]["example"]
        (item,) = example["items"]
        for items in ([], [item, item], [item] * (MOST + 1)):
            answer = await owner.post(each.path_format, json=example | {"items": items})
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), each.title
            assert [error["field"] for error in answer.json()["errors"]] == ["items"], each.title
        unknown = await owner.post(each.path_format, json=example)
        assert unknown.status_code == 200, unknown.text
        assert [told["outcome"] for told in unknown.json()["items"]] == ["unknown"], each.title
