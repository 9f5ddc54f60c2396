"""Changing products: by version, announced, and never two winners."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from out_of_reach import make_role
from shopfloor import business_in, created, product_in, store_in

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog.errors import SkuTaken
from tradepost.catalog.schemas import ProductIn, VariantPatch
from tradepost.catalog.service import products
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business

SignIn = Callable[[str], Awaitable[Client]]
PRODUCTS = "/api/v1/catalog/products"
VARIANTS = "/api/v1/catalog/variants"
UPC, EAN_2 = "036000291452", "4006381333931"


async def patched(client: Client, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    """Send a patch and return the answer's body."""
    answer = await client.patch(path, json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
async def tee(owner: Client, store_id: UUID) -> dict[str, Any]:
    """A T-shirt in two sizes; the large one has a barcode."""
    body = product_in(sku="TEE-L", options={"Size": "L"}, price="19.90", barcodes=[UPC]) | {"name": "Tee"}
    body["variants"].append(
        {"id": str(ids.new_id()), "sku": "TEE-M", "options": {"Size": "M"}, "price": "18.90", "tax_rate": "20"}
    )
    return await created(owner, PRODUCTS, body)


@pytest.fixture
async def clerk(program: Program, open_work: WorkOpener, sign_in_as: SignIn) -> Client:
    """Somebody who may do everything but see what products cost."""
    return await sign_in_as(await make_role(open_work, program.roles.all_rights - {"catalog.read_cost"}, {}))


def path_of(tee: dict[str, Any], place: int = 0) -> str:
    """Return the path of one of the product's variants."""
    return f"{VARIANTS}/{tee['variants'][place]['id']}"


async def events_of(uow: UnitOfWork) -> list[tuple[str, dict[str, Any]]]:
    """Return what was announced after the product was created."""
    rows = await uow.read(
        "SELECT name, payload FROM mainstay_event WHERE name LIKE 'catalog.%' ORDER BY position OFFSET 1"
    )
    return [(row["name"], row["payload"]) for row in rows]


async def test_nobody_creates_a_product_with_a_cost_that_they_may_not_see(clerk: Client, store_id: UUID) -> None:
    answer = await clerk.post(PRODUCTS, json=product_in(cost="1.20"))

    assert (answer.status_code, answer.json()["permission"]) == (403, "catalog.read_cost")
    assert (await clerk.get(VARIANTS)).json()["items"] == []
    assert (await created(clerk, PRODUCTS, product_in()))["variants"][0].get("cost") is None


@pytest.mark.parametrize("cost", ["1.20", None])
async def test_nobody_changes_a_cost_that_they_may_not_see(
    clerk: Client, owner: Client, tee: dict[str, Any], cost: str | None
) -> None:
    await patched(owner, path_of(tee), {"version": 1, "cost": "7.77"})

    problem = await patched(clerk, path_of(tee), {"version": 2, "cost": cost}, 403)

    assert problem["permission"] == "catalog.read_cost"
    await patched(clerk, path_of(tee), {"version": 2, "price": "21.50"})
    kept = (await owner.get(f"{PRODUCTS}/{tee['id']}")).json()["variants"][0]
    assert (kept["price"], kept["cost"]) == ("21.5", "7.77")


async def test_a_change_of_price_is_kept_and_announced(owner: Client, tee: dict[str, Any], uow: UnitOfWork) -> None:
    changed = await patched(owner, path_of(tee), {"version": 1, "price": "21.50"})

    assert (changed["price"], changed["version"], changed["sku"]) == ("21.5", 2, "TEE-L")
    variant = {"product_id": tee["id"], "variant_id": tee["variants"][0]["id"]}
    assert await events_of(uow) == [
        ("catalog.product_changed", variant | {"fields": ["price"]}),
        ("catalog.price_changed", variant | {"old_price": "19.9", "new_price": "21.5", "currency": "EUR"}),
    ]


async def test_an_old_version_is_refused_with_what_is_there_now(
    owner: Client, tee: dict[str, Any], uow: UnitOfWork
) -> None:
    """Rule 36: the answer has what somebody else made of it."""
    await patched(owner, path_of(tee), {"version": 1, "price": "21.50"})

    problem = await patched(owner, path_of(tee), {"version": 1, "price": "5"}, status=412)

    prices = [problem[side]["price"] for side in ("base", "mine", "theirs")]
    assert (problem["code"], prices, problem["theirs"]["version"]) == ("version_conflict", ["19.9", "5", "21.5"], 2)
    assert await uow.read_value("SELECT price FROM catalog_variant WHERE sku = 'TEE-L'") == Decimal("21.5")
    await patched(owner, f"{PRODUCTS}/{tee['id']}", {"version": 1, "name": "Shirt"})
    problem = await patched(owner, f"{PRODUCTS}/{tee['id']}", {"version": 1, "name": "Blouse"}, status=412)
    assert (problem["code"], problem["theirs"]["name"]) == ("version_conflict", "Shirt")


async def test_a_description_keeps_its_lines_and_no_control_characters(owner: Client, tee: dict[str, Any]) -> None:
    path = f"{PRODUCTS}/{tee['id']}"
    changed = await patched(owner, path, {"version": 1, "description": "Soft,\n\twarm <b>&</b> red"})
    assert (changed["description"], changed["version"]) == ("Soft,\n\twarm <b>&</b> red", 2)
    refused = await patched(owner, path, {"version": 2, "description": "a\x1b[31m"}, status=422)
    assert refused["errors"][0]["field"] == "description"


async def test_a_patch_that_changes_nothing_leaves_the_version(
    owner: Client, tee: dict[str, Any], uow: UnitOfWork
) -> None:
    same = await patched(owner, path_of(tee), {"version": 1, "price": "19.900", "barcodes": [UPC]})
    product = await patched(owner, f"{PRODUCTS}/{tee['id']}", {"version": 1, "name": "Tee"})
    assert (same["version"], product["version"], await events_of(uow)) == (1, 1, [])


async def test_what_a_patch_leaves_out_stays_and_null_takes_away(owner: Client, tee: dict[str, Any]) -> None:
    await patched(owner, path_of(tee), {"version": 1, "cost": "3.5", "is_active": False})
    changed = await patched(owner, path_of(tee), {"version": 2, "sku": None})
    assert [changed[key] for key in ("sku", "cost", "is_active", "price", "barcode")] == [
        None, "3.5", False, "19.9", UPC,
    ]  # fmt: skip
    assert (await patched(owner, path_of(tee), {"version": 3, "cost": None}))["cost"] is None
    refused = await patched(owner, path_of(tee), {"version": 4, "price": None}, status=422)
    assert refused["errors"][0]["field"] == "price"


async def test_a_new_name_reaches_all_variants_and_the_search(owner: Client, tee: dict[str, Any]) -> None:
    await patched(owner, f"{PRODUCTS}/{tee['id']}", {"version": 1, "name": "Jumper", "tags": ["warm"], "vendor": "K"})

    found = (await owner.get(VARIANTS, params={"q": "jumper"})).json()["items"]

    assert [item["name"] for item in found] == ["Jumper, L", "Jumper, M"]
    assert [item["version"] for item in found] == [1, 1]
    assert not [item for item in (await owner.get(VARIANTS, params={"q": "tee l"})).json()["items"] if not item["sku"]]
    by_tag = (await owner.get(VARIANTS, params={"tag": "warm"})).json()
    assert (by_tag["total"], len(by_tag["items"])) == (2, 2)
    shown = (await owner.get(f"{PRODUCTS}/{tee['id']}")).json()
    assert (shown["version"], shown["tags"], shown["vendor"]) == (2, ["warm"], "K")


async def test_barcodes_are_replaced_and_scan_at_once(owner: Client, tee: dict[str, Any]) -> None:
    """Rule 28: a code that was given up is free for another product."""
    changed = await patched(owner, path_of(tee), {"version": 1, "barcodes": [EAN_2, "SHELF"]})

    assert [code["code"] for code in changed["barcodes"]] == [EAN_2, "SHELF"]
    assert changed["barcode"] == EAN_2
    assert (await owner.get(f"{VARIANTS}/by-code/SHELF")).json()["id"] == tee["variants"][0]["id"]
    assert (await owner.get(f"{VARIANTS}/by-code/{UPC}")).status_code == 404
    await patched(owner, path_of(tee, 1), {"version": 1, "barcodes": [UPC]})
    assert (await owner.get(f"{VARIANTS}/by-code/{UPC}")).json()["id"] == tee["variants"][1]["id"]
    found = (await owner.get(VARIANTS, params={"q": "shelf"})).json()["items"]
    assert [item["id"] for item in found] == [tee["variants"][0]["id"]]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"barcodes": [UPC]}, 409, "catalog.barcode_taken"),
        ({"sku": "tee-l"}, 409, "catalog.sku_taken"),
        ({"options": {"Size": "L"}}, 409, "catalog.options_taken"),
        ({"barcodes": ["4006381333932"]}, 422, "catalog.invalid_product"),
        ({"price": "1.234"}, 422, "catalog.invalid_product"),
        ({"tax_rate": "7"}, 422, "catalog.invalid_product"),
        ({"price": "-1"}, 422, "invalid_input"),
        ({"version": 0}, 422, "invalid_input"),
    ],
)
async def test_a_change_that_breaks_a_rule_changes_nothing(
    owner: Client, tee: dict[str, Any], uow: UnitOfWork, change: dict[str, Any], status: int, code: str
) -> None:
    """Rules 26 and 28."""
    problem = await patched(owner, path_of(tee, 1), {"version": 1, "cost": "1"} | change, status)

    assert problem["code"] == code
    assert (await owner.get(f"{PRODUCTS}/{tee['id']}")).json() == tee
    assert await events_of(uow) == []


async def test_a_wrong_code_that_an_import_kept_may_stay(owner: Client, tee: dict[str, Any], uow: UnitOfWork) -> None:
    """Rule 26: only what is entered now is checked."""
    await uow.write(
        "INSERT INTO catalog_barcode (key, code, kind, variant_id, position) VALUES ($1, $1, 'internal', $2, 1)",
        "26015638",
        UUID(tee["variants"][0]["id"]),
    )
    changed = await patched(owner, path_of(tee), {"version": 1, "barcodes": ["26015638", UPC]})
    assert [code["code"] for code in changed["barcodes"]] == ["26015638", UPC]
    assert changed["barcode"] == "26015638"


async def test_the_hidden_cost_stays_hidden_in_a_conflict(owner: Client, tee: dict[str, Any], clerk: Client) -> None:
    await patched(owner, path_of(tee), {"version": 1, "cost": "3.117"})
    problem = await patched(owner, path_of(tee), {"version": 1, "cost": "4"}, status=412)
    assert (problem["theirs"]["cost"], problem["conflicts"]) == ("3.117", ["cost"])
    await patched(owner, path_of(tee), {"version": 2, "cost": "4.118"})

    problem = await patched(clerk, path_of(tee), {"version": 2, "price": "5"}, status=412)

    assert (problem["base"]["cost"], problem["theirs"]["cost"], problem["mine"]) == (None, None, {"price": "5"})
    assert "3.117" not in str(problem)
    assert "4.118" not in str(problem)


# -- at the same moment ------------------------------------------------------------------------------------------------


@pytest.fixture
async def shared(committed: WorkOpener) -> WorkOpener:
    """A database with a business, on which units of work run side by side."""
    async with committed(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))
    return committed


async def at_once(open_work: WorkOpener, *bodies: dict[str, Any]) -> list[str]:
    """Create products at the same moment and return how each ended."""

    async def create(body: dict[str, Any]) -> str:
        async with open_work(SYSTEM) as uow:
            await products.create_product(uow, ProductIn.model_validate(body))
        return "created"

    outcomes = await asyncio.gather(*map(create, bodies), return_exceptions=True)
    return sorted(outcome if isinstance(outcome, str) else type(outcome).__name__ for outcome in outcomes)


@pytest.mark.practice(45)
async def test_of_two_products_with_one_sku_exactly_one_is_created(shared: WorkOpener) -> None:
    """Rule 28: the other is a conflict (409), and leaves nothing behind."""
    outcomes = await at_once(shared, *(product_in(sku="SAME") for _ in range(5)))

    assert outcomes == ["SkuTaken"] * 4 + ["created"]
    assert SkuTaken.status == 409
    async with shared(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_product") == 1
        assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'catalog.product_created'") == 1


@pytest.mark.practice(45)
async def test_of_two_products_with_one_barcode_exactly_one_is_created(shared: WorkOpener) -> None:
    """Rule 28: also when one prints it with 12 digits and the other with 13."""
    outcomes = await at_once(shared, product_in(barcodes=[UPC]), product_in(barcodes=[f"0{UPC}"]))

    assert outcomes == ["BarcodeTaken", "created"]
    async with shared(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_variant") == 1


async def test_the_same_request_five_times_at_once_is_one_product(shared: WorkOpener) -> None:
    """Rule 18."""
    body = product_in(barcodes=[UPC])
    assert await at_once(shared, *(body for _ in range(5))) == ["created"] * 5
    async with shared(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_variant") == 1


async def test_of_two_variants_that_take_one_sku_at_once_one_gets_it(shared: WorkOpener) -> None:
    """Rule 28."""
    bodies = [product_in(sku=f"OLD-{number}") for number in range(2)]
    await at_once(shared, *bodies)

    async def change(variant_id: str) -> str:
        async with shared(SYSTEM) as uow:
            await products.change_variant(uow, UUID(variant_id), VariantPatch(version=1, sku="NEW"))
        return "changed"

    wanted = (change(body["variants"][0]["id"]) for body in bodies)
    outcomes = await asyncio.gather(*wanted, return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SkuTaken", "str"]
    async with shared(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM catalog_variant WHERE sku = 'NEW'") == 1


async def test_of_two_changes_of_one_version_one_wins(shared: WorkOpener) -> None:
    """Rule 36."""
    body = product_in()
    await at_once(shared, body)
    variant_id = UUID(body["variants"][0]["id"])

    async def change(price: str) -> str:
        async with shared(SYSTEM) as uow:
            await products.change_variant(uow, variant_id, VariantPatch(version=1, price=Decimal(price)))
        return price

    outcomes = await asyncio.gather(change("3"), change("4"), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["VersionConflict", "str"]
    async with shared(SYSTEM) as uow:
        kept = await uow.read_row("SELECT trim_scale(price)::text AS price, version FROM catalog_variant")
    assert kept is not None
    assert kept["price"] in outcomes
    assert kept["version"] == 2
