"""Cells that no spreadsheet runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.sheet.formulas import harmless, original


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 1", "-1+1", "-", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_be_run_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-1", "-12.50", "1-1", "O'Hara", "'n Beetje"])
def test_a_cell_that_is_not_run_stays_as_it_is(cell: str) -> None:
    assert (harmless(cell), original(cell)) == (cell, cell)


@given(st.text(st.sampled_from("'=+-@1.\t\ra")))
def test_what_was_made_harmless_is_had_back(cell: str) -> None:
    assert original(harmless(cell)) == cell
