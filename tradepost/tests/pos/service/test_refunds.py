"""Reading refunds back: one, a list, and what of a sale is left."""

from typing import Any
from uuid import UUID

import pytest
from counting import Statements, own
from shopfloor import ProductFactory, Till, add_till, back_in, give_back, line_in, refund_in, sale_in, sell

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

POS = "/api/v1/pos"
REFUNDS = f"{POS}/refunds"


@pytest.fixture
async def sale(owner: Client, till: Till, make_product: ProductFactory) -> dict[str, Any]:
    """Ten pieces for 24.90."""
    return await sell(owner, sale_in(till, [line_in(await make_product(), "10")], 2490))


async def test_a_refund_reads_back_as_it_was_answered(owner: Client, till: Till, sale: dict[str, Any]) -> None:
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))

    assert (await owner.get(f"{REFUNDS}/{refund['id']}")).json() == refund


@pytest.mark.parametrize("path", ["refunds/{}", "refunds/{}/receipt.txt", "sales/{}/left"])
async def test_what_there_is_not_is_not_found(owner: Client, till: Till, path: str) -> None:
    answer = await owner.get(f"{POS}/{path.format(ids.new_id())}")

    assert (answer.status_code, answer.json()["code"].split("_")[0]) == (404, "pos.unknown")


async def test_what_is_left_is_told_with_the_refunds_that_took_the_rest(
    owner: Client, till: Till, sale: dict[str, Any]
) -> None:
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale, quantity="4")], 996))

    left = (await owner.get(f"{POS}/sales/{sale['id']}/left")).json()

    assert (left["payable_minor"], left["card_minor"], left["rounding_mode"]) == (1494, 0, "half_up")
    [line] = left["lines"]
    assert (line["quantity"], line["refunded_quantity"], line["net_minor"], line["tax_minor"]) == ("10", "4", 2075, 415)
    assert [(one["id"], one["payable_minor"], one["sale_id"]) for one in left["refunds"]] == [
        (refund["id"], 996, sale["id"])
    ]


@pytest.mark.practice(42)
async def test_refunds_are_paged_without_gap_or_double_in_as_many_statements(
    owner: Client, till: Till, sale: dict[str, Any], statements: Statements
) -> None:
    given = [(await give_back(owner, refund_in(till, sale, [back_in(sale)], 249)))["id"] for _ in range(5)]
    seen: list[str] = []
    cursor, taken = None, []
    while cursor is not None or not seen:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        async with statements() as ran:
            page = (await owner.get(REFUNDS, params=query)).json()
        taken.append(len(own(ran)))
        seen += [one["id"] for one in page["items"]]
        assert page["total"] == 5
        cursor = page["next_cursor"]

    assert seen == given[::-1]
    assert max(taken) == min(taken) <= 2


async def test_refunds_are_found_by_number_store_day_and_shift(owner: Client, till: Till, sale: dict[str, Any]) -> None:
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    cashier = (await owner.get("/api/v1/identity/session")).json()["person"]
    fitting = {
        "store_id": str(till.store_id),
        "business_day": refund["business_day"],
        "shift_id": str(till.shift_id),
        "sale_id": sale["id"],
        "cashier_id": cashier["id"],
        "business_day[gte]": refund["business_day"],
        "refunded_at[lte]": refund["refunded_at"],
        "q": "hs1-",
    }

    assert (await owner.get(REFUNDS, params=fitting)).json()["total"] == 1
    for other in (
        {"store_id": str(ids.new_id())},
        {"business_day": "2020-01-01"},
        {"shift_id": str(ids.new_id())},
        {"sale_id": str(ids.new_id())},
        {"cashier_id": str(ids.new_id())},
        {"business_day[lte]": "2020-01-01"},
        {"refunded_at[lt]": refund["refunded_at"]},
        {"q": "HS2"},
    ):
        assert (await owner.get(REFUNDS, params=other)).json() == {"items": [], "next_cursor": None, "total": 0}
    assert (await owner.get(REFUNDS, params={"cursor": "x"})).status_code == 422


async def test_refunds_come_in_the_order_asked_for_in_the_list_and_in_its_file(
    owner: Client, till: Till, sale: dict[str, Any]
) -> None:
    given = [(await give_back(owner, refund_in(till, sale, [back_in(sale)], 249)))["receipt_number"] for _ in range(3)]
    for sort in ("refunded_at", "receipt_number"):
        for key, wanted in ((sort, given), (f"-{sort}", given[::-1])):
            listed = (await owner.get(REFUNDS, params={"sort": key})).json()["items"]
            lines = (await owner.get(f"{REFUNDS}.csv", params={"sort": key, "column": "receipt_number"})).text.split()
            assert [one["receipt_number"] for one in listed] == lines[-3:] == wanted


async def test_lists_of_sales_have_no_refunds_and_say_what_came_back(
    owner: Client, till: Till, sale: dict[str, Any]
) -> None:
    """Nothing counts a refund as a sale, though both take a number of the series."""
    await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))

    listed = (await owner.get(f"{POS}/sales")).json()

    assert listed["total"] == 1
    assert [(one["total_minor"], one["refunded_minor"]) for one in listed["items"]] == [(2490, 249)]


async def test_who_reaches_one_store_or_their_own_sales_sees_their_refunds_alone(
    owner: Client, cashier: Client, till: Till, sale: dict[str, Any], uow: UnitOfWork
) -> None:
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    seen = [f"{REFUNDS}/{refund['id']}", f"{POS}/sales/{sale['id']}/left"]
    assert [(await owner.get(path)).status_code for path in seen] == [200, 200]
    await uow.write("""UPDATE identity_role SET extents = '{"pos.sales": "own"}' WHERE key = 'cashier'""")
    await uow.commit()

    assert [(await cashier.get(path)).status_code for path in seen] == [404, 404]
    assert (await cashier.get(REFUNDS)).json()["total"] == 0
    shift = (await cashier.get(f"{POS}/shifts/{till.shift_id}")).json()
    assert (shift["sales_count"], shift["refunds_count"], shift["cash_minor"]) == (0, 0, 0)


async def test_refunds_of_another_store_are_out_of_reach(
    owner: Client, cashier: Client, till: Till, sale: dict[str, Any], uow: UnitOfWork
) -> None:
    refund = await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    elsewhere = UUID(int=7)
    await uow.write("UPDATE identity_person SET place_ids = ARRAY[$1::uuid] WHERE role = 'cashier'", elsewhere)
    await uow.commit()

    assert (await cashier.get(f"{REFUNDS}/{refund['id']}")).status_code == 404
    assert (await cashier.get(REFUNDS)).json()["total"] == 0


async def test_reading_refunds_needs_the_right(api: Client, till: Till) -> None:
    for path in (REFUNDS, f"{REFUNDS}.csv", f"{REFUNDS}/{ids.new_id()}", f"{POS}/sales/{ids.new_id()}/left"):
        assert (await api.get(path)).status_code == 401


async def test_the_refunds_of_a_register_count_in_the_shift_that_gave_the_money(
    owner: Client, till: Till, sale: dict[str, Any]
) -> None:
    other = await add_till(owner, till.store_id, "HS2")
    await give_back(owner, refund_in(other, sale, [back_in(sale)], 249))

    of_sale, of_refund = [(await owner.get(f"{POS}/shifts/{place.shift_id}")).json() for place in (till, other)]

    assert (of_sale["takings_minor"], of_sale["refunds_count"]) == (2490, 0)
    assert (of_refund["takings_minor"], of_refund["cash_minor"], of_refund["refunds_count"]) == (-249, -249, 1)
