"""Sales, refunds and shifts as files: what the lists show, all of it, in their order."""

import csv
import io
from typing import Any

import pytest
from shopfloor import ProductFactory, Till, TillFactory, add_till, back_in, give_back, line_in, refund_in, sale_in, sell

from mainstay.testing.client import Client
from tradepost.pos.service import export

POS = "/api/v1/pos"
SALES_HEAD = [
    *("receipt_number", "sold_at", "register_name", "cashier_name", "lines_count", "total", "refunded", "currency")
]


async def rows_of(client: Client, name: str, **params: str | list[str]) -> list[list[str]]:
    """Return the cells of an exported list, its head first."""
    answer = await client.get(f"{POS}/{name}.csv", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def listed(client: Client, name: str, **params: str) -> list[dict[str, Any]]:
    """Return the rows of a list."""
    found: list[dict[str, Any]] = (await client.get(f"{POS}/{name}", params=params)).json()["items"]
    return found


def as_utc(moment: str) -> str:
    """Return a moment of the API as files have it: to the second."""
    return f"{moment[:19]}Z"


@pytest.mark.practice(65)
@pytest.mark.parametrize("narrowed", [{}, {"q": "hs1-"}, {"q": "HS10"}, {"q": "%"}, {"shift_id": "own", "q": "hs"}])
async def test_a_file_of_sales_holds_what_the_list_shows(
    owner: Client,
    till: Till,
    make_product: ProductFactory,
    monkeypatch: pytest.MonkeyPatch,
    narrowed: dict[str, str],
) -> None:
    monkeypatch.setattr(export, "EXPORT_PAGE", 2)
    second = await add_till(owner, till.store_id, "HS10")
    product = await make_product()
    for one in (till, second, till, till, second):
        await sell(owner, sale_in(one, [line_in(product)], 249))
    params = {name: str(till.shift_id) if value == "own" else value for name, value in narrowed.items()}

    head, *rows = await rows_of(owner, "sales", **params)

    assert head == SALES_HEAD
    assert rows == [
        [
            sale["receipt_number"], as_utc(sale["sold_at"]), sale["register_name"], sale["cashier_name"], "1", "2.49",
            "0.00", "EUR",
        ]
        for sale in await listed(owner, "sales", **params)
    ]  # fmt: skip


async def test_a_file_has_the_columns_that_are_asked_for_once(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    await sell(owner, sale_in(till, [line_in(await make_product(), "2")], 498))
    found = await rows_of(owner, "sales", column=["total", "receipt_number", "total"])
    assert found == [["total", "receipt_number"], ["4.98", "HS1-000001"]]


async def test_amounts_have_the_decimals_of_their_currency(open_till: TillFactory, owner: Client) -> None:
    till = await open_till("JPY")
    await owner.post(f"{POS}/shifts/{till.shift_id}/close", json={"counted_minor": 9990})
    found = await rows_of(owner, "shifts", column=["float", "counted", "difference", "currency"])
    assert found[1:] == [["10000", "9990", "-10", "JPY"]]


async def test_a_file_of_shifts_tells_an_open_one_from_a_closed_one(
    owner: Client, till: Till, make_product: ProductFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "EXPORT_PAGE", 1)
    await sell(owner, sale_in(till, [line_in(await make_product())], 249))
    await owner.post(f"{POS}/shifts/{till.shift_id}/close", json={"counted_minor": 10200})
    await add_till(owner, till.store_id, "HS2")

    columns = ["register_name", "closed_at", "expected", "counted", "difference", "takings", "sales_count"]
    head, *rows = await rows_of(owner, "shifts", column=columns)

    shifts = await listed(owner, "shifts")
    assert head == columns
    assert rows == [
        ["Till HS2", "", "", "", "", "0.00", "0"],
        [shifts[1]["register_name"], as_utc(shifts[1]["closed_at"]), "102.49", "102.00", "-0.49", "2.49", "1"],
    ]
    alone = await rows_of(owner, "shifts", register_id=str(till.register_id), column=["register_name"])
    assert alone == [["register_name"], [shifts[1]["register_name"]]]


async def test_a_file_of_refunds_holds_what_the_list_shows_and_that_of_sales_what_came_back(
    owner: Client, till: Till, make_product: ProductFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "EXPORT_PAGE", 1)
    sale = await sell(owner, sale_in(till, [line_in(await make_product(), "3")], 747))
    for _ in range(2):
        await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))

    head, *rows = await rows_of(owner, "refunds", business_day=sale["business_day"])

    assert head == list(export.REFUND_COLUMNS)
    assert rows == [
        [
            refund["receipt_number"], "HS1-000001", as_utc(refund["refunded_at"]), refund["register_name"],
            refund["cashier_name"], "Does not fit", "1", "2.49", "EUR",
        ]
        for refund in await listed(owner, "refunds")
    ]  # fmt: skip
    assert [row[0] for row in rows] == ["HS1-000003", "HS1-000002"]
    columns = ["receipt_number", "total", "refunded"]
    assert await rows_of(owner, "sales", column=columns) == [columns, ["HS1-000001", "7.47", "4.98"]]
    shift = await rows_of(owner, "shifts", column=["takings", "sales_count", "refunded", "refunds_count"])
    assert shift[1] == ["2.49", "1", "4.98", "2"]


async def test_all_columns_are_written_unless_told_otherwise(owner: Client, till: Till) -> None:
    assert (await rows_of(owner, "sales"))[0] == SALES_HEAD
    assert (await rows_of(owner, "shifts"))[0] == list(export.SHIFT_COLUMNS)
    assert (await rows_of(owner, "refunds"))[0] == list(export.REFUND_COLUMNS)


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("sales", {"column": "cost"}),
        ("sales", {"store_id": "x"}),
        ("sales", {"business_day": "today"}),
        ("sales", {"q": "x" * 101}),
        ("refunds", {"column": "total"}),
        ("shifts", {"column": "id"}),
        ("shifts", {"register_id": "x"}),
    ],
)
async def test_a_file_that_cannot_be_is_refused(owner: Client, till: Till, name: str, params: dict[str, str]) -> None:
    answer = await owner.get(f"{POS}/{name}.csv", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
