"""Records with everything that may stand in cells."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.sheet.encoding import Encoding
from mainstay.sheet.problem import SheetProblem
from mainstay.sheet.records import LONGEST_RECORD, Records, split_line

CELLS = st.text(st.sampled_from("ab é,;\"'\r\n=\t"), max_size=8)


def read(content: bytes, separator: str = ",", size: int = 1000) -> list[tuple[int, list[str]]]:
    """Return the records of a file that is fed in pieces."""
    records = Records(Encoding("utf-8"), separator)
    found: list[tuple[int, list[str]]] = []
    for start in range(0, len(content), size):
        records.feed(content[start : start + size])
        found += records.ready()
    records.end()
    return [*found, *records.ready()]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=6), st.sampled_from(",;\t|"), st.integers(1, 9))
def test_what_a_spreadsheet_wrote_is_read_back(rows: list[list[str]], separator: str, size: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [cells for _, cells in read(text.getvalue().encode(), separator, size)] == rows


def test_line_ends_of_all_kinds_may_be_mixed() -> None:
    assert [cells for _, cells in read(b'a,1\r\nb,2\rc,3\n"d\r\ne",4')] == [
        ["a", "1"],
        ["b", "2"],
        ["c", "3"],
        ["d\r\ne", "4"],
    ]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    found = read(b'name,price\n\n"two\nlines",1\nlast,2\n')
    assert [number for number, _ in found] == [1, 2, 3, 4]


def test_a_quotation_mark_inside_of_a_cell_is_a_letter() -> None:
    assert read(b'TV 42" black,9\nnext,1\n')[0] == (1, ['TV 42" black', "9"])


def test_a_quotation_mark_that_is_never_closed_is_a_problem_with_its_row() -> None:
    content = b'name,price\nok,1\n"open,2\n' + b"more,3\n" * (LONGEST_RECORD // 5)
    with pytest.raises(SheetProblem, match="Row 3 does not end"):
        read(content, size=256 * 1024)


def test_records_come_while_the_file_arrives() -> None:
    records, count = Records(Encoding("utf-8"), ","), 0
    for _ in range(3):
        records.feed(b"some name,1.00\n" * 40_000)
        count = sum(1 for _ in records.ready())
    assert count == 40_000


def test_one_line_is_split() -> None:
    assert split_line('a;"b;c";d', ";") == ["a", "b;c", "d"]
    assert split_line("", ";") == []


def test_a_line_may_be_as_long_as_a_record() -> None:
    assert split_line("x" * LONGEST_RECORD, ";") == ["x" * LONGEST_RECORD]
    with pytest.raises(SheetProblem, match="line of more than"):
        split_line("x" * (LONGEST_RECORD + 1), ";")
