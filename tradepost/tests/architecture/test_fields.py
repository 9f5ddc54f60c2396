"""Fields can be chosen of every read of every module, the quick ones too, and nobody sees more by it."""

from typing import Any

from interface import operations
from shopfloor import Till, created, product_in

from mainstay.permission import Public
from mainstay.testing.client import Client
from mainstay.web.operation import Operation

READS = [each for each in operations() if "GET" in each.verbs and each.path.startswith("/api/")]


def is_asked_plainly(operation: Operation) -> bool:
    """Whether a read needs nothing else to be asked."""
    needed = [field for field in operation.dependant.query_params if field.field_info.is_required()]
    return operation.is_partial and not (
        needed or operation.dependant.path_params or isinstance(operation.right, Public)
    )


async def test_every_read_refuses_fields_that_it_does_not_have(owner: Client, till: Till) -> None:
    asked = [each for each in READS if is_asked_plainly(each)]
    assert (len(asked) > 30, till.shift_id is not None) == (True, True)

    replies = {each.path: await owner.get(each.path, params={"fields": "no_such_field"}) for each in asked}

    # Whether there is anything to read is found out before.
    there = {path: reply for path, reply in replies.items() if reply.status_code != 404}
    told = {path: (reply.status_code, reply.json().get("code")) for path, reply in there.items()}
    assert {path: each for path, each in told.items() if each != (422, "unknown_field")} == {}


async def test_the_list_that_the_database_puts_together_gives_chosen_fields(
    owner: Client, cashier: Client, till: Till
) -> None:
    await created(owner, "/api/v1/catalog/products", product_in(cost="1.5"))
    chosen: dict[str, Any] = {"fields": "items.sku,items.cost"}

    seen, hidden = [await each.get("/api/v1/catalog/variants", params=chosen) for each in (owner, cashier)]

    (shown,), (kept,) = seen.json()["items"], hidden.json()["items"]
    assert shown.keys() == kept.keys() == {"sku", "cost"}
    assert (shown["cost"], kept["cost"]) == ("1.5", None), till
