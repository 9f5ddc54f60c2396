"""The front door of the catalogue for other modules.

For statements that need facts of variants there is the view `catalog_sellable` (see the migrations).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.repository import imports, lists, variants


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What is sold: `price` and `cost` in major units of `currency` per unit of measure, `tax_rate` in percent.

    `barcode` is the first one as printed; quantities are multiples of `quantity_step`.
    """

    variant_id: UUID
    name: str
    sku: str | None
    barcode: str | None
    price: Decimal
    cost: Decimal | None
    currency: str
    tax_rate: Decimal
    unit: str
    quantity_step: Decimal
    is_active: bool


async def facts(uow: UnitOfWork, variant_ids: Sequence[UUID]) -> dict[UUID, VariantFacts]:
    """Return the facts of variants in the order asked for; unknown ones are absent."""
    found = {row["variant_id"]: _facts(row) for row in await variants.facts(uow, variant_ids)}
    return {variant_id: found[variant_id] for variant_id in variant_ids if variant_id in found}


async def by_code(uow: UnitOfWork, code: str) -> VariantFacts | None:
    """Return the variant with a barcode (in any printed length) or SKU, None when there is none."""
    row = await variants.facts_by_code(uow, code)
    return _facts(row) if row else None


async def find(uow: UnitOfWork, q: str, limit: int) -> list[VariantFacts]:
    """Return active variants whose name, SKU or barcode fits `q`, best first; by name when `q` is empty."""
    return [_facts(row) for row in await lists.facts(uow, q, limit)]


async def imported_quantities(uow: UnitOfWork, import_id: UUID) -> dict[UUID, Decimal]:
    """Return the quantities on hand that a file gave, by variant; those without one, or with zero, are absent."""
    return {row["variant_id"]: row["quantity"] for row in await imports.quantities(uow, import_id)}


def _facts(row: Row) -> VariantFacts:
    return VariantFacts(
        variant_id=row["variant_id"],
        name=row["name"],
        sku=row["sku"],
        barcode=row["barcode"],
        price=row["price"],
        cost=row["cost"],
        currency=row["currency"],
        tax_rate=row["tax_rate"],
        unit=row["unit"],
        quantity_step=row["quantity_step"],
        is_active=row["is_active"],
    )
