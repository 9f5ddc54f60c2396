"""Imported files and what became of their rows."""

from uuid import UUID

from mainstay.work import Row, UnitOfWork

_QUANTITIES = """
SELECT variant_id, trim_scale(quantity) AS quantity FROM catalog_import_item
WHERE import_id = $1 AND quantity <> 0
"""


async def quantities(uow: UnitOfWork, import_id: UUID) -> list[Row]:
    """Return the quantities on hand that a file gave, by variant."""
    return await uow.read(_QUANTITIES, import_id)
