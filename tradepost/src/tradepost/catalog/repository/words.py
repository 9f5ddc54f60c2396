"""The words of the catalogue, for telling what a mistyped one may have meant."""

from collections.abc import Iterable
from uuid import UUID

from mainstay.work import UnitOfWork

_LEARN = (
    "INSERT INTO catalog_word (word) SELECT word FROM unnest($1::text[]) AS word ORDER BY word ON CONFLICT DO NOTHING"
)
_NAMES = "SELECT name FROM catalog_variant WHERE product_id = $1"


async def learn(uow: UnitOfWork, words: Iterable[str]) -> None:
    """Add words, which are then known for ever; in order, so that two who learn never wait for each other."""
    fresh = sorted(words)
    if fresh:
        await uow.write(_LEARN, fresh)


async def names(uow: UnitOfWork, product_id: UUID) -> list[str]:
    """Return the names of a product's variants."""
    return [row["name"] for row in await uow.read(_NAMES, product_id)]
