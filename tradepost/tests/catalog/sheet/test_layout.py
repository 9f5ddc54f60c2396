"""Headers: separators, layouts and what columns are called."""

import pytest

from mainstay.sheet.problem import SheetProblem
from tradepost.catalog.sheet.layout import find_layout

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Qty,Variant Price,Variant Taxable,Variant Barcode,Image Src,Cost per item,Status\n"
)


def test_the_header_of_the_sample_is_known() -> None:
    layout = find_layout("barcode,name,price,tax_rate,stock\n2298756002593,Bread,24.00,10,248\n")
    assert (layout.separator, layout.format, layout.header_row) == (",", "plain", 1)
    assert layout.fields == {"barcode": 0, "name": 1, "price": 2, "tax_rate": 3, "stock": 4}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("columns", [("Name", "Price"), ("Название", "Цена"), ("  NAME ", '"PRICE"')])
def test_separators_are_found_by_the_columns_they_make(separator: str, columns: tuple[str, str]) -> None:
    layout = find_layout(f"{separator.join(columns)}{separator}Remarks, and more\n")
    assert (layout.separator, layout.fields) == (separator, {"name": 0, "price": 1})


def test_russian_headers_are_known() -> None:
    layout = find_layout("Штрих-код;Артикул;Наименование товара;Цена (руб.);НДС;Остаток;Ед. изм.;Себестоимость\n")
    assert layout.fields == {
        "barcode": 0, "sku": 1, "name": 2, "price": 3, "tax_rate": 4, "stock": 5, "unit": 6, "cost": 7,
    }  # fmt: skip


def test_synonyms_are_known_and_the_likelier_column_wins() -> None:
    layout = find_layout("Product,Retail price,Price,EAN,Qty,VAT,Purchase price\n")
    assert layout.fields == {"name": 0, "price": 2, "barcode": 3, "stock": 4, "tax_rate": 5, "cost": 6}


def test_shopifys_export_is_recognised() -> None:
    layout = find_layout(SHOPIFY)
    assert layout.format == "shopify"
    assert layout.fields == {
        "handle": 0, "name": 1, "description": 2, "vendor": 3, "tags": 5, "published": 6, "option1_name": 7,
        "option1_value": 8, "sku": 9, "stock": 10, "price": 11, "taxable": 12, "barcode": 13, "cost": 15, "status": 16,
    }  # fmt: skip


def test_shopifys_newer_export_is_recognised() -> None:
    layout = find_layout("Title,URL handle,Description,SKU,Barcode,Option1 name,Option1 value,Price,Charge tax\n")
    assert (layout.format, layout.fields["handle"], layout.fields["taxable"]) == ("shopify", 1, 8)


def test_a_line_that_states_the_separator_and_empty_lines_are_passed_over() -> None:
    layout = find_layout("sep=;\n;;\n\nname;price\n")
    assert (layout.separator, layout.header_row) == (";", 4)


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("Bread,1.00\nMilk,2.00\n", "none for the name and the price. It says “Bread”, “1.00”"),
        ("name,amount\n", "none for the price"),
        ("price\n", "none for the name"),
        ('{"name": 1}\n', "none for the name and the price"),
        ("<!doctype html>\n<html>\n", "none for the name and the price"),
        ("\n\n;;;\n", "no rows"),
        (" \n", "no rows"),
    ],
)
def test_what_has_no_header_is_told_what_is_missing(head: str, sentence: str) -> None:
    with pytest.raises(SheetProblem) as refused:
        find_layout(head)
    assert sentence in str(refused.value)
