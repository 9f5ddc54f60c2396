"""The catalogue's routes for products: who may, what is refused, and what is never confused."""

import json
from typing import Any
from uuid import UUID

import pytest
from counting import Statements, own
from shopfloor import created, product_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog.schemas import VariantRowOut, VariantsOut

PRODUCTS = "/api/v1/catalog/products"
VARIANTS = "/api/v1/catalog/variants"
BY_CODE = "/api/v1/catalog/variants/by-code"
# The same article as printed with 12 and with 13 digits.
UPC, EAN = "036000291452", "0036000291452"

pytestmark = pytest.mark.usefixtures("store_id")


async def assert_refused(client: Client, method: str, path: str, body: object, expected: tuple[int, str]) -> Any:  # noqa: ANN401  JSON
    """Send a request, expect a refusal, and return the problem."""
    answer = await client.request(method, path, json=body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == expected, answer.text
    return problem


async def rows_of_the_catalogue(uow: UnitOfWork) -> int:
    """Return how many products, variants and barcodes there are."""
    return int(
        await uow.read_value(
            "SELECT (SELECT count(*) FROM catalog_product) + (SELECT count(*) FROM catalog_variant)"
            " + (SELECT count(*) FROM catalog_barcode)"
        )
    )


# -- creating ----------------------------------------------------------------------------------------------------------


async def test_a_product_is_created_with_its_variants_and_barcodes(owner: Client, uow: UnitOfWork) -> None:
    body = product_in() | {
        "name": "T-shirt",
        "description": "Soft\nand warm",
        "vendor": "Knitters",
        "tags": ["wear", "summer"],
        "variants": [
            {
                "id": str(ids.new_id()),
                "sku": "TEE-RL",
                "options": {"Size": "L", "Colour": "Red"},
                "price": "19.90",
                "cost": "7.1234",
                "tax_rate": "20.00",
                "barcodes": [UPC, "SHELF-7"],
            },
            {"id": str(ids.new_id()), "options": {"Size": "M", "Colour": "Red"}, "price": "18", "tax_rate": "5.5"},
        ],
    }

    made = await created(owner, PRODUCTS, body)

    assert made == (await owner.get(f"{PRODUCTS}/{body['id']}")).json()
    large, medium = made["variants"]
    assert large["name"] == "T-shirt, L / Red"
    assert list(large["options"]) == ["Size", "Colour"]
    assert (large["price"], large["cost"], large["tax_rate"], large["currency"]) == ("19.9", "7.1234", "20", "EUR")
    assert large["barcodes"] == [
        {"code": UPC, "gtin": "00036000291452", "kind": "gtin"},
        {"code": "SHELF-7", "gtin": None, "kind": "internal"},
    ]
    assert (medium["barcode"], medium["sku"], medium["cost"], medium["version"]) == (None, None, None, 1)
    events = await uow.read("SELECT name, payload FROM mainstay_event WHERE name LIKE 'catalog.%'")
    assert [(event["name"], event["payload"]) for event in events] == [
        ("catalog.product_created", {"product_id": body["id"]})
    ]


async def test_the_answer_names_the_place_of_what_was_created(owner: Client) -> None:
    body = product_in()
    answer = await owner.post(PRODUCTS, json=body)
    assert answer.headers["Location"] == f"{PRODUCTS}/{body['id']}"


async def test_the_same_product_again_changes_nothing(owner: Client, uow: UnitOfWork) -> None:
    """Rule 18: the id is the idempotency key, also after the product was changed."""
    body = product_in(barcodes=[UPC])
    first = await created(owner, PRODUCTS, body)
    await owner.patch(f"{PRODUCTS}/{body['id']}", json={"version": 1, "name": "Renamed"})

    again = await created(owner, PRODUCTS, body)

    assert again["name"] == "Renamed"
    assert again["id"] == first["id"]
    assert await rows_of_the_catalogue(uow) == 3


async def test_the_same_id_with_other_content_is_refused(owner: Client) -> None:
    """Rule 18."""
    body = product_in()
    await created(owner, PRODUCTS, body)
    await assert_refused(owner, "POST", PRODUCTS, body | {"name": "Other"}, (409, "catalog.id_reused"))
    other = product_in(id=body["variants"][0]["id"])
    await assert_refused(owner, "POST", PRODUCTS, other, (409, "catalog.id_reused"))


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"price": "2.499"}, "variants.0.price", "too_many_decimals"),
        ({"price": "2.49999", "unit": "kg", "quantity_step": "0.001", "cost": "1.1234567"}, None, None),
        ({"cost": "1.1234567"}, None, None),
        ({"price": "1.0000001", "unit": "kg"}, None, None),
        ({"tax_rate": "7"}, "variants.0.tax_rate", "unknown_tax_rate"),
        ({"quantity_step": "0.5"}, "variants.0.quantity_step", "not_whole"),
        ({"barcodes": ["4006381333932"]}, "variants.0.barcodes.0", "wrong_check_digit"),
        ({"barcodes": ["12\n34"]}, "variants.0.barcodes.0", "invalid_barcode"),
        ({"barcodes": [UPC, EAN]}, "variants.0.barcodes", "duplicate"),
    ],
)
async def test_what_the_business_does_not_allow_is_refused(
    owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str | None, code: str | None
) -> None:
    """Rules 2, 26 and 28: a price per piece has the currency's decimals, one per measure may have four more."""
    expected = (422, "catalog.invalid_product" if field else "invalid_input")
    problem = await assert_refused(owner, "POST", PRODUCTS, product_in(**change), expected)
    if field:
        assert (field, code) in {(error["field"], error["code"]) for error in problem["errors"]}
    assert await rows_of_the_catalogue(uow) == 0


async def test_a_price_by_measure_may_be_finer_than_a_coin(owner: Client) -> None:
    """Rule 2."""
    made = await created(owner, PRODUCTS, product_in(price="2.495", unit="kg", quantity_step="0.001", cost="1.123456"))
    assert [made["variants"][0][key] for key in ("price", "cost", "quantity_step")] == ["2.495", "1.123456", "0.001"]


async def test_all_that_is_wrong_is_told_at_once(owner: Client) -> None:
    body = product_in(price="1.234", tax_rate="7", barcodes=["4006381333932"])
    problem = await assert_refused(owner, "POST", PRODUCTS, body, (422, "catalog.invalid_product"))
    assert len(problem["errors"]) == 3
    assert "last digit would have to be 1" in json.dumps(problem)


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": "-0.01"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "Infinity"}, "price"),
        ({"price": "1e13"}, "price"),
        ({"price": 2.49}, "price"),
        ({"price": ""}, "price"),
        ({"price": None}, "price"),
        ({"price": "1.1234567"}, "price"),
        ({"cost": "-1"}, "cost"),
        ({"tax_rate": "100.5"}, "tax_rate"),
        ({"quantity_step": "0"}, "quantity_step"),
        ({"unit": "dozen"}, "unit"),
        ({"sku": " "}, "sku"),
        ({"sku": "x" * 65}, "sku"),
        ({"options": {"a": "1", "b": "2", "c": "3", "d": "4"}}, "options"),
        ({"options": {"Size": ""}}, "options.Size"),
        ({"barcodes": ["1"] * 21}, "barcodes"),
        ({"barcodes": [""]}, "barcodes.0"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_malformed_variants_are_refused(
    owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str
) -> None:
    """Rule 1: no floats, nothing infinite, nothing negative."""
    problem = await assert_refused(owner, "POST", PRODUCTS, product_in(**change), (422, "invalid_input"))
    assert any(error["field"].startswith(f"variants.0.{field}") for error in problem["errors"]), problem["errors"]
    assert await rows_of_the_catalogue(uow) == 0


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "x" * 501}, {"name": "x" * 5000}, {"name": "a\nb"}, {"variants": []}, {"tags": [""]},
     {"tags": ["x"] * 51}, {"description": "x" * 65_537}, {"id": "1"}, {"extra": 1}],
)  # fmt: skip
async def test_malformed_products_are_refused(owner: Client, uow: UnitOfWork, change: dict[str, Any]) -> None:
    problem = await assert_refused(owner, "POST", PRODUCTS, product_in() | change, (422, "invalid_input"))
    assert problem["errors"]
    assert await rows_of_the_catalogue(uow) == 0


async def test_names_come_back_as_they_were_typed(owner: Client) -> None:
    """Rule 33: every letter of every script; markup is text."""
    for name in ("Борщ «Домашний»", "<script>alert('x')</script>", "कढ़ी चावल", "نان‌فروشی", "👩‍🍳 50% off_"):
        made = await created(owner, PRODUCTS, product_in() | {"name": name})
        found = (await owner.get(VARIANTS, params={"q": name})).json()
        assert (made["name"], found["items"][0]["name"]) == (name, name)


async def test_free_products_are_products(owner: Client) -> None:
    """Rule 1: zero is a price."""
    assert (await created(owner, PRODUCTS, product_in(price="0")))["variants"][0]["price"] == "0"


# -- taken codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [UPC, EAN, "00036000291452"])
async def test_a_barcode_of_another_product_is_refused_in_any_form(owner: Client, uow: UnitOfWork, code: str) -> None:
    """Rule 28: the answer names who has it."""
    first = product_in(barcodes=[UPC]) | {"name": "Tissues"}
    await created(owner, PRODUCTS, first)

    problem = await assert_refused(owner, "POST", PRODUCTS, product_in(barcodes=[code]), (409, "catalog.barcode_taken"))

    assert problem["detail"] == f"The barcode {code} belongs to Tissues."
    assert problem["taken"] == [
        {"code": code, "variant_id": first["variants"][0]["id"], "product_id": first["id"], "name": "Tissues"}
    ]
    assert await rows_of_the_catalogue(uow) == 3


async def test_an_sku_is_taken_whatever_its_case(owner: Client, uow: UnitOfWork) -> None:
    await created(owner, PRODUCTS, product_in(sku="Tee-1") | {"name": "Tee"})

    problem = await assert_refused(owner, "POST", PRODUCTS, product_in(sku="TEE-1"), (409, "catalog.sku_taken"))

    assert problem["taken"][0]["name"] == "Tee"
    assert await rows_of_the_catalogue(uow) == 2


async def test_variants_of_a_product_differ(owner: Client) -> None:
    twins = product_in()
    twins["variants"] += [twins["variants"][0] | {"id": str(ids.new_id()), "sku": None}]
    problem = await assert_refused(owner, "POST", PRODUCTS, twins, (422, "catalog.invalid_product"))
    assert problem["errors"][0]["field"] == "variants.1.options"
    same_sku = product_in(sku="A")
    same_sku["variants"] += [same_sku["variants"][0] | {"id": str(ids.new_id()), "sku": "a", "options": {"S": "M"}}]
    problem = await assert_refused(owner, "POST", PRODUCTS, same_sku, (422, "catalog.invalid_product"))
    assert problem["errors"][0]["field"] == "variants.1.sku"


# -- looking up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [UPC, EAN, "00036000291452", "36000291452", " 036000291452 "])
async def test_a_code_scans_in_every_printed_length(cashier: Client, owner: Client, code: str) -> None:
    """Rule 26: also when the scanner drops the leading zero."""
    body = product_in(barcodes=[UPC])
    await created(owner, PRODUCTS, body)

    answer = await cashier.get(f"{BY_CODE}/{code}")

    assert (answer.status_code, answer.json()["id"]) == (200, body["variants"][0]["id"])
    assert answer.json()["barcode"] == UPC


@pytest.mark.parametrize("code", ["SH/7 é", "sh/7 É"])
async def test_an_sku_is_typed_in_any_case_and_with_any_sign(owner: Client, code: str) -> None:
    body = product_in(sku="Sh/7 é")
    await created(owner, PRODUCTS, body)
    assert (await owner.get(f"{BY_CODE}/{code}")).json()["id"] == body["variants"][0]["id"]


async def test_a_barcode_goes_before_an_sku(owner: Client) -> None:
    """Rule 28: one code, one product, always the same."""
    by_barcode = product_in(barcodes=[UPC])
    await created(owner, PRODUCTS, product_in(sku=UPC))
    await created(owner, PRODUCTS, by_barcode)
    assert (await owner.get(f"{BY_CODE}/{UPC}")).json()["id"] == by_barcode["variants"][0]["id"]


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("4006381333931", "No product has the code 4006381333931."),
        ("4006381333932", "The barcode 4006381333932 is mistyped: its last digit would have to be 1."),
        ("nothing", "No product has the code nothing."),
        ("x" * 70, "This cannot be a code of a product."),
    ],
)
async def test_an_unknown_code_is_said_to_be_unknown(owner: Client, code: str, detail: str) -> None:
    """Rule 26: the check digit is verified on scan too."""
    problem = await assert_refused(owner, "GET", f"{BY_CODE}/{code}", None, (404, "catalog.unknown_code"))
    assert problem["detail"] == detail


async def test_a_look_up_is_one_statement(owner: Client, statements: Statements) -> None:
    """Beside the session's."""
    await created(owner, PRODUCTS, product_in(barcodes=[UPC]))
    async with statements() as seen:
        assert (await owner.get(f"{BY_CODE}/{UPC}")).status_code == 200
    assert len(own(seen)) == 1


# -- listing -----------------------------------------------------------------------------------------------------------


@pytest.mark.practice(42)
async def test_a_list_of_100_takes_as_many_statements_as_a_list_of_one(owner: Client, statements: Statements) -> None:
    for _ in range(100):
        await created(owner, PRODUCTS, product_in())
    counts = []
    for limit in (1, 100):
        async with statements() as seen:
            page = (await owner.get(VARIANTS, params={"limit": limit})).json()
        assert len(page["items"]) == limit
        counts.append(len(own(seen)))
    assert counts[0] == counts[1]


async def test_a_page_holds_what_its_description_says(owner: Client) -> None:
    body = product_in(cost="1.5", barcodes=[UPC], options={"Size": "L"}) | {"name": 'A "quoted"\\ name'}
    await created(owner, PRODUCTS, body)

    answer = await owner.get(VARIANTS)

    page = VariantsOut.model_validate_json(answer.content, strict=True)
    assert answer.headers["Content-Type"] == "application/json"
    assert (page.total, page.next_cursor) == (1, None)
    assert page.items[0].model_dump(mode="json") == {
        "id": body["variants"][0]["id"],
        "product_id": body["id"],
        "name": 'A "quoted"\\ name, L',
        "options": {"Size": "L"},
        "sku": body["variants"][0]["sku"],
        "barcode": UPC,
        "price": "2.49",
        "cost": "1.5",
        "currency": "EUR",
        "tax_rate": "20",
        "unit": "piece",
        "is_active": True,
        "version": 1,
        "updated_at": page.items[0].model_dump(mode="json")["updated_at"],
    }
    assert set(answer.json()["items"][0]) == set(VariantRowOut.model_fields)
    assert page.items[0] == VariantRowOut.model_validate((await owner.get(f"{BY_CODE}/{UPC}")).json())


async def test_an_empty_catalogue_is_an_empty_page(owner: Client) -> None:
    assert (await owner.get(VARIANTS)).json() == {"items": [], "next_cursor": None, "total": 0}
    assert (await owner.get(VARIANTS, params={"q": "bread"})).json()["total"] == 0


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": "x"}, {"sort": "colour"}, {"q": "x" * 201}])
async def test_lists_refuse_what_they_do_not_know(owner: Client, params: dict[str, Any]) -> None:
    answer = await owner.get(VARIANTS, params=params)
    code = "unknown_sort" if "sort" in params else "invalid_input"
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# -- who may -----------------------------------------------------------------------------------------------------------


async def test_a_cashier_reads_but_sees_no_cost(owner: Client, cashier: Client) -> None:
    body = product_in(cost="1.5", barcodes=[UPC])
    await created(owner, PRODUCTS, body)

    assert (await owner.get(f"{BY_CODE}/{UPC}")).json()["cost"] == "1.5"
    assert (await cashier.get(f"{BY_CODE}/{UPC}")).json()["cost"] is None
    assert (await cashier.get(VARIANTS)).json()["items"][0]["cost"] is None
    assert (await cashier.get(f"{PRODUCTS}/{body['id']}")).json()["variants"][0]["cost"] is None


async def test_a_cashier_changes_no_product(owner: Client, cashier: Client, uow: UnitOfWork) -> None:
    body = product_in()
    await created(owner, PRODUCTS, body)
    for method, path, change in (
        ("POST", PRODUCTS, product_in()),
        ("PATCH", f"{PRODUCTS}/{body['id']}", {"version": 1, "name": "x"}),
        ("PATCH", f"{VARIANTS}/{body['variants'][0]['id']}", {"version": 1, "price": "0.01"}),
    ):
        await assert_refused(cashier, method, path, change, (403, "not_allowed"))
    assert await uow.read_value("SELECT count(*) FROM catalog_variant WHERE version = 1 AND price = 2.49") == 1


@pytest.mark.parametrize("path", [VARIANTS, f"{BY_CODE}/1", f"{PRODUCTS}/{UUID(int=1)}"])
async def test_nobody_reads_without_signing_in(api: Client, path: str) -> None:
    assert (await api.get(path)).status_code == 401


async def test_what_does_not_exist_is_not_found(owner: Client) -> None:
    missing = ids.new_id()
    for method, body in (("GET", None), ("PATCH", {"version": 1})):
        await assert_refused(owner, method, f"{PRODUCTS}/{missing}", body, (404, "catalog.unknown_product"))
    await assert_refused(owner, "PATCH", f"{VARIANTS}/{missing}", {"version": 1}, (404, "catalog.unknown_variant"))
    await assert_refused(owner, "GET", f"{PRODUCTS}/1", None, (422, "invalid_input"))
