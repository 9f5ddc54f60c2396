"""Lines of a file that arrives in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.sheet.encoding import Encoding
from mainstay.sheet.lines import LONGEST_LINE, Lines, OutOfLines, decode_head
from mainstay.sheet.problem import SheetProblem

UTF8 = Encoding("utf-8")


def lines_of(content: bytes, size: int, encoding: Encoding = UTF8) -> list[str]:
    """Return the lines of a file that is fed in pieces."""
    lines = Lines(encoding)
    for start in range(0, len(content), size):
        lines.feed(content[start : start + size])
    lines.end()
    return list(lines)


@given(st.text(st.sampled_from('aé\r\n,"\x0b\u2028')), st.integers(1, 5))
def test_pieces_make_no_difference_and_nothing_is_lost(text: str, size: int) -> None:
    found = lines_of(text.encode(), size)
    assert "".join(found) == text
    assert found == lines_of(text.encode(), 1000)


def test_every_kind_of_line_end_is_kept() -> None:
    assert lines_of(b"a\r\nb\rc\nd", 1) == ["a\r\n", "b\r", "c\n", "d"]


def test_a_form_feed_ends_no_line() -> None:
    assert lines_of("a\x0cb\u2028c\n".encode(), 2) == ["a\x0cb\u2028c\n"]


def test_the_mark_is_passed_over_even_in_pieces() -> None:
    assert lines_of("\ufeffname\n".encode(), 1, Encoding("utf-8", 3)) == ["name\n"]
    assert decode_head("\ufeffname,é".encode()[:-1], Encoding("utf-8", 3)) == "name,"


def test_a_line_that_has_not_come_yet_is_waited_for() -> None:
    lines = Lines(UTF8)
    lines.feed(b"a\nb")
    assert (next(lines), lines.size) == ("a\n", 0)
    with pytest.raises(OutOfLines):
        next(lines)


@pytest.mark.parametrize("content", [b"a\xff\n", "é".encode()[:1]])
def test_text_in_another_encoding_is_a_problem(content: bytes) -> None:
    with pytest.raises(SheetProblem, match="damaged"):
        lines_of(content, 10)


def test_a_line_without_end_is_no_table() -> None:
    with pytest.raises(SheetProblem, match="more than 1,000,000 characters"):
        lines_of(b"x" * (LONGEST_LINE + 2), 4096 * 64)
