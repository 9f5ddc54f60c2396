"""One change to many variants: good and bad items mixed, and each told what became of it."""

import asyncio
from typing import Any

import pytest
from shopfloor import business_in, created, product_in, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog.schemas import ProductIn, VariantsBulkIn
from tradepost.catalog.service import bulk, products
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business

PRODUCTS = "/api/v1/catalog/products"
BULK = "/api/v1/catalog/variants/bulk"
OFF = {"kind": "set_active", "is_active": False}
TAG = {"kind": "add_tag", "tag": "Summer"}
AT_ONCE = 8


@pytest.fixture(autouse=True)
def shop(request: pytest.FixtureRequest) -> None:
    """A business, except where the test brings its own database."""
    if "committed" not in request.fixturenames:
        request.getfixturevalue("store_id")


async def made(owner: Client, **changed: Any) -> dict[str, Any]:  # noqa: ANN401  fields of a product
    """Make a product of one variant and return it."""
    return await created(owner, PRODUCTS, product_in() | changed)


def item(product: dict[str, Any], version: int | None = None) -> dict[str, Any]:
    """Name a product's first variant in the version that was read."""
    variant = product["variants"][0]
    return {"id": variant["id"], "version": version or variant["version"]}


async def outcomes(client: Client, change: dict[str, Any], *items: dict[str, Any]) -> list[str]:
    """Make a change and return what became of each item."""
    answer = await client.post(BULK, json={"change": change, "items": list(items)})
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    assert [one["id"] for one in found] == [one["id"] for one in items]
    return [one["outcome"] for one in found]


async def present(owner: Client, product: dict[str, Any]) -> dict[str, Any]:
    """Return a product as it is now."""
    now: dict[str, Any] = (await owner.get(f"{PRODUCTS}/{product['id']}")).json()
    return now


@pytest.mark.practice(66)
async def test_good_and_bad_items_may_be_mixed_and_each_is_told(owner: Client) -> None:
    """Rule 36: what somebody else changed first stays as they left it."""
    good, stale, already = [await made(owner) for _ in range(3)]
    for product, change in ((stale, {"price": "9"}), (already, {"is_active": False})):
        body = {"version": 1, **change}
        await owner.patch(f"/api/v1/catalog/variants/{product['variants'][0]['id']}", json=body)
    nobody = {"id": str(ids.new_id()), "version": 1}

    answer = await owner.post(BULK, json={"change": OFF, "items": [nobody, item(good), item(stale), item(already)]})

    told = answer.json()["items"]
    assert [(one["outcome"], one["version"], one["code"]) for one in told] == [
        ("unknown", None, "catalog.unknown_variant"),
        ("changed", 2, None),
        ("conflict", 2, "version_conflict"),
        ("unchanged", 2, None),
    ]
    sides = told[2]["sides"]
    assert (sides["base"]["price"], sides["theirs"]["price"], sides["mine"]) == ("2.49", "9", {"is_active": False})
    assert [one["sides"] is None for one in told] == [True, True, False, True]
    sold = [(await present(owner, product))["variants"][0]["is_active"] for product in (good, stale, already)]
    assert sold == [False, True, False]


async def test_a_repeated_call_changes_nothing_more(owner: Client, uow: UnitOfWork) -> None:
    product = await made(owner)
    assert await outcomes(owner, OFF, item(product)) == ["changed"]
    assert await outcomes(owner, OFF, item(product)) == ["unchanged"]
    assert (await present(owner, product))["variants"][0]["version"] == 2
    events = "SELECT count(*) FROM mainstay_event WHERE name = 'catalog.product_changed'"
    assert await uow.read_value(events) == 1


async def test_a_tax_rate_is_set_where_the_business_has_it(owner: Client) -> None:
    product = await made(owner)
    wanted = {"kind": "set_tax_rate", "tax_rate": "5.50"}
    assert await outcomes(owner, wanted, item(product)) == ["changed"]
    assert (await present(owner, product))["variants"][0]["tax_rate"] == "5.5"

    answer = await owner.post(BULK, json={"change": wanted | {"tax_rate": "7"}, "items": [item(product, 2)]})

    (told,) = answer.json()["items"]
    assert (told["outcome"], told["code"], told["version"]) == ("refused", "catalog.invalid_product", 2)
    assert "7" in told["detail"]
    assert (await present(owner, product))["variants"][0]["tax_rate"] == "5.5"


async def test_a_tag_comes_and_goes_for_the_product(owner: Client) -> None:
    tagged, bare = await made(owner, tags=["Summer", "new"]), await made(owner, tags=["new"])
    items = item(tagged), item(bare)
    assert await outcomes(owner, TAG, *items) == ["unchanged", "changed"]
    assert [(await present(owner, one))["tags"] for one in (tagged, bare)] == [["Summer", "new"], ["new", "Summer"]]
    assert await outcomes(owner, {"kind": "remove_tag", "tag": "Summer"}, *items) == ["changed", "changed"]
    assert [(await present(owner, one))["tags"] for one in (tagged, bare)] == [["new"], ["new"]]
    assert await outcomes(owner, {"kind": "remove_tag", "tag": "Summer"}, *items) == ["unchanged", "unchanged"]


async def test_variants_of_one_product_get_its_tag_once(owner: Client) -> None:
    body = product_in(options={"Size": "L"})
    body["variants"].append({"id": str(ids.new_id()), "price": "1", "tax_rate": "20", "options": {"Size": "M"}})
    product = await created(owner, PRODUCTS, body)
    items = [{"id": variant["id"], "version": 1} for variant in product["variants"]]
    assert await outcomes(owner, TAG, *items) == ["changed", "unchanged"]
    assert (await present(owner, product))["version"] == 2


async def test_a_tag_is_not_put_on_what_somebody_else_changed_first(owner: Client) -> None:
    """Rule 36."""
    product = await made(owner)
    await owner.patch(f"/api/v1/catalog/variants/{product['variants'][0]['id']}", json={"version": 1, "price": "9"})
    assert await outcomes(owner, TAG, item(product)) == ["conflict"]
    assert (await present(owner, product))["tags"] == []


async def test_a_product_takes_fifty_tags_and_no_more(owner: Client) -> None:
    full = await made(owner, tags=[f"tag {number}" for number in range(50)])
    assert await outcomes(owner, TAG, item(full)) == ["refused"]
    assert len((await present(owner, full))["tags"]) == 50


@pytest.mark.practice(66)
async def test_two_hundred_items_are_taken_and_no_more(owner: Client) -> None:
    items = [{"id": str(ids.new_id()), "version": 1} for _ in range(201)]
    assert await outcomes(owner, OFF, *items[:200]) == ["unknown"] * 200
    answer = await owner.post(BULK, json={"change": OFF, "items": items})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "set_active"},
        {"kind": "set_active", "is_active": "maybe"},
        {"kind": "set_price", "price": "1"},
        {"kind": "set_tax_rate", "tax_rate": "-1"},
        {"kind": "set_tax_rate", "tax_rate": 5.5},
        {"kind": "set_tax_rate", "tax_rate": "NaN"},
        {"kind": "add_tag", "tag": " "},
        {"kind": "add_tag", "tag": "x" * 101},
        {"kind": "add_tag", "tag": "two\nlines"},
        {"kind": "add_tag", "tag": "a", "is_active": False},
    ],
)
async def test_a_change_that_cannot_be_is_refused(owner: Client, change: dict[str, Any]) -> None:
    product = await made(owner)
    answer = await owner.post(BULK, json={"change": change, "items": [item(product)]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("items", [[], ["same", "same"], [{"id": "x", "version": 1}], [{"version": 1}]])
async def test_items_that_cannot_be_are_refused(owner: Client, items: list[Any]) -> None:
    product = await made(owner)
    body = {"change": OFF, "items": [item(product) if one == "same" else one for one in items]}
    answer = await owner.post(BULK, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (await present(owner, product))["variants"][0]["is_active"] is True


@pytest.mark.practice(66)
async def test_only_those_who_write_the_catalogue_may(api: Client, cashier: Client, owner: Client) -> None:
    body = {"change": OFF, "items": [item(await made(owner))]}
    assert (await api.post(BULK, json=body)).status_code == 401
    answer = await cashier.post(BULK, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_many_changes_at_once_wait_in_line_whatever_their_order(committed: WorkOpener) -> None:
    bodies = [product_in() for _ in range(30)]
    async with committed(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))
        for body in bodies:
            await products.create_product(uow, ProductIn.model_validate(body))

    async def tag(number: int) -> list[str]:
        items = [{"id": body["variants"][0]["id"], "version": 1} for body in bodies][:: 1 if number % 2 else -1]
        wanted = {"change": {"kind": "add_tag", "tag": f"tag {number}"}, "items": items}
        async with committed(SYSTEM) as uow:
            answer = await bulk.change_variants(uow, VariantsBulkIn.model_validate(wanted))
        return [one.outcome for one in answer.items]

    found = await asyncio.gather(*map(tag, range(AT_ONCE)))

    assert found == [["changed"] * len(bodies)] * AT_ONCE
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT min(cardinality(tags)) FROM catalog_product") == AT_ONCE
