"""Statements that keep counting and searching quick."""

from mainstay.work import UnitOfWork

_SUM_UP = """
WITH summed AS (DELETE FROM catalog_variant_count RETURNING change)
INSERT INTO catalog_variant_count (change) SELECT sum(change) FROM summed HAVING count(*) > 0
"""
_ANALYZE = "ANALYZE catalog_product, catalog_variant, catalog_barcode"
_MERGE = "SELECT catalog_merge_search()"


async def sum_up_counts(uow: UnitOfWork) -> None:
    """Replace the changes of the number of variants by their sum; those of open transactions stay beside it."""
    await uow.write(_SUM_UP)


async def merge_pending(uow: UnitOfWork) -> None:
    """Merge pending entries into the search index: every search reads them from end to end."""
    await uow.write(_MERGE)


async def note_growth(uow: UnitOfWork) -> None:
    """Let the planner know that many rows have come, and merge their entries into the search index."""
    await uow.write(_ANALYZE)
    await merge_pending(uow)
