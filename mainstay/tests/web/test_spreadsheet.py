"""Files for spreadsheets."""

import csv
import io
from collections.abc import AsyncIterator, Sequence

import pytest
from fastapi import FastAPI

from mainstay.web.spreadsheet import CsvReply, csv_reply

Rows = list[Sequence[str]]


async def pages_of(*pages: Rows) -> AsyncIterator[Rows]:
    """Give pages of rows."""
    for page in pages:
        yield page


async def read(*pages: Rows, head: Sequence[str] = ("a", "b")) -> list[list[str]]:
    """Return the cells of a file, as a spreadsheet reads them."""
    reply = csv_reply("things.csv", head, pages_of(*pages))
    content = b"".join([piece async for piece in reply.body_iterator if isinstance(piece, bytes)])
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def test_a_file_has_its_head_and_every_row_of_every_page() -> None:
    assert await read([["1", "2"], ["3", "4"]], [], [["5", "6"]]) == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]


async def test_a_file_without_rows_is_its_head() -> None:
    assert await read() == [["a", "b"]]


def test_a_file_says_what_it_is_called_and_written_in() -> None:
    reply = csv_reply("things.csv", ["a"], pages_of())
    assert reply.headers["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_the_api_description_says_that_a_file_comes() -> None:
    app = FastAPI()

    @app.get("/things.csv", response_class=CsvReply)
    async def export() -> CsvReply:
        return csv_reply("things.csv", ["a"], pages_of())

    reply = app.openapi()["paths"]["/things.csv"]["get"]["responses"]["200"]
    assert reply["content"] == {"text/csv": {"schema": {"type": "string"}}}


async def test_a_file_begins_with_the_mark_of_utf_8() -> None:
    reply = csv_reply("things.csv", ["чай"], pages_of())
    assert [piece async for piece in reply.body_iterator] == ["\ufeffчай\r\n".encode()]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+1", "--1", "-1.", "-٣", "@SUM(A1)", "\t=1", "\r=1", "-"])
async def test_no_cell_is_run(cell: str) -> None:
    assert await read([[cell, f"x{cell}"]], head=["a", cell]) == [["a", f"'{cell}"], [f"'{cell}", f"x{cell}"]]


@pytest.mark.parametrize("cell", ['say "hi"', "a,b;c", "two\nlines", "é ✓ чай", "", "-1", "-12.50", "1-1"])
async def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert await read([[cell, "x"]]) == [["a", "b"], [cell, "x"]]
