"""Searching and listing variants."""

from mainstay.work import Row, UnitOfWork
from tradepost.catalog.repository.variants import FACTS

_FACTS_BY_NAME = f"""
WITH first AS (SELECT id, name_key FROM catalog_variant WHERE is_active ORDER BY name_key, id LIMIT $1)
{FACTS} JOIN first ON first.id = variant_id ORDER BY name_key, id
"""  # noqa: S608  put together from constants


async def facts(uow: UnitOfWork, _q: str, limit: int) -> list[Row]:
    """Return what other modules may know of active variants, by name."""
    return await uow.read(_FACTS_BY_NAME, limit)
