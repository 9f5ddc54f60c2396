"""The line that names the columns."""

import pytest

from mainstay.sheet.header import Header, find_header
from mainstay.sheet.problem import SheetProblem


def test_empty_lines_and_a_stated_separator_are_passed_over() -> None:
    assert find_header('\n;;\n"sep=;"\nname;price\n1;2\n') == Header(4, "name;price", ";")


def test_a_table_begins_with_its_header() -> None:
    assert find_header("name,price") == Header(1, "name,price", None)


@pytest.mark.parametrize("head", ["", "\n", " ;;\n\t", "sep=;"])
def test_a_file_without_content_has_no_rows(head: str) -> None:
    with pytest.raises(SheetProblem, match="no rows"):
        find_header(head)
