"""Stock over HTTP: each route allowed, forbidden, not found and with bad input."""

from typing import Any

import pytest
from shopfloor import ProductFactory, Till, adjust, created, line_in, sale_in, sell

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

LEVELS = "/api/v1/stock/levels"
MOVEMENTS = "/api/v1/stock/movements"
ADJUSTMENTS = "/api/v1/stock/adjustments"


def adjustment_in(till: Till, variant: object, quantity: object = "5", **changed: object) -> dict[str, Any]:
    """Return a correction as its route takes it."""
    return {
        "id": str(ids.new_id()),
        "store_id": str(till.store_id),
        "variant_id": str(variant),
        "quantity": quantity,
        "note": "Counted",
    } | changed


async def test_levels_are_given_for_what_is_kept(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    kept, other = await make_product(stock="38"), await make_product()
    query = {"store_id": str(till.store_id), "variant_id": [str(kept.variant_id), str(other.variant_id)]}

    answer = await cashier.get(LEVELS, params=query)

    level = {"variant_id": str(kept.variant_id), "store_id": str(till.store_id), "on_hand": "38"}
    assert (answer.status_code, answer.json()) == (200, {"items": [level]})


async def test_levels_of_another_store_are_its_own(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    product = await make_product(stock="38")

    answer = await cashier.get(LEVELS, params={"store_id": str(ids.new_id()), "variant_id": str(product.variant_id)})

    assert answer.json() == {"items": []}


@pytest.mark.parametrize("count", [0, 201])
async def test_levels_of_too_few_or_too_many_variants_are_refused(cashier: Client, till: Till, count: int) -> None:
    query = {"store_id": str(till.store_id), "variant_id": [str(ids.new_id()) for _ in range(count)]}

    answer = await cashier.get(LEVELS, params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_the_ledger_tells_what_came_and_went_and_why(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 10: every row names its document and the balance after it."""
    product = await make_product(stock="10")
    sold = await sell(owner, sale_in(till, [line_in(product, "2")], 498))

    answer = await owner.get(MOVEMENTS, params={"store_id": str(till.store_id), "variant_id": str(product.variant_id)})

    ledger = answer.json()
    sale, counted = ledger["items"]
    assert (ledger["total"], ledger["next_cursor"]) == (2, None)
    assert (sale["kind"], sale["quantity"], sale["balance"], sale["source_id"]) == ("sale", "-2", "8", sold["id"])
    assert (counted["kind"], counted["quantity"], counted["note"]) == ("adjustment", "10", "Counted")
    assert counted["actor_name"].startswith("Owner")


async def test_the_ledger_is_paged_without_gap_or_double(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product()
    for quantity in range(1, 6):
        await adjust(owner, till.store_id, product.variant_id, str(quantity))
    query = {"store_id": str(till.store_id), "variant_id": str(product.variant_id), "limit": "2"}

    seen: list[str] = []
    sizes: list[int] = []
    cursor: str | None = None
    while cursor is not None or not sizes:
        page = (await owner.get(MOVEMENTS, params=query | ({"cursor": cursor} if cursor else {}))).json()
        seen += [row["quantity"] for row in page["items"]]
        sizes.append(len(page["items"]))
        assert page["total"] == 5
        cursor = page["next_cursor"]

    assert (seen, sizes) == (["5", "4", "3", "2", "1"], [2, 2, 1])


async def test_a_page_of_the_ledger_has_two_hundred_rows_at_most(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product(stock="1")
    query = {"store_id": str(till.store_id), "variant_id": str(product.variant_id), "limit": "9999"}

    answer = await owner.get(MOVEMENTS, params=query)

    assert (answer.status_code, answer.json()["total"]) == (200, 1)


@pytest.mark.parametrize("query", [{"limit": "0"}])
async def test_a_foreign_cursor_or_limit_is_refused(
    owner: Client, till: Till, make_product: ProductFactory, query: dict[str, str]
) -> None:
    product = await make_product()
    asked = {"store_id": str(till.store_id), "variant_id": str(product.variant_id)} | query

    answer = await owner.get(MOVEMENTS, params=asked)

    assert answer.status_code == 422


async def test_a_correction_moves_the_level(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product(stock="10")
    body = adjustment_in(till, product.variant_id, "-2.5", note="Two and a half jars broken")

    answer = await owner.post(ADJUSTMENTS, json=body)

    assert (answer.status_code, answer.json()) == (201, body)
    assert await uow.read_value("SELECT on_hand FROM stock_level") == 7.5


async def test_the_same_correction_again_changes_nothing(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    body = adjustment_in(till, (await make_product()).variant_id)
    first = await created(owner, ADJUSTMENTS, body)

    assert await created(owner, ADJUSTMENTS, body) == first
    assert await uow.read_value("SELECT on_hand FROM stock_level") == 5


@pytest.mark.parametrize("change", [{"quantity": "6"}, {"note": "Counted again"}])
async def test_the_same_id_with_other_content_is_refused(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, change: dict[str, str]
) -> None:
    body = adjustment_in(till, (await make_product()).variant_id)
    await created(owner, ADJUSTMENTS, body)

    answer = await owner.post(ADJUSTMENTS, json=body | change)

    assert (answer.status_code, answer.json()["code"]) == (409, "stock.adjustment_reused")
    assert await uow.read_value("SELECT on_hand FROM stock_level") == 5


async def test_more_than_there_is_cannot_be_taken_away(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 12."""
    product = await make_product(stock="2")

    answer = await owner.post(ADJUSTMENTS, json=adjustment_in(till, product.variant_id, "-3"))

    assert (answer.status_code, answer.json()["code"]) == (409, "stock.not_enough")
    assert answer.json()["items"] == [{"variant_id": str(product.variant_id), "on_hand": "2", "wanted": "3"}]
    assert await uow.read_value("SELECT on_hand FROM stock_level") == 2


async def test_an_unknown_product_is_not_found(owner: Client, till: Till) -> None:
    answer = await owner.post(ADJUSTMENTS, json=adjustment_in(till, ids.new_id()))

    assert (answer.status_code, answer.json()["code"]) == (404, "stock.unknown_item")


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "0"},
        {"quantity": "0.000"},
        {"quantity": "0.0001"},
        {"quantity": "NaN"},
        {"quantity": "Infinity"},
        {"quantity": "-Infinity"},
        {"quantity": "99999999999"},
        {"quantity": 1.5},
        {"quantity": None},
        {"note": ""},
        {"note": "x" * 201},
        {"surprise": 1},
    ],
)
async def test_bad_corrections_are_refused_and_change_nothing(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, change: dict[str, object]
) -> None:
    """Rule 29: exact decimals with up to three places, and never a binary float (rule 1)."""
    product = await make_product()

    answer = await owner.post(ADJUSTMENTS, json=adjustment_in(till, product.variant_id) | change)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert await uow.read_value("SELECT count(*) FROM stock_movement") == 0


async def test_a_cashier_sees_stock_but_does_not_correct_it(
    cashier: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    product = await make_product()

    answer = await cashier.post(ADJUSTMENTS, json=adjustment_in(till, product.variant_id))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert await uow.read_value("SELECT count(*) FROM stock_movement") == 0
    query = {"store_id": str(till.store_id), "variant_id": str(product.variant_id)}
    assert (await cashier.get(MOVEMENTS, params=query)).status_code == 200


async def test_nobody_gets_in_without_signing_in(api: Client, till: Till) -> None:
    query = {"store_id": str(till.store_id), "variant_id": str(ids.new_id())}

    answers = [
        await api.get(LEVELS, params=query),
        await api.get(MOVEMENTS, params=query),
        await api.post(ADJUSTMENTS, json=adjustment_in(till, ids.new_id())),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "identity.not_signed_in")}
