"""Files for spreadsheets: CSV in UTF-8, of which no spreadsheet runs a cell as a formula."""

import csv
import io
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence

from starlette.responses import StreamingResponse

# Tells spreadsheets that the text is UTF-8.
_MARK = "\ufeff".encode()
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def csv_reply(name: str, head: Sequence[str], pages: AsyncIterable[Iterable[Sequence[str]]]) -> StreamingResponse:
    """Return a file called `name` that is sent while its pages of rows are read; `name` is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_file(head, pages), media_type="text/csv; charset=utf-8", headers=headers)


async def _file(head: Sequence[str], pages: AsyncIterable[Iterable[Sequence[str]]]) -> AsyncIterator[bytes]:
    yield _MARK + _lines([head])
    async for page in pages:
        yield _lines(page)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before it makes it text; a number is one as it is."""
    is_formula = cell.startswith(_FORMULA_SIGNS) and _NEGATIVE_NUMBER.fullmatch(cell) is None
    return f"'{cell}" if is_formula else cell
