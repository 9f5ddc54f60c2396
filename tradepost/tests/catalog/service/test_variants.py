"""Lists of variants: the text from the database is what the models would have written, and totals are never wrong."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from shopfloor import created, product_in

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog.schemas import VariantRowOut, VariantsOut

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

PRODUCTS = "/api/v1/catalog/products"
VARIANTS = "/api/v1/catalog/variants"
# As no route takes them, but as a row might hold them: a list must stay JSON whatever is in the catalogue.
CONTROLS = "".join(map(chr, [*range(1, 32), 127, 0x2028, 0x2029]))
NAMES = [
    'Tonic "Light" 6×0,5 l',
    "Борщ «Домашний»",
    "back\\slash \\u0041 \\",
    f"controls {CONTROLS}",
    "爆米花 🍿 a\u0301 \u202e",
    "<script>alert('x')</script> {}[],:",
    "n" * 500,
]
DRESS = """
UPDATE catalog_variant SET name = $2, name_key = $2, sku = $2, sku_key = $1::text, options = $3::text::json,
    price = $4, cost = $5, unit = 'kg', is_active = $6, updated_at = $7::text::timestamptz
WHERE id = $1
"""
COUNT = "SELECT count(*) FROM catalog_variant"

pytestmark = pytest.mark.usefixtures("store_id")


async def total(client: Client, **params: str) -> int:
    """Return the total of a list."""
    return int((await client.get(VARIANTS, params=params)).json()["total"])


@pytest.fixture
async def odd_shelf(owner: Client, uow: UnitOfWork) -> list[str]:
    """Barcodes of variants with whatever a text, an option, a number or a moment can be."""
    codes = []
    for number, name in enumerate(NAMES):
        codes.append(f"odd {number}")
        body = product_in(barcodes=[codes[-1]])
        await created(owner, PRODUCTS, body)
        options = json.dumps({"Größe": name, '"': "\\"}, ensure_ascii=bool(number % 2))
        cost = None if number % 3 == 0 else f"{number}.500000"
        dressed = (options, f"{10**number}.{number:06d}", cost, number % 2 == 0)
        moment = f"2026-11-21 10:00:00.{number:06d}+05:30"
        await uow.write(DRESS, UUID(body["variants"][0]["id"]), name, *dressed, moment)
    return codes


@pytest.mark.parametrize("role", ["owner", "cashier"])
@pytest.mark.parametrize("params", [{}, {"sort": "-price"}, {"q": "odd"}, {"limit": "1"}])
async def test_a_list_holds_exactly_what_the_models_would_have_written(
    owner: Client, cashier: Client, odd_shelf: list[str], role: str, params: dict[str, str]
) -> None:
    client = {"owner": owner, "cashier": cashier}[role]
    alone = {}
    for code in odd_shelf:
        answer = await client.get(f"{VARIANTS}/by-code/{code}")
        alone[answer.json()["id"]] = answer.json()

    answer = await client.get(VARIANTS, params=params)

    page = VariantsOut.model_validate_json(answer.content, strict=True)
    items = answer.json()["items"]
    assert [alone[item["id"]] for item in items] == items
    assert page.model_dump(mode="json") == answer.json()
    assert page.total == len(NAMES)
    assert len(items) == int(params.get("limit", len(NAMES)))
    assert all(set(item) == set(VariantRowOut.model_fields) for item in items)
    costs = {item["cost"] for item in items}
    assert costs == {None} if role == "cashier" else costs <= {None, "1.5", "2.5", "4.5", "5.5"}
    assert role == "cashier" or params or len(costs) == 5


async def test_a_list_tells_of_every_change_at_once(owner: Client, uow: UnitOfWork) -> None:
    body = product_in(cost="1.5", options={"Size": "L"}, barcodes=["036000291452"])
    made = (await created(owner, PRODUCTS, body))["variants"][0]
    changes: list[dict[str, Any]] = [
        {"price": "3.1"}, {"cost": None}, {"sku": "Ä-1"}, {"options": {"Size": "M"}}, {"is_active": False},
        {"barcodes": []}, {"tax_rate": "5.5"}, {"unit": "kg", "quantity_step": "0.001"},
    ]  # fmt: skip
    for change in changes:
        answer = await owner.patch(f"{VARIANTS}/{made['id']}", json={"version": made["version"], **change})
        made = answer.json()
        shown = {name: made[name] for name in VariantRowOut.model_fields}
        assert (await owner.get(VARIANTS)).json()["items"] == [shown], change
    await owner.patch(f"{PRODUCTS}/{body['id']}", json={"version": 1, "name": "Renamed"})
    assert (await owner.get(VARIANTS)).json()["items"][0]["name"] == "Renamed, M"


@pytest.mark.practice(63)
async def test_totals_follow_what_comes_goes_and_is_archived(
    owner: Client, uow: UnitOfWork, import_file: ImportFile
) -> None:
    await import_file("name,price,sku\n" + "".join(f"Bread {n},1,B-{n}\n" for n in range(7)))
    first = product_in() | {"name": "Bread of the house", "tags": ["fresh"]}
    second = product_in() | {"name": "Milk", "tags": ["fresh"]}
    for body in (first, second):
        await created(owner, PRODUCTS, body)

    async def totals() -> list[int]:
        wanted: list[dict[str, str]] = [
            {}, {"sort": "-price"}, {"limit": "1"}, {"q": "bread"}, {"tag": "fresh"}, {"q": "milk", "tag": "fresh"},
        ]  # fmt: skip
        return [await total(owner, **params) for params in wanted]

    assert await totals() == [9, 9, 9, 8, 2, 1]
    assert await uow.read_value(COUNT) == 9

    await owner.patch(f"{VARIANTS}/{first['variants'][0]['id']}", json={"version": 1, "is_active": False})
    assert await totals() == [9, 9, 9, 8, 2, 1]
    await import_file("name,price,sku\nBread 1,1,B-1\nRye bread,2,R-1\n", "again.csv")
    assert await totals() == [10, 10, 10, 9, 2, 1]
    refused = await owner.post(PRODUCTS, json=product_in(sku="R-1"))
    assert refused.status_code == 409
    assert await totals() == [10, 10, 10, 9, 2, 1]
    await uow.write("DELETE FROM catalog_variant WHERE id = $1", UUID(second["variants"][0]["id"]))
    assert await totals() == [9, 9, 9, 9, 1, 0]
