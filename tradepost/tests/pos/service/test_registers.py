"""Registers, and finding products at one."""

import pytest
from shopfloor import ProductFactory, Till, created, line_in, sale_in, sell

from mainstay import ids
from mainstay.testing.client import Client

REGISTERS = "/api/v1/pos/registers"


def register_in(till: Till, **changed: object) -> dict[str, object]:
    """Return one more register of the till's store."""
    body = {"id": str(ids.new_id()), "store_id": str(till.store_id), "code": "HS2", "name": "Till 2"}
    return body | changed


async def test_registers_tell_which_shift_is_open(cashier: Client, till: Till) -> None:
    (register,) = (await cashier.get(REGISTERS)).json()["items"]

    assert (register["code"], register["store_name"]) == ("HS1", "Harbour Street")
    assert register["open_shift"]["id"] == str(till.shift_id)


async def test_a_register_is_added_once(owner: Client, till: Till) -> None:
    body = register_in(till)
    first = await created(owner, REGISTERS, body)

    assert await created(owner, REGISTERS, body) == first
    assert len((await owner.get(REGISTERS)).json()["items"]) == 2


async def test_two_registers_never_share_a_series(owner: Client, till: Till) -> None:
    """Rule 17: the code heads the receipt numbers, so it is unique."""
    answer = await owner.post(REGISTERS, json=register_in(till, code="HS1"))

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.register_code_taken")


async def test_the_id_of_another_register_is_refused(owner: Client, till: Till) -> None:
    answer = await owner.post(REGISTERS, json=register_in(till, id=str(till.register_id), code="HS9"))

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.id_reused")


async def test_an_archived_register_is_not_set_up_again(owner: Client, till: Till) -> None:
    body = register_in(till)
    await created(owner, REGISTERS, body)
    assert (await owner.post(f"{REGISTERS}/{body['id']}/archive")).status_code == 204

    answer = await owner.post(REGISTERS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.id_reused")
    assert [register["code"] for register in (await owner.get(REGISTERS)).json()["items"]] == ["HS1"]


async def test_a_cashier_adds_no_register(cashier: Client, till: Till) -> None:
    answer = await cashier.post(REGISTERS, json=register_in(till))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_register_needs_a_store(owner: Client, till: Till) -> None:
    answer = await owner.post(REGISTERS, json=register_in(till, store_id=str(ids.new_id())))

    assert answer.status_code == 404


@pytest.mark.parametrize("code", ["", "hs1", "HS-1", "ABCDEFGHI"])
async def test_a_code_that_is_no_series_is_refused(owner: Client, till: Till, code: str) -> None:
    answer = await owner.post(REGISTERS, json=register_in(till, code=code))

    assert answer.status_code == 422


async def test_a_scan_finds_price_and_stock(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    """Rule 26: the code scans as it is printed."""
    product = await make_product(price="4.20", stock="7", barcode="4009309132524")

    answer = await cashier.get("/api/v1/pos/find/by-code/4009309132524", params={"store_id": str(till.store_id)})

    tile = answer.json()
    assert (tile["variant_id"], tile["price"], tile["on_hand"]) == (str(product.variant_id), "4.2", "7")


async def test_an_unknown_code_is_a_clear_error(cashier: Client, till: Till) -> None:
    answer = await cashier.get("/api/v1/pos/find/by-code/4009309132524", params={"store_id": str(till.store_id)})

    assert (answer.status_code, answer.json()["code"]) == (404, "pos.unknown_code")
    assert "4009309132524" in answer.json()["detail"]


async def find(client: Client, till: Till, **query: str) -> list[str]:
    """Return the names that the finder shows."""
    answer = await client.get("/api/v1/pos/find", params={"store_id": str(till.store_id), **query})
    assert answer.status_code == 200, answer.text
    return [tile["name"] for tile in answer.json()["items"]]


async def test_the_empty_finder_shows_first_what_sold_lately(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    products = [await make_product() for _ in range(3)]
    await sell(cashier, sale_in(till, [line_in(products[1])], 249))

    names = await find(cashier, till)

    assert names[0] == products[1].name
    assert sorted(names) == sorted(product.name for product in products)


async def test_the_finder_finds_by_part_of_the_name(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    product = await make_product()
    await make_product()

    assert (await find(cashier, till, q=product.name))[0] == product.name


async def test_the_finder_of_an_unknown_store_is_not_found(cashier: Client, till: Till) -> None:
    answer = await cashier.get("/api/v1/pos/find", params={"store_id": str(ids.new_id())})

    assert answer.status_code == 404
