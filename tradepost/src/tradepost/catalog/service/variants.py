"""Finding variants: by code at a scanner's pace, and in lists."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager

from mainstay.messages.audit import Entry
from mainstay.work import UnitOfWork
from tradepost.catalog.codes.gtin import WrongCheckDigit, typed_code
from tradepost.catalog.errors import UnknownCode
from tradepost.catalog.permissions import READ_COST
from tradepost.catalog.repository import lists, variants
from tradepost.catalog.repository.lists import EXPORT_COLUMNS, ExportColumn
from tradepost.catalog.repository.search import Wanted

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


async def by_code(uow: UnitOfWork, code: str) -> str:
    """Return the variant with a barcode (in any printed length) or SKU as the JSON text of VariantRowOut.

    Raises UnknownCode.
    """
    found = await variants.by_code(uow, code, with_cost=uow.actor.may(READ_COST.name))
    if found is None:
        raise UnknownCode(_unknown(code))
    return found


def exported_columns(wanted: Sequence[ExportColumn] | None, *, with_cost: bool) -> list[ExportColumn]:
    """Return the columns of a file, each once: those that are wanted or all, costs only for those who may see them."""
    return [column for column in dict.fromkeys(wanted or EXPORT_COLUMNS) if with_cost or column != "cost"]


async def export(
    open_work: OpenWork, wanted: Wanted, columns: Sequence[ExportColumn]
) -> AsyncIterator[list[list[str]]]:
    """Give the rows of a list page by page; each is read in a unit of work of its own, however slow the reader is."""
    after: tuple[str, ...] | None = None
    while True:
        async with open_work() as uow:
            page = await lists.export_page(uow, wanted, after, columns)
            if after is None:
                uow.record(Entry("catalog.variants_exported", "catalog.variant", new={"columns": list(columns)}))
        yield page.rows
        if page.place is None:
            return
        after = page.place


async def list_variants(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int) -> str:
    """Return a page of variants as the JSON text of VariantsOut. Raises InvalidInput for a foreign cursor."""
    page = await lists.page(uow, wanted, cursor, limit, with_cost=uow.actor.may(READ_COST.name))
    return f'{{"items":{page.items},"next_cursor":{json.dumps(page.next_cursor)},"total":{page.total}}}'


def _unknown(code: str) -> str:
    """Return what to tell about an unknown code: a wrong check digit says that it was misread (rule 26)."""
    try:
        typed_code(code)
    except WrongCheckDigit as failure:
        return str(failure)
    except ValueError:
        return "This cannot be a code of a product."
    return f"No product has the code {code.strip()}."
