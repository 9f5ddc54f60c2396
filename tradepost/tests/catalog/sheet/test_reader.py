"""Rows of both layouts: a product on a row, and Shopify's product on many."""

import csv
from decimal import Decimal

import pytest

from tradepost.catalog.sheet.layout import find_layout
from tradepost.catalog.sheet.reader import Reader
from tradepost.catalog.sheet.row import SheetRow

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Variant SKU,Variant Inventory Qty,Variant Price,Variant Barcode,Variant Taxable,Image Src,Cost per item,Status"
)


def read(text: str) -> list[SheetRow]:
    """Return the rows of a table."""
    layout = find_layout(text)
    records = csv.reader(text.splitlines(keepends=True), delimiter=layout.separator)
    return list(Reader(layout).read(enumerate(records, start=1)))


def shopify(**cells: str) -> str:
    """Return a line of Shopify's export."""
    names = {
        "handle": "Handle", "title": "Title", "body": "Body (HTML)", "vendor": "Vendor", "tags": "Tags",
        "published": "Published", "name1": "Option1 Name", "value1": "Option1 Value", "name2": "Option2 Name",
        "value2": "Option2 Value", "sku": "Variant SKU", "qty": "Variant Inventory Qty", "price": "Variant Price",
        "barcode": "Variant Barcode", "taxable": "Variant Taxable", "image": "Image Src", "cost": "Cost per item",
        "status": "Status",
    }  # fmt: skip
    given = {names[key]: value for key, value in cells.items()}
    return ",".join('"' + given.get(name, "").replace('"', '""') + '"' for name in SHOPIFY.split(","))


def problems(rows: list[SheetRow]) -> list[str | None]:
    """Return the reason of each row, None for those that can be accepted."""
    return [row.problem.code if row.problem else None for row in rows]


def test_a_plain_row_says_all_there_is_to_a_product() -> None:
    header = "name,price,barcode,sku,cost,tax_rate,stock,unit,vendor,tags,description\n"
    (row,) = read(f'{header}Gouda,"12,90",96385074,G-1,"7,1234","5,5","3,250",kg,Dairy,"cheese, dutch,cheese",Old\n')

    assert row.problem is None
    assert (row.number, row.name, row.price, row.cost) == (2, "Gouda", Decimal("12.90"), Decimal("7.1234"))
    assert (row.sku, row.code and row.code.gtin, row.tax_rate) == ("G-1", "00000096385074", Decimal("5.5"))
    assert (row.quantity, row.unit, row.vendor, row.description) == (Decimal("3.25"), "kg", "Dairy", "Old")
    assert row.tags == ["cheese", "dutch"]


def test_what_a_row_leaves_empty_is_unknown_and_not_zero() -> None:
    (row,) = read("name,price,cost,tax_rate,stock,sku\nBread,1.00,,,,\n")
    assert (row.cost, row.tax_rate, row.quantity, row.sku, row.code) == (None, None, None, None, None)
    assert row.lacks_tax_rate
    assert not read("name,price\nBread,1.00\n")[0].lacks_tax_rate


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Bread,", "missing_price"),
        ("Bread", "missing_price"),
        (",1.00", "missing_name"),
        ("x" * 501 + ",1.00", "name_too_long"),
        ("x" * 5000 + ",1.00", "name_too_long"),
        ("Bread,-1", "negative_price"),
        ("Bread,NaN", "invalid_price"),
        ("Bread,1e9", "invalid_price"),
        ("Bread,2,49", "too_many_cells"),
        ("Br\x00ead,1.00", "control_character"),
        ('"=cmd|/C calc",2', None),
    ],
)
def test_bad_rows_are_rejected_and_the_next_is_read(line: str, code: str | None) -> None:
    """Rule 35."""
    rows = read(f"name,price\n{line}\nMilk,1.10\n")
    assert problems(rows) == [code, None]
    assert rows[1].name == "Milk"


def test_blank_rows_count_but_are_no_rows() -> None:
    rows = read("name,price\n,,\n\nMilk,1.10\n  \n")
    assert [(row.number, row.name) for row in rows] == [(4, "Milk")]


def test_three_decimals_are_read_with_a_doubt() -> None:
    """Rule 2: what they are sold by settles it later."""
    (row,) = read("name,price,unit\nHam,2.499,kg\n")
    assert (row.price, row.unit, row.doubt is not None) == (Decimal("2.499"), "kg", True)


def test_shopifys_product_on_many_rows_is_one_product() -> None:
    body = '<p>Soft,\n"warm" &amp; red</p>\r\n<ul><li>1</li></ul>'
    rows = read(
        "\n".join(
            [
                SHOPIFY,
                shopify(handle="tee", title="Tee", body=body, vendor="Knit", tags="a, b", name1="Colour", value1="Red",
                        name2="Size", value2="L", sku="T-RL", qty="3", price="19.90", barcode="'0036000291452",
                        taxable="true", cost="8", status="active"),
                shopify(handle="tee", value1="Red", value2="M", sku="T-RM", qty="0", price="18.90", taxable="true"),
                shopify(handle="tee", image="https://cdn.example/2.jpg"),
                shopify(handle="mug", title="Mug", name1="Title", value1="Default Title", price="5.00",
                        published="false"),
            ]
        )
    )  # fmt: skip

    red, medium, _, mug = rows
    assert problems(rows) == [None] * 4
    assert [row.number for row in rows] == [2, 3, 4, 5]
    assert (red.handle, red.name, red.description) == ("tee", "Tee", body)
    assert (red.options, medium.options, mug.options) == (
        {"Colour": "Red", "Size": "L"},
        {"Colour": "Red", "Size": "M"},
        {},
    )
    assert (red.code and red.code.gtin, red.cost, red.quantity) == ("00036000291452", Decimal(8), Decimal(3))
    assert (medium.name, medium.description, medium.tags, medium.quantity) == ("Tee", body, ["a", "b"], Decimal(0))
    assert [row.is_part for row in rows] == [False, False, True, False]
    assert [row.is_active for row in (red, medium, mug)] == [True, True, False]


def test_a_shopify_product_without_a_title_takes_its_rows_with_it() -> None:
    rows = read(
        "\n".join(
            [
                SHOPIFY,
                shopify(handle="tee", price="1.00"),
                shopify(handle="tee", value1="M", price="1.00"),
                shopify(title="No handle", price="1.00"),
                shopify(handle="mug", title="Mug"),
                shopify(handle="mug", name1="Size", value1="L", price="2.00"),
                shopify(handle="cup", title="Cup", price="1.00", taxable="FALSE", status="draft"),
            ]
        )
    )
    assert problems(rows) == ["missing_name", "product_rejected", "missing_handle", "missing_price", None, None]
    assert rows[1].problem is not None
    assert "row 2" in rows[1].problem.sentence
    assert [warning.code for warning in rows[5].warnings] == ["not_taxable"]
    assert rows[5].is_active is False
