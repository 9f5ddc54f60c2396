"""Single cells: what is read, what is repaired, and what is refused with a reason."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tradepost.catalog.codes.gtin import Code
from tradepost.catalog.sheet import cells
from tradepost.catalog.sheet.row import SheetRow, Unreadable


def row() -> SheetRow:
    """Return an empty row."""
    return SheetRow(2, [])


def code_of(cell: str) -> tuple[Code | None, list[str]]:
    """Return the code in a cell and the warnings it gave."""
    read = row()
    cells.read_barcode(read, cell)
    return read.code, [warning.code for warning in read.warnings]


@pytest.mark.parametrize(
    "cell",
    [
        "0036000291452", "'0036000291452", '="0036000291452"', " 0036000291452 ", "0 036000 291452", "0-036000-291452",
        "0036000291452.0",
    ],
)  # fmt: skip
def test_what_spreadsheets_do_to_barcodes_is_undone(cell: str) -> None:
    """Rule 26: leading zeros are kept."""
    assert code_of(cell) == (Code("0036000291452", "00036000291452"), [])


def test_lost_leading_zeros_are_restored_with_a_warning() -> None:
    """Rule 26."""
    assert code_of("36000291452") == (Code("036000291452", "00036000291452"), ["leading_zeros_restored"])


def test_a_wrong_check_digit_is_kept_with_a_warning() -> None:
    """Rule 26: the row of the sample that has one."""
    read = row()
    cells.read_barcode(read, "26015638")
    assert read.code == Code("26015638", None)
    assert [warning.sentence for warning in read.warnings] == [
        "The check digit of the barcode 26015638 is wrong (it would be 7); it is kept and scans as printed."
    ]


def test_other_codes_are_kept_without_a_word() -> None:
    assert code_of("ABC-1") == (Code("ABC-1", None), [])
    assert code_of("4011") == (Code("4011", None), [])
    assert code_of("") == code_of("'") == (None, [])


@pytest.mark.parametrize(("cell", "code"), [("6.29104E+12", "barcode_shortened"), ("6,29E12", "barcode_shortened")])
def test_a_barcode_that_a_spreadsheet_shortened_is_refused(cell: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.read_barcode(row(), cell)
    assert refused.value.notice.code == code


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda: cells.read_price(row(), ""), "invalid_price"),
        (lambda: cells.read_price(row(), "NaN"), "invalid_price"),
        (lambda: cells.read_price(row(), "inf"), "invalid_price"),
        (lambda: cells.read_price(row(), "-1"), "negative_price"),
        (lambda: cells.read_cost("many"), "invalid_cost"),
        (lambda: cells.read_cost("-0.01"), "negative_cost"),
        (lambda: cells.read_rate("a fifth"), "invalid_tax_rate"),
        (lambda: cells.read_rate("101"), "invalid_tax_rate"),
        (lambda: cells.read_rate("-1"), "invalid_tax_rate"),
        (lambda: cells.read_unit("dozen"), "unknown_unit"),
        (lambda: cells.read_quantity(row(), "many"), "invalid_quantity"),
        (lambda: cells.read_quantity(row(), "1.2345"), "invalid_quantity"),
        (lambda: cells.read_quantity(row(), "10000000000"), "invalid_quantity"),
        (lambda: cells.read_text("x" * 11, "name", 10), "name_too_long"),
        (lambda: cells.read_barcode(row(), "x" * 65), "invalid_barcode"),
        (lambda: cells.check_cells(["a\x00b"], 1), "control_character"),
        (lambda: cells.check_cells(["a\x1bb"], 1), "control_character"),
        (lambda: cells.check_cells(["x" * 65_537], 1), "cell_too_long"),
        (lambda: cells.check_cells(["a", "b", "c"], 2), "too_many_cells"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(read: Callable[[], object], code: str) -> None:
    """Rule 35."""
    with pytest.raises(Unreadable) as refused:
        read()
    assert refused.value.notice.code == code
    assert len(refused.value.notice.sentence) > 20


def test_what_can_be_read_is() -> None:
    assert cells.read_price(row(), "1 234,50") == Decimal("1234.50")
    assert cells.read_price(row(), "0") == 0
    assert cells.read_cost("1,2345") == Decimal("1.2345")
    assert cells.read_rate("5,5 %") == Decimal("5.5")
    assert cells.read_unit(" КГ. ") == "kg"
    assert cells.read_unit("Pcs") == "piece"
    assert cells.read_quantity(row(), "1,250") == Decimal("1.25")
    assert cells.read_text(" Cafe\u0301\n noir ", "name", 20) == "Café noir"
    cells.check_cells(["a\nb", "c\td", " ", ""], 2)


def test_a_quantity_below_zero_is_passed_over_with_a_warning() -> None:
    read = row()
    assert cells.read_quantity(read, "-3") is None
    assert [warning.code for warning in read.warnings] == ["negative_quantity"]


def test_three_decimals_are_a_doubt_that_the_unit_settles() -> None:
    """Rule 2: by measure they are usual, by the piece they may be grouped thousands."""
    read = row()
    assert cells.read_price(read, "2.499") == Decimal("2.499")
    assert read.doubt is not None
    assert (read.doubt.code, "three decimals" in read.doubt.sentence) == ("too_many_decimals", True)
    certain = row()
    assert cells.read_price(certain, "2.49") == Decimal("2.49")
    assert certain.doubt is None
