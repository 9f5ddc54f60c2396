"""Physical lines of files in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.exchange.vcard.physical import LONGEST_KEPT, Physical, PhysicalLines


def lines_of(content: bytes, size: int = 3) -> list[Physical]:
    """Return the lines of a file that is fed in pieces of `size` bytes."""
    lines = PhysicalLines()
    found: list[Physical] = []
    for start in range(0, len(content), size):
        found += lines.feed(content[start : start + size])
    return [*found, *lines.end()]


@given(st.binary(max_size=60), st.integers(1, 5))
def test_pieces_make_no_difference(content: bytes, size: int) -> None:
    assert lines_of(content, size) == lines_of(content, 100)


def test_every_kind_of_line_end_ends_a_line() -> None:
    assert [line.data for line in lines_of(b"a\r\nb\rc\n\nd", 1)] == [b"a", b"b", b"c", b"", b"d"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_encodings_become_utf_8(codec: str) -> None:
    assert [line.data for line in lines_of("BEGIN\r\nЖ😀".encode(codec), 3)] == [b"BEGIN", "Ж😀".encode()]


def test_wide_text_that_is_cut_in_half_ends_with_a_sign_for_it() -> None:
    assert lines_of("BEGIN".encode("utf-16") + b"\x00")[-1].data == "BEGIN�".encode()


def test_of_a_long_line_the_beginning_and_the_size_are_kept() -> None:
    [line] = lines_of(b"x" * (LONGEST_KEPT + 10), 4000)
    assert (len(line.data), line.size) == (LONGEST_KEPT, LONGEST_KEPT + 10)
