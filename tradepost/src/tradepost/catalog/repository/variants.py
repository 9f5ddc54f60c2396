"""Reading variants: by id and by scanned code, for the catalogue itself and for other modules."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.folding import sku_key
from tradepost.catalog.codes.gtin import scan_keys

# What lists and look-ups show of a `catalog_variant AS variant`.
COLUMNS = """
    variant.id, variant.product_id, variant.name, variant.options, variant.sku, variant.barcode,
    trim_scale(variant.price) AS price, trim_scale(variant.cost) AS cost,
    (SELECT currency FROM shop_currency) AS currency, trim_scale(variant.tax_rate) AS tax_rate, variant.unit,
    variant.is_active, variant.version, variant.updated_at
"""
# What other modules may know of it.
FACT_COLUMNS = """
    variant.id AS variant_id, variant.name, variant.sku, variant.barcode,
    trim_scale(variant.price) AS price, trim_scale(variant.cost) AS cost, trim_scale(variant.tax_rate) AS tax_rate,
    variant.unit, trim_scale(variant.quantity_step) AS quantity_step, variant.is_active
"""
FACTS = f"SELECT {FACT_COLUMNS} FROM catalog_variant AS variant"  # noqa: S608  put together from constants
_FACTS_OF_IDS = f"{FACTS} WHERE id = ANY ($1)"

# A barcode goes before an SKU; of two readings of a barcode the likelier goes first.
ID_BY_CODE = """
coalesce(
    (SELECT variant_id FROM catalog_barcode WHERE key = $1),
    (SELECT variant_id FROM catalog_barcode WHERE key = $2),
    (SELECT id FROM catalog_variant WHERE sku_key = $3 AND sku_key <> '')
)
"""
FACTS_BY_CODE = f"{FACTS} WHERE id = {ID_BY_CODE}"
BY_CODE = f"SELECT {COLUMNS} FROM catalog_variant AS variant WHERE id = {ID_BY_CODE}"  # noqa: S608  put together from constants


async def by_code(uow: UnitOfWork, code: str) -> Row | None:
    """Return the variant with a barcode (in any printed length) or SKU."""
    return await uow.read_row(BY_CODE, *code_keys(code))


async def facts(uow: UnitOfWork, variant_ids: Sequence[UUID]) -> list[Row]:
    """Return what other modules may know of variants."""
    return await uow.read(_FACTS_OF_IDS, list(variant_ids))


async def facts_by_code(uow: UnitOfWork, code: str) -> Row | None:
    """Return what other modules may know of the variant with a barcode or SKU."""
    return await uow.read_row(FACTS_BY_CODE, *code_keys(code))


def code_keys(code: str) -> tuple[str, str, str]:
    """Return the keys of a scanned or typed text: two as a barcode, one as an SKU."""
    text = code.strip()
    return (*scan_keys(text), sku_key(text))
