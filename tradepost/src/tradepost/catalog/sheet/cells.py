"""Reading single cells: text, prices, rates, quantities and barcodes, each refused with a reason."""

import re
import unicodedata
from decimal import Decimal

from tradepost.catalog.codes.gtin import InvalidCode, check_digit, is_digits, printed_code, restored_code
from tradepost.catalog.sheet.numbers import NotANumber, ThreeDecimals, parse_number
from tradepost.catalog.sheet.row import Notice, SheetRow, Unreadable

LONGEST_CELL = 65_536
QUANTITY_PLACES = 3
LARGEST_QUANTITY = 1_000_000_000
UNITS = {
    "piece": ("piece", "pieces", "pc", "pcs", "ea", "each", "unit", "шт", "штука", "штук"),
    "kg": ("kg", "kilogram", "kilograms", "кг", "килограмм"),
    "l": ("l", "litre", "liter", "litres", "liters", "л", "литр"),
    "m": ("m", "metre", "meter", "metres", "meters", "м", "метр"),
}
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE | re.ASCII)
_WHOLE_NUMBER = re.compile(r"(\d+)[.,]0+", re.ASCII)
_GAPS = re.compile(r"[\s\u00a0-]+")


def read_text(cell: str, what: str, longest: int) -> str:
    """Return the text of a cell in the composed form (rule 33), spaces and line ends as single spaces.

    Raises Unreadable.
    """
    text = unicodedata.normalize("NFC", " ".join(cell.split()))
    if len(text) > longest:
        raise Unreadable(f"{what}_too_long", f"The {what} has {len(text):,} characters; at most {longest} are kept.")
    return text


def check_cells(cells: list[str], most: int) -> None:
    """Refuse rows with characters that no text has, huge cells, or more cells than the header names."""
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            raise Unreadable("cell_too_long", f"A cell has more than {LONGEST_CELL:,} characters.")
        if not cell.isprintable() and any(_is_control(sign) for sign in cell):
            raise Unreadable("control_character", "The row holds control characters.")
    if any(cell.strip() for cell in cells[most:]):
        raise Unreadable(
            "too_many_cells",
            f"The row has {len(cells)} cells and the header {most}: a comma inside of a cell must stand in quotes.",
        )


def read_price(row: SheetRow, cell: str) -> Decimal:
    """Return a price; where it has three decimals or grouped thousands, `row` keeps the doubt. Raises Unreadable."""
    try:
        parse_number(cell)
    except ThreeDecimals as failure:
        row.doubt = Notice("too_many_decimals", f"The price {failure}")
    except NotANumber as failure:
        raise Unreadable("invalid_price", f"The price {failure}") from failure
    return read_cost(cell, "price")


def read_cost(cell: str, what: str = "cost") -> Decimal:
    """Return what something costs: not negative, with as many decimals as it has. Raises Unreadable."""
    try:
        value = parse_number(cell, may_be_fine=True)
    except NotANumber as failure:
        raise Unreadable(f"invalid_{what}", f"The {what} {failure}") from failure
    if value < 0:
        raise Unreadable(f"negative_{what}", f"The {what} {cell.strip()} is below zero.")
    return value


def read_rate(cell: str) -> Decimal:
    """Return a tax rate in percent ("20", "5,5 %"). Raises Unreadable."""
    try:
        value = parse_number(cell.strip().removesuffix("%"), may_be_fine=True)
    except NotANumber as failure:
        raise Unreadable("invalid_tax_rate", f"The tax rate {failure}") from failure
    if not 0 <= value <= 100:
        raise Unreadable("invalid_tax_rate", f"The tax rate {cell.strip()} is not between 0 and 100 %.")
    return value


def read_unit(cell: str) -> str:
    """Return the unit of measure. Raises Unreadable."""
    wanted = cell.strip().casefold().rstrip(".")
    for unit, names in UNITS.items():
        if wanted in names:
            return unit
    raise Unreadable("unknown_unit", f"The unit “{cell.strip()[:40]}” is unknown; known are piece, kg, l and m.")


def read_quantity(row: SheetRow, cell: str) -> Decimal | None:
    """Return the quantity on hand; below zero it is passed over with a warning. Raises Unreadable."""
    try:
        value = parse_number(cell, may_be_fine=True)
    except NotANumber as failure:
        raise Unreadable("invalid_quantity", f"The quantity {failure}") from failure
    if value < 0:
        row.warn("negative_quantity", f"The quantity {cell.strip()} is below zero and was passed over.")
        return None
    exponent = value.normalize().as_tuple().exponent
    if value > LARGEST_QUANTITY or (isinstance(exponent, int) and exponent < -QUANTITY_PLACES):
        raise Unreadable("invalid_quantity", f"The quantity {cell.strip()[:40]} is too large or too fine.")
    return value


def read_barcode(row: SheetRow, cell: str) -> None:
    """Give `row` its code; what spreadsheets do to barcodes is undone where that is safe. Raises Unreadable."""
    text = _unwrapped(cell)
    if not text:
        return
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("barcode_shortened", f"The barcode {text} was shortened by a spreadsheet; format it as text.")
    if whole := _WHOLE_NUMBER.fullmatch(text):
        text = whole[1]
    closed = _GAPS.sub("", text)
    text = closed if is_digits(closed) else text
    restored = restored_code(text)
    try:
        row.code = restored or printed_code(text)
    except InvalidCode as failure:
        raise Unreadable("invalid_barcode", str(failure)) from failure
    if restored is not None:
        row.warn("leading_zeros_restored", f"The barcode {text} was taken for {restored.code}.")
    elif row.code.gtin is None and is_digits(text) and len(text) in {8, 12, 13, 14}:
        row.warn(
            "wrong_check_digit",
            f"The check digit of the barcode {text} is wrong (it would be {check_digit(text[:-1])}); "
            "it is kept and scans as printed.",
        )


def _unwrapped(cell: str) -> str:
    """Return a code without what keeps spreadsheets from reading it as a number: ="…" or an apostrophe before it."""
    text = cell.strip()
    if formula := _FORMULA_TEXT.fullmatch(text):
        text = formula[1].strip()
    return text.removeprefix("'").strip()


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t"
