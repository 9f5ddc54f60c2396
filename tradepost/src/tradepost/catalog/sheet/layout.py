"""Finding the header of a table: its separator, whether Shopify wrote it, and which column is what."""

import re
from dataclasses import dataclass
from typing import Literal

from mainstay.sheet.header import Header, find_header
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import SEPARATORS, split_line
from tradepost.catalog.codes.folding import words

Format = Literal["plain", "shopify"]

# What columns are called, folded; of two that fit, the name that stands first here wins.
PLAIN: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "title",
        "product",
        "product name",
        "item",
        "item name",
        "название",
        "наименование",
        "наименование товара",
        "название товара",
        "товар",
        "номенклатура",
    ),
    "price": (
        "price",
        "sale price",
        "selling price",
        "retail price",
        "unit price",
        "цена",
        "цена продажи",
        "розничная цена",
        "цена розничная",
    ),
    "barcode": (
        "barcode",
        "bar code",
        "ean",
        "ean13",
        "ean 13",
        "ean code",
        "gtin",
        "upc",
        "upc code",
        "upc ean",
        "ean upc",
        "штрихкод",
        "штрих код",
        "штрихкоды",
        "баркод",
    ),
    "sku": (
        "sku",
        "article",
        "article number",
        "item number",
        "item code",
        "product code",
        "part number",
        "артикул",
        "код",
        "код товара",
    ),
    "cost": (
        "cost",
        "cost price",
        "unit cost",
        "cost per item",
        "purchase price",
        "buying price",
        "себестоимость",
        "закупочная цена",
        "цена закупки",
        "закупка",
        "цена закупочная",
    ),
    "tax_rate": (
        "tax rate",
        "tax",
        "vat",
        "vat rate",
        "tax percent",
        "ндс",
        "ставка ндс",
        "налог",
        "ставка налога",
    ),
    "stock": (
        "stock",
        "on hand",
        "in stock",
        "quantity",
        "qty",
        "quantity on hand",
        "inventory",
        "stock quantity",
        "остаток",
        "остатки",
        "количество",
        "кол во",
        "наличие",
        "в наличии",
    ),
    "unit": ("unit", "unit of measure", "uom", "единица", "единица измерения", "ед изм", "ед"),
    "vendor": ("vendor", "brand", "manufacturer", "производитель", "бренд"),
    "tags": ("tags", "category", "categories", "теги", "категория", "категории"),
    "description": ("description", "описание"),
}
SHOPIFY: dict[str, tuple[str, ...]] = {
    "handle": ("handle", "url handle"),
    "name": ("title",),
    "description": ("body html", "body", "description"),
    "vendor": ("vendor",),
    "tags": ("tags",),
    "status": ("status",),
    "published": ("published", "published on online store"),
    "option1_name": ("option1 name",),
    "option1_value": ("option1 value",),
    "option2_name": ("option2 name",),
    "option2_value": ("option2 value",),
    "option3_name": ("option3 name",),
    "option3_value": ("option3 value",),
    "sku": ("variant sku", "sku"),
    "stock": ("variant inventory qty", "inventory quantity"),
    "price": ("variant price", "price"),
    "barcode": ("variant barcode", "barcode"),
    "cost": ("cost per item",),
    "taxable": ("variant taxable", "charge tax"),
}
# Without these a row says nothing that could be sold.
NEEDED = ("name", "price")
_REMARK = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: `fields` gives the place of each known column, `header_row` counts from one."""

    separator: str
    format: Format
    columns: tuple[str, ...]
    fields: dict[str, int]
    header_row: int


def find_layout(head: str) -> Layout:
    """Return the layout of a table whose text begins with `head`. Raises SheetProblem when it has no usable header."""
    header = find_header(head)
    layouts = [_layout(header, separator) for separator in ((header.separator,) if header.separator else SEPARATORS)]
    best = max(layouts, key=lambda layout: (_fitness(layout), len(layout.columns)))
    missing = [field for field in NEEDED if field not in best.fields]
    if missing:
        shown = ", ".join(f"“{name}”" for name in best.columns[:10] if name) or "nothing"
        raise SheetProblem(
            f"The first row must name the columns, and there is none for the {' and the '.join(missing)}. "
            f"It says {shown[:300]}."
        )
    return best


def _layout(header: Header, separator: str) -> Layout:
    columns = tuple(cell.strip() for cell in split_line(header.line, separator))
    names = [" ".join(words(_REMARK.sub(" ", column))) for column in columns]
    is_shopify = bool({"handle", "url handle"} & set(names)) and "title" in names
    known = SHOPIFY if is_shopify else PLAIN
    fields = {field: place for field, titles in known.items() if (place := _place(names, titles)) is not None}
    return Layout(separator, "shopify" if is_shopify else "plain", columns, fields, header.row)


def _place(names: list[str], titles: tuple[str, ...]) -> int | None:
    return next((names.index(title) for title in titles if title in names), None)


def _fitness(layout: Layout) -> tuple[int, int]:
    return sum(field in layout.fields for field in NEEDED), len(layout.fields)
