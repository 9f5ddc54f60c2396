"""Finding variants: by code at a scanner's pace, and in lists."""

import json

from mainstay.work import UnitOfWork
from tradepost.catalog.codes.gtin import WrongCheckDigit, typed_code
from tradepost.catalog.errors import UnknownCode
from tradepost.catalog.permissions import READ_COST
from tradepost.catalog.repository import lists, variants
from tradepost.catalog.repository.search import Wanted
from tradepost.catalog.schemas import VariantRowOut


async def by_code(uow: UnitOfWork, code: str) -> VariantRowOut:
    """Return the variant with a barcode (in any printed length) or SKU. Raises UnknownCode."""
    row = await variants.by_code(uow, code)
    if row is None:
        raise UnknownCode(_unknown(code))
    if uow.actor.may(READ_COST.name):
        return VariantRowOut(**row)
    return VariantRowOut(**{**row, "cost": None})


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
