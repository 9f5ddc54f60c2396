"""Reading variants: by id and by scanned code, for the catalogue itself and for other modules."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.folding import sku_key
from tradepost.catalog.codes.gtin import scan_keys

FACTS = """
SELECT
    variant_id, name, sku, barcode, trim_scale(price) AS price, trim_scale(cost) AS cost,
    trim_scale(tax_rate) AS tax_rate, unit, trim_scale(quantity_step) AS quantity_step, is_active
FROM catalog_sellable
"""
_FACTS_OF_IDS = f"{FACTS} WHERE variant_id = ANY ($1)"

# A barcode goes before an SKU; of two readings of a barcode the likelier goes first.
_ID_BY_CODE = """
coalesce(
    (SELECT variant_id FROM catalog_barcode WHERE key = $1),
    (SELECT variant_id FROM catalog_barcode WHERE key = $2),
    (SELECT id FROM catalog_variant WHERE sku_key = $3 AND sku_key <> '')
)
"""
FACTS_BY_CODE = f"{FACTS} WHERE variant_id = {_ID_BY_CODE}"


async def facts(uow: UnitOfWork, variant_ids: Sequence[UUID]) -> list[Row]:
    """Return what other modules may know of variants."""
    return await uow.read(_FACTS_OF_IDS, list(variant_ids))


async def facts_by_code(uow: UnitOfWork, code: str) -> Row | None:
    """Return what other modules may know of the variant with a barcode or SKU."""
    return await uow.read_row(FACTS_BY_CODE, *_keys(code))


def _keys(code: str) -> tuple[str, str, str]:
    text = code.strip()
    return (*scan_keys(text), sku_key(text))
