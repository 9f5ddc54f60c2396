"""Whole sheets."""

import tracemalloc
from collections.abc import Iterator

import pytest
from rolodex import read_sheet

from mainstay.sheet.encoding import Encoding
from tradepost.crm.exchange.entry import ExchangeProblem, Read, Rejected
from tradepost.crm.exchange.sheet.layout import detect_sheet
from tradepost.crm.exchange.sheet.reader import SheetReader

UTF8 = Encoding("utf-8")
SHEET = 'Name;Phone;Notes\nAnna;1;"two\nlines"\n;;\n;;x\n\nBoris;+7 1;\nToo;many;cells;here\n'


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_accepted_and_rejected_rows_are_all_that_were_read(size: int) -> None:
    """Rule 35: empty rows are none; the others are counted, and know where a spreadsheet shows them."""
    content = SHEET.encode()
    layout = detect_sheet(content, UTF8)
    found = list(read_sheet((content[start : start + size] for start in range(0, len(content), size)), layout))
    assert [(one.number, one.line, isinstance(one, Read)) for one in found] == [
        (1, 2, True),
        (2, 4, False),
        (3, 6, True),
        (4, 7, False),
    ]
    assert [one.reason.code for one in found if isinstance(one, Rejected)] == ["no_name", "too_many_cells"]


def test_a_damaged_sheet_is_refused() -> None:
    layout = detect_sheet(b"Name\n", UTF8)
    with pytest.raises(ExchangeProblem, match="damaged"):
        list(read_sheet([b"Name\n\xff\xff\n"], layout))


def test_a_sheet_has_a_limit_of_rows() -> None:
    reader = SheetReader(detect_sheet(b"Name\n", UTF8), most_rows=2)
    with pytest.raises(ExchangeProblem, match="more than 2 rows"):
        [*reader.feed(b"Name\nA\nB\nC\n"), *reader.end()]


def endless() -> Iterator[bytes]:
    """Give a sheet that is one line after its header."""
    yield b"Name\n"
    for _ in range(1_600):
        yield b"x" * 65_536


def test_a_line_of_a_hundred_megabytes_is_refused_with_flat_memory() -> None:
    layout = detect_sheet(b"Name\n", UTF8)
    tracemalloc.start()
    with pytest.raises(ExchangeProblem, match="line of more than"):
        list(read_sheet(endless(), layout))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
