"""Reading the rows of a table of either layout, one after the other."""

from collections.abc import Iterable, Iterator

from mainstay.sheet.formulas import original
from tradepost.catalog.sheet import cells as cell
from tradepost.catalog.sheet.layout import Layout
from tradepost.catalog.sheet.row import SheetRow, Unreadable

LONGEST_NAME = 500
LONGEST_SKU = 64
LONGEST_VENDOR = 200
LONGEST_TAG = 100
MOST_TAGS = 250
NO_OPTION = ("Title", "Default Title")
OPTIONS = (1, 2, 3)


class Reader:
    """Reads rows."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._fields = layout.fields
        self._product: _Product | None = None

    def read(self, records: Iterable[tuple[int, list[str]]]) -> Iterator[SheetRow]:
        """Yield a row for each record that is no header and not blank."""
        for number, cells in records:
            if number <= self._layout.header_row or not any(map(str.strip, cells)):
                continue
            row = SheetRow(number, cells)
            try:
                cell.check_cells(cells, len(self._layout.columns))
                if self._layout.format == "shopify":
                    self._read_shopify(row)
                else:
                    self._read_plain(row)
            except Unreadable as failure:
                row.problem = failure.notice
            yield row

    # -- a product in a row --------------------------------------------------------------------------------------------

    def _read_plain(self, row: SheetRow) -> None:
        row.name = cell.read_text(self._text(row, "name"), "name", LONGEST_NAME)
        if not row.name:
            raise Unreadable("missing_name", "The row has no name.")
        if text := self._text(row, "unit"):
            row.unit = cell.read_unit(text)
        self._read_sale(row)
        if text := self._text(row, "tax_rate"):
            row.tax_rate = cell.read_rate(text)
        row.lacks_tax_rate = row.tax_rate is None and "tax_rate" in self._fields
        self._read_facts(row)

    def _read_sale(self, row: SheetRow) -> None:
        """Read what a variant is sold as: price, cost, codes and quantity."""
        price = self._text(row, "price")
        if not price:
            raise Unreadable("missing_price", "The row has no price.")
        row.price = cell.read_price(row, price)
        if text := self._text(row, "cost"):
            row.cost = cell.read_cost(text)
        if text := self._text(row, "sku"):
            row.sku = cell.read_text(text.removeprefix("'"), "SKU", LONGEST_SKU)
        cell.read_barcode(row, self._text(row, "barcode"))
        if text := self._text(row, "stock"):
            row.quantity = cell.read_quantity(row, text)

    def _read_facts(self, row: SheetRow) -> None:
        """Read what describes a product."""
        if text := self._text(row, "vendor"):
            row.vendor = cell.read_text(text, "vendor", LONGEST_VENDOR)
        if text := self._text(row, "description"):
            row.description = text
        if text := self._text(row, "tags"):
            tags = [cell.read_text(tag, "tag", LONGEST_TAG) for tag in text.split(",") if tag.strip()]
            row.tags = list(dict.fromkeys(tags))[:MOST_TAGS]

    # -- Shopify: a product on many rows -------------------------------------------------------------------------------

    def _read_shopify(self, row: SheetRow) -> None:
        handle = self._text(row, "handle")
        if not handle:
            raise Unreadable(
                "missing_handle", "The row names no handle, so nobody can tell which product it belongs to."
            )
        if self._product is None or self._product.handle != handle:
            self._product = _Product(handle, row)
            self._begin_product(row, self._product)
        product = self._product
        if product.is_rejected:
            raise Unreadable("product_rejected", f"The product was rejected in row {product.first.number}.")
        product.describe(row)
        row.options = self._options(row, product)
        sells = row.options or any(self._text(row, field) for field in ("sku", "barcode", "price"))
        if row is not product.first and not sells:
            row.is_part = True
            return
        self._read_sale(row)
        if self._text(row, "taxable").casefold() in {"false", "no"}:
            row.warn("not_taxable", "The file says that no tax is charged; check the tax rate.")

    def _begin_product(self, row: SheetRow, product: "_Product") -> None:
        """Read what the first row of a product says for all of them; when that fails, all its rows are rejected."""
        try:
            row.name = cell.read_text(self._text(row, "name"), "name", LONGEST_NAME)
            if not row.name:
                raise Unreadable("missing_name", "The first row of the product has no title.")
            self._read_facts(row)
        except Unreadable:
            product.is_rejected = True
            raise
        status, published = self._text(row, "status").casefold(), self._text(row, "published").casefold()
        row.is_active = status == "active" if status else published not in {"false", "no"}

    def _options(self, row: SheetRow, product: "_Product") -> dict[str, str]:
        """Return the choice of options; only the first row of a product names them."""
        chosen = {}
        for number in OPTIONS:
            if name := self._text(row, f"option{number}_name"):
                product.option_names[number] = cell.read_text(name, "option", 40)
            name = product.option_names.get(number, "")
            value = cell.read_text(self._text(row, f"option{number}_value"), "option", 100)
            if name and value and (name, value) != NO_OPTION:
                chosen[name] = value
        return chosen

    def _text(self, row: SheetRow, field: str) -> str:
        place = self._fields.get(field)
        if place is None or place >= len(row.cells):
            return ""
        # Our own reports keep spreadsheets from running what is in a cell.
        return original(row.cells[place].strip())


class _Product:
    """The product whose rows are being read."""

    def __init__(self, handle: str, first: SheetRow) -> None:
        self.handle = handle
        self.first = first
        self.option_names: dict[int, str] = {}
        self.is_rejected = False

    def describe(self, row: SheetRow) -> None:
        """Give a row what only the product's first row says."""
        first = self.first
        row.handle, row.name, row.is_active = self.handle, first.name, first.is_active
        row.description, row.vendor, row.tags = first.description, first.vendor, first.tags
