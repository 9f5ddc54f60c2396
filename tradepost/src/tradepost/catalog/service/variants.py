"""Finding variants: by code at a scanner's pace, and in lists."""

from mainstay.work import UnitOfWork
from tradepost.catalog.codes.gtin import WrongCheckDigit, typed_code
from tradepost.catalog.errors import UnknownCode
from tradepost.catalog.permissions import READ_COST
from tradepost.catalog.repository import search, variants
from tradepost.catalog.repository.search import Wanted
from tradepost.catalog.schemas import VariantRowOut, VariantsOut


async def by_code(uow: UnitOfWork, code: str) -> VariantRowOut:
    """Return the variant with a barcode (in any printed length) or SKU. Raises UnknownCode."""
    row = await variants.by_code(uow, code)
    if row is None:
        raise UnknownCode(_unknown(code))
    if uow.actor.may(READ_COST.name):
        return VariantRowOut(**row)
    return VariantRowOut(**{**row, "cost": None})


async def list_variants(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int) -> VariantsOut:
    """Return a page of variants. Raises InvalidInput for a foreign cursor."""
    page = await search.page(uow, wanted, cursor, limit)
    hidden = {} if uow.actor.may(READ_COST.name) else {"cost": None}
    items = [VariantRowOut(**{**row, **hidden}) for row in page.rows]
    return VariantsOut(items=items, next_cursor=page.next_cursor, total=page.total)


def _unknown(code: str) -> str:
    """Return what to tell about an unknown code: a wrong check digit says that it was misread (rule 26)."""
    try:
        typed_code(code)
    except WrongCheckDigit as failure:
        return str(failure)
    except ValueError:
        return "This cannot be a code of a product."
    return f"No product has the code {code.strip()}."
