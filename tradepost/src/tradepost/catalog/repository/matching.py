"""What the catalogue knows of a batch of imported rows, and writing a batch: a few statements however many rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.repository.products import OF_JSON, PRODUCT, to_json

# Each way to recognise a variant, by the texts of a batch.
_MATCHES = """
SELECT 'barcode' AS how, key, variant_id AS id FROM catalog_barcode WHERE key = ANY ($1)
UNION ALL
SELECT 'sku', sku_key, id FROM catalog_variant WHERE sku_key = ANY ($2) AND sku_key <> ''
UNION ALL
SELECT 'handle', handle, id FROM catalog_product WHERE handle = ANY ($3)
UNION ALL
(
    -- Only what has no code at all is recognised by its name.
    SELECT DISTINCT ON (name_key) 'name', name_key, id FROM catalog_variant AS variant
    WHERE name_key = ANY ($4) AND sku_key = ''
        AND NOT EXISTS (SELECT FROM catalog_barcode WHERE variant_id = variant.id)
    ORDER BY name_key, id
)
"""
_PRODUCTS = """
SELECT id, name, description, vendor, tags, handle, version FROM catalog_product
WHERE id = ANY ($1) OR id IN (SELECT product_id FROM catalog_variant WHERE id = ANY ($2))
"""
_VARIANTS = """
SELECT
    variant.id, variant.product_id, variant.position, variant.name, variant.sku, variant.options, variant.options_key,
    trim_scale(variant.price) AS price, trim_scale(variant.cost) AS cost, trim_scale(variant.tax_rate) AS tax_rate,
    variant.unit, trim_scale(variant.quantity_step) AS quantity_step, variant.is_active, variant.version,
    ARRAY(SELECT code FROM catalog_barcode WHERE variant_id = variant.id ORDER BY position) AS codes,
    (SELECT max(position) FROM catalog_barcode WHERE variant_id = variant.id) AS last_code,
    item.row_number AS taken_by
FROM catalog_variant AS variant
LEFT JOIN catalog_import_item AS item ON item.variant_id = variant.id AND item.import_id = $2
WHERE variant.product_id = ANY ($1)
"""
_ADD_PRODUCTS = """
INSERT INTO catalog_product (id, name, description, vendor, tags, handle)
SELECT id, name, description, vendor, ARRAY(SELECT json_array_elements_text(tags)), handle
FROM json_to_recordset($1::json) AS record (
    id uuid, name text, description text, vendor text, tags json, handle text
)
ON CONFLICT DO NOTHING RETURNING id
"""
_CHANGE_PRODUCTS = f"""
WITH {PRODUCT.keeping(OF_JSON)}
UPDATE catalog_product AS product
SET name = record.name, description = record.description, vendor = record.vendor,
    tags = ARRAY(SELECT json_array_elements_text(record.tags)), handle = record.handle,
    version = product.version + 1, updated_at = now()
FROM json_to_recordset($1::json) AS record (
    id uuid, name text, description text, vendor text, tags json, handle text, version integer
)
WHERE product.id = record.id AND product.version = record.version
RETURNING product.id
"""  # noqa: S608  put together from constants
_ADD_ITEMS = """
INSERT INTO catalog_import_item (import_id, variant_id, row_number, quantity)
SELECT $1, variant_id, row_number, quantity
FROM json_to_recordset($2::json) AS record (variant_id uuid, row_number integer, quantity numeric)
"""
_ADD_ROWS = """
INSERT INTO catalog_import_row (import_id, row_number, outcome, reason_code, reason, raw)
SELECT $1, row_number, outcome, reason_code, reason, raw
FROM json_to_recordset($2::json) AS record (
    row_number integer, outcome text, reason_code text, reason text, raw json
)
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the rows of a batch can be recognised by."""

    barcodes: Sequence[str]
    skus: Sequence[str]
    handles: Sequence[str]
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as an import writes it; `version` is the one that is changed."""

    id: UUID
    name: str
    description: str
    vendor: str | None
    tags: list[str]
    handle: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Item:
    """Which variant a row is, and the quantity on hand that it gives."""

    variant_id: UUID
    row_number: int
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row that was rejected, or accepted with a warning."""

    row_number: int
    outcome: str
    reason_code: str
    reason: str
    raw: list[str]


async def matches(uow: UnitOfWork, keys: Keys) -> list[Row]:
    """Return (how, key, id) for what the keys belong to: variants, and products for handles."""
    return await uow.read(_MATCHES, keys.barcodes, keys.skus, keys.handles, keys.names)


async def products(uow: UnitOfWork, ids: Iterable[UUID], variant_ids: Iterable[UUID]) -> list[Row]:
    """Return products by their ids and by those of variants."""
    return await uow.read(_PRODUCTS, list(ids), list(variant_ids))


async def variants(uow: UnitOfWork, product_ids: Iterable[UUID], import_id: UUID) -> list[Row]:
    """Return all variants of products, and which row of the import each has been so far."""
    return await uow.read(_VARIANTS, list(product_ids), import_id)


async def add_products(uow: UnitOfWork, records: Sequence[ProductFacts]) -> int:
    """Add products and return how many were added."""
    return len(await uow.write(_ADD_PRODUCTS, to_json(records)))


async def change_products(uow: UnitOfWork, records: Sequence[ProductFacts]) -> int:
    """Write products whose versions are still those of the records, and return how many were written."""
    return len(await uow.write(_CHANGE_PRODUCTS, to_json(records)))


async def add_items(uow: UnitOfWork, import_id: UUID, items: Sequence[Item]) -> None:
    """Remember which variants the rows are."""
    await uow.write(_ADD_ITEMS, import_id, to_json(items))


async def add_rows(uow: UnitOfWork, import_id: UUID, rows: Sequence[ReportRow]) -> None:
    """Remember rows for the report."""
    await uow.write(_ADD_ROWS, import_id, to_json(rows))
