"""The list of variants as a file: what the list shows, all of it, in its order, and harmless to spreadsheets."""

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from shopfloor import created, product_in

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog.repository import lists

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

VARIANTS = "/api/v1/catalog/variants"
EXPORT = "/api/v1/catalog/variants.csv"
HEAD = ["name", "sku", "barcode", "tax_rate", "cost", "price", "currency", "unit", "is_active"]

pytestmark = pytest.mark.usefixtures("store_id")


async def rows_of(client: Client, **params: str | list[str]) -> list[list[str]]:
    """Return the cells of an exported list, its head first."""
    answer = await client.get(EXPORT, params=params)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def listed(client: Client, **params: str) -> list[dict[str, Any]]:
    """Return every row of a list, page by page as the screen asks for it."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await client.get(VARIANTS, params=params | ({"cursor": cursor} if cursor else {}))).json()
        found += page["items"]
        cursor = page["next_cursor"]
    return found


@pytest.fixture
async def shelf(owner: Client, import_file: ImportFile, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An owner with a catalogue of several pages, of which some are tagged and some not sold any more."""
    monkeypatch.setattr(lists, "EXPORT_PAGE", 4)
    await import_file(
        "name,price,sku,cost\nCamenbert,1,T-a,1\n"
        + "".join(f"Camembert {n % 5},{n % 7}.5,{f'T-{n}' if n % 3 else ''},1\n" for n in range(20))
    )
    for name, tags in (
        ("=cmd()", ["odd"]),
        ("Tae alike", []),
        ('Téa; "green", 5%\nx'.replace("\n", " "), ["odd", "tea"]),
        ("чай", []),
    ):
        await created(owner, "/api/v1/catalog/products", product_in(cost="0.5") | {"name": name, "tags": tags})
    await uow.write("UPDATE catalog_variant SET is_active = false WHERE price = 1.5 OR name = '=cmd()'")
    return owner


@pytest.mark.practice(65)
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"sort": "-name"},
        {"sort": "price"},
        {"sort": "sku"},
        {"q": "camembert"},
        {"q": "camenbert"},
        {"q": '5% "green"'},
        {"q": "%_\\"},
        {"q": "camembert", "sort": "-price", "is_active": "true"},
        {"tag": "odd"},
        {"tag": "odd", "q": "green", "is_active": "true"},
        {"is_active": "false"},
        {"is_active": "true", "sort": "changed"},
        {"tag": "' OR true --"},
    ],
)
async def test_a_file_holds_what_the_list_shows_in_its_order(shelf: Client, params: dict[str, str]) -> None:
    shown = await listed(shelf, **params)

    head, *rows = await rows_of(shelf, **params)

    assert head == HEAD
    assert rows == [[cell_of(item, column) for column in HEAD] for item in shown]


def cell_of(item: dict[str, Any], column: str) -> str:
    """Return what a spreadsheet shows of a row of the list."""
    value = item[column]
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith("=") else text


async def test_a_file_has_the_columns_that_are_asked_for_once(shelf: Client) -> None:
    found = await rows_of(shelf, tag="odd", column=["price", "name", "price"])
    assert found == [["price", "name"], ["2.49", "'=cmd()"], ["2.49", 'Téa; "green", 5% x']]


async def test_costs_are_only_for_those_who_may_see_them(shelf: Client, cashier: Client) -> None:
    assert (await rows_of(cashier))[0] == [column for column in HEAD if column != "cost"]
    assert await rows_of(cashier, tag="odd", column=["cost", "unit"]) == [["unit"], ["piece"], ["piece"]]


async def test_an_empty_list_is_a_file_with_a_head(owner: Client) -> None:
    assert await rows_of(owner) == [HEAD]


async def test_a_file_can_be_imported_again_and_changes_nothing(shelf: Client, import_file: ImportFile) -> None:
    """Rule 35: what is exported is read back as the same."""
    text = (await shelf.get(EXPORT, params={"tag": "odd"})).content.decode("utf-8-sig")

    again = await import_file(text, "again.csv")

    assert (again["rows_rejected"], again["created"], again["updated"], again["unchanged"]) == (0, 0, 0, 2)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sort": "weight"}, "unknown_sort"),
        ({"column": "secret"}, "invalid_input"),
        ({"q": "x" * 201}, "invalid_input"),
        ({"is_active": "maybe"}, "invalid_input"),
        ({"tag": "x" * 101}, "invalid_input"),
    ],
)
async def test_a_file_that_cannot_be_is_refused(owner: Client, params: dict[str, str], code: str) -> None:
    answer = await owner.get(EXPORT, params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_nobody_exports_without_signing_in(api: Client) -> None:
    assert (await api.get(EXPORT)).status_code == 401


async def test_what_is_sold_and_what_is_not_make_up_the_catalogue(shelf: Client, uow: UnitOfWork) -> None:
    every = await uow.read_value("SELECT count(*) FROM catalog_variant")
    inactive = await uow.read_value("SELECT count(*) FROM catalog_variant WHERE NOT is_active")
    for query in ({}, {"sort": "-price"}):
        totals = [
            (await shelf.get(VARIANTS, params=query | only)).json()["total"]
            for only in ({}, {"is_active": "true"}, {"is_active": "false"})
        ]
        assert totals == [every, every - inactive, inactive]
    assert {item["is_active"] for item in await listed(shelf, is_active="true", limit="5")} == {True}
    assert {UUID(item["id"]) for item in await listed(shelf, is_active="false", limit="2")} == {
        row["id"] for row in await uow.read("SELECT id FROM catalog_variant WHERE NOT is_active")
    }
