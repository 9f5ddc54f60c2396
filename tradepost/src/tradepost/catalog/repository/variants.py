"""Reading variants: by id and by scanned code, for the catalogue itself and for other modules."""

from collections.abc import Sequence
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.folding import sku_key
from tradepost.catalog.codes.gtin import scan_keys

# What is shown of a `catalog_variant AS variant` with its product.
COLUMNS = """
    variant.id, variant.product_id, variant.name, variant.options, variant.sku, variant.barcode,
    trim_scale(variant.price) AS price, trim_scale(variant.cost) AS cost,
    (SELECT currency FROM shop_currency) AS currency, trim_scale(variant.tax_rate) AS tax_rate, variant.unit,
    variant.is_active, variant.version, variant.updated_at
"""
_COST = """coalesce(',"cost":"' || trim_scale(variant.cost) || '"', ',"cost":null')"""
_NO_COST = """',"cost":null'"""
_END = """(SELECT concat(',"currency":', coalesce(to_json(max(currency))::text, 'null'), '}') FROM shop_currency)"""
# What other modules may know of it.
FACT_COLUMNS = """
    variant.id AS variant_id, variant.name, variant.sku, variant.barcode,
    trim_scale(variant.price) AS price, trim_scale(variant.cost) AS cost, trim_scale(variant.tax_rate) AS tax_rate,
    variant.unit, trim_scale(variant.quantity_step) AS quantity_step, variant.is_active,
    (SELECT currency FROM shop_currency) AS currency
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


def shown(*, with_cost: bool) -> str:
    """Return the SQL of what lists and look-ups show of a `catalog_variant AS variant`: the text of a VariantRowOut.

    It holds what is kept with the variant, what depends on who asks, and what is the same for all.
    """
    return f"variant.shown || {_COST if with_cost else _NO_COST} || {_END}"


BY_CODE = {
    with_cost: f"SELECT {shown(with_cost=with_cost)} FROM catalog_variant AS variant WHERE id = {ID_BY_CODE}"  # noqa: S608  put together from constants
    for with_cost in (True, False)
}


async def by_code(uow: UnitOfWork, code: str, *, with_cost: bool) -> str | None:
    """Return the variant with a barcode (in any printed length) or SKU as the JSON text of VariantRowOut."""
    found: str | None = await uow.read_value(BY_CODE[with_cost], *code_keys(code))
    return found


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
