"""Files for spreadsheets: CSV in UTF-8, of which no spreadsheet runs a cell as a formula."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence

from starlette.responses import StreamingResponse

from mainstay.sheet.formulas import harmless

# Tells spreadsheets that the text is UTF-8.
_MARK = "\ufeff".encode()


class CsvReply(StreamingResponse):
    """A sheet that is sent while it is written; as `response_class` it has the API description say so."""

    media_type = "text/csv"


def csv_reply(name: str, head: Sequence[str], pages: AsyncIterable[Iterable[Sequence[str]]]) -> CsvReply:
    """Return a file called `name` that is sent while its pages of rows are read; `name` is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return CsvReply(_file(head, pages), headers=headers)


async def _file(head: Sequence[str], pages: AsyncIterable[Iterable[Sequence[str]]]) -> AsyncIterator[bytes]:
    yield _MARK + _lines([head])
    async for page in pages:
        yield _lines(page)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
