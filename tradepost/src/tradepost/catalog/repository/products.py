"""Products with their variants and barcodes: read whole, written set by set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import orjson

from mainstay.versioned import Versioned
from mainstay.work import Row, UnitOfWork
from tradepost.catalog.codes.gtin import Code
from tradepost.catalog.repository.variants import COLUMNS

PRODUCT = Versioned(
    "catalog.product",
    "catalog_product",
    {
        "name": "record.name",
        "description": "record.description",
        "vendor": "record.vendor",
        "tags": "to_jsonb(record.tags)",
    },
)
# Numbers as text, written as inputs are.
VARIANT = Versioned(
    "catalog.variant",
    "catalog_variant",
    {
        "sku": "record.sku",
        "options": "record.options",
        "price": "trim_scale(record.price)::text",
        "cost": "trim_scale(record.cost)::text",
        "tax_rate": "trim_scale(record.tax_rate)::text",
        "unit": "record.unit",
        "quantity_step": "trim_scale(record.quantity_step)::text",
        "is_active": "record.is_active",
        "barcodes": """(
            SELECT coalesce(jsonb_agg(code ORDER BY position), '[]') FROM catalog_barcode WHERE variant_id = record.id
        )""",
    },
)
# Those that a statement is given as JSON.
OF_JSON = "record.id IN (SELECT (one ->> 'id')::uuid FROM json_array_elements($1::json) AS one)"
_WHOLE = f"""
{COLUMNS}, variant.position, trim_scale(variant.quantity_step) AS quantity_step,
(
    SELECT coalesce(
        jsonb_agg(jsonb_build_object('code', code, 'gtin', gtin, 'kind', kind) ORDER BY position), '[]'
    )
    FROM catalog_barcode WHERE variant_id = variant.id
) AS barcodes
"""  # noqa: S608  put together from constants
_PRODUCT = """
SELECT id, name, description, vendor, tags, content_hash, version, created_at, updated_at
FROM catalog_product WHERE id = $1
"""
_LOCK = f"{_PRODUCT} FOR NO KEY UPDATE"
_VARIANTS = f"SELECT {_WHOLE} FROM catalog_variant AS variant WHERE product_id = $1 ORDER BY position, id"  # noqa: S608  a constant
_VARIANT = f"SELECT {_WHOLE} FROM catalog_variant AS variant WHERE id = $1"  # noqa: S608  put together from constants
_LOCK_PRODUCTS = """
SELECT FROM catalog_product WHERE id IN (SELECT product_id FROM catalog_variant WHERE id = ANY ($1))
ORDER BY id FOR NO KEY UPDATE
"""
_LOCK_VARIANTS = f"""
SELECT {_WHOLE} FROM catalog_variant AS variant WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE OF variant
"""  # noqa: S608  put together from constants
_ADD_PRODUCT = """
INSERT INTO catalog_product (id, name, description, vendor, tags, content_hash) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING true
"""
_CHANGE_PRODUCT = f"""
WITH {PRODUCT.keeping("record.id = $1")}
UPDATE catalog_product
SET name = $2, description = $3, vendor = $4, tags = $5, version = version + 1, updated_at = now()
WHERE id = $1
"""  # noqa: S608  put together from constants
_RECORD = """
json_to_recordset($1::json) AS record (
    id uuid, product_id uuid, position integer, name text, name_key text, search text, sku text, sku_key text,
    barcode text, options json, options_key text, price numeric, cost numeric, tax_rate numeric, unit text,
    quantity_step numeric, is_active boolean, version integer
)
"""
_ADD_VARIANTS = f"""
INSERT INTO catalog_variant (
    id, product_id, position, name, name_key, search, sku, sku_key, barcode, options, options_key, price, cost,
    tax_rate, unit, quantity_step, is_active
)
SELECT
    id, product_id, position, name, name_key, search, sku, sku_key, barcode, options, options_key, price, cost,
    tax_rate, unit, quantity_step, is_active
FROM {_RECORD}
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608  put together from constants
_CHANGE_VARIANTS = f"""
WITH {VARIANT.keeping(f"{OF_JSON} AND $2::integer > 0")}
UPDATE catalog_variant AS variant
SET name = record.name, name_key = record.name_key, search = record.search, sku = record.sku,
    sku_key = record.sku_key, barcode = record.barcode, options = record.options, options_key = record.options_key,
    price = record.price, cost = record.cost, tax_rate = record.tax_rate, unit = record.unit,
    quantity_step = record.quantity_step, is_active = record.is_active,
    version = variant.version + $2::integer, updated_at = now()
FROM {_RECORD}
WHERE variant.id = record.id AND variant.version = record.version
RETURNING variant.id
"""  # noqa: S608  put together from constants
_ADD_BARCODES = """
INSERT INTO catalog_barcode (key, code, gtin, kind, variant_id, position)
SELECT key, code, gtin, kind, variant_id, position
FROM json_to_recordset($1::json) AS record (
    key text, code text, gtin text, kind text, variant_id uuid, position integer
)
ON CONFLICT DO NOTHING RETURNING key
"""
_REMOVE_BARCODES = "DELETE FROM catalog_barcode WHERE variant_id = $1"
_BARCODE_OWNERS = """
SELECT barcode.key, barcode.code, variant.id AS variant_id, variant.product_id, variant.name
FROM catalog_barcode AS barcode JOIN catalog_variant AS variant ON variant.id = barcode.variant_id
WHERE barcode.key = ANY ($1)
"""
_SKU_OWNERS = """
SELECT sku, sku_key, id AS variant_id, product_id, name FROM catalog_variant
WHERE sku_key = ANY ($1) AND sku_key <> ''
"""
_IDS_IN_USE = "SELECT id FROM catalog_variant WHERE id = ANY ($1)"


UNIQUE_OPTIONS = "uq_catalog_variant_product_id_options_key"


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """A variant as it is stored; see the model for the folded texts."""

    id: UUID
    product_id: UUID
    position: int
    name: str
    name_key: str
    search: str
    sku: str | None
    sku_key: str
    barcode: str | None
    options: Mapping[str, str]
    options_key: str
    price: Decimal
    cost: Decimal | None
    tax_rate: Decimal
    unit: str
    quantity_step: Decimal
    is_active: bool
    version: int = 1


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as it is stored, without its variants."""

    id: UUID
    name: str
    description: str
    vendor: str | None
    tags: list[str]


async def product(uow: UnitOfWork, product_id: UUID) -> Row | None:
    """Return a product without its variants."""
    return await uow.read_row(_PRODUCT, product_id)


async def lock_product(uow: UnitOfWork, product_id: UUID) -> Row | None:
    """Return a product and keep others from changing it or its variants until the transaction ends."""
    return await uow.write_row(_LOCK, product_id)


async def lock_products_of(uow: UnitOfWork, variant_ids: Sequence[UUID]) -> None:
    """Lock the products of many variants as `lock_product` does, all in one order: two such acts wait in line."""
    await uow.write(_LOCK_PRODUCTS, list(variant_ids))


async def lock_variants(uow: UnitOfWork, variant_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Keep others, imports among them, from changing variants until the transaction ends; return them by id."""
    return {row["id"]: row for row in await uow.write(_LOCK_VARIANTS, list(variant_ids))}


async def variants(uow: UnitOfWork, product_id: UUID) -> list[Row]:
    """Return a product's variants with their barcodes, in their order."""
    return await uow.read(_VARIANTS, product_id)


async def variant(uow: UnitOfWork, variant_id: UUID) -> Row | None:
    """Return a variant with its barcodes."""
    return await uow.read_row(_VARIANT, variant_id)


async def add_product(uow: UnitOfWork, record: ProductRecord, content_hash: str) -> bool:
    """Add a product without variants; False when its id is taken."""
    facts = (record.id, record.name, record.description, record.vendor, record.tags, content_hash)
    return bool(await uow.write(_ADD_PRODUCT, *facts))


async def change_product(uow: UnitOfWork, record: ProductRecord) -> None:
    """Write a locked product and count its version up."""
    await uow.write(_CHANGE_PRODUCT, record.id, record.name, record.description, record.vendor, record.tags)


async def add_variants(uow: UnitOfWork, records: Sequence[VariantRecord]) -> set[UUID]:
    """Add variants and return the ids of those that were: an id, an SKU or the options of others may be taken."""
    return {row["id"] for row in await uow.write(_ADD_VARIANTS, to_json(records))}


async def change_variants(uow: UnitOfWork, records: Sequence[VariantRecord], *, is_new_version: bool = True) -> int:
    """Write variants whose versions are still those of the records, and return how many were written.

    Versions count up unless only derived texts have changed. Raises asyncpg.UniqueViolationError when an SKU or the
    options (UNIQUE_OPTIONS) are taken.
    """
    return len(await uow.write(_CHANGE_VARIANTS, to_json(records), int(is_new_version)))


async def add_barcodes(uow: UnitOfWork, codes: Iterable[tuple[UUID, int, Code]]) -> set[str]:
    """Add barcodes (variant, position, code) and return the keys of those that were free."""
    records = [
        {
            "key": code.key,
            "code": code.code,
            "gtin": code.gtin,
            "kind": code.kind,
            "variant_id": variant_id,
            "position": position,
        }
        for variant_id, position, code in codes
    ]
    return {row["key"] for row in await uow.write(_ADD_BARCODES, to_json(records))} if records else set()


async def remove_barcodes(uow: UnitOfWork, variant_id: UUID) -> None:
    """Remove all barcodes of a variant."""
    await uow.write(_REMOVE_BARCODES, variant_id)


async def barcode_owners(uow: UnitOfWork, keys: Iterable[str]) -> dict[str, Row]:
    """Return which variants have these barcodes, by key."""
    return {row["key"]: row for row in await uow.read(_BARCODE_OWNERS, list(keys))}


async def sku_owners(uow: UnitOfWork, keys: Iterable[str]) -> dict[str, Row]:
    """Return which variants have these SKUs, by key."""
    return {row["sku_key"]: row for row in await uow.read(_SKU_OWNERS, list(keys))}


async def variant_ids_in_use(uow: UnitOfWork, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the ids belong to variants already."""
    return {row["id"] for row in await uow.read(_IDS_IN_USE, list(ids))}


def to_json(records: Sequence[object]) -> str:
    """Return records as the JSON text of a statement's parameter."""
    return orjson.dumps(records, default=str).decode()
