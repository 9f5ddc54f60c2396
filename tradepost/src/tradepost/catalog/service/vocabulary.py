"""Learning the words of the catalogue, so that mistyped ones are understood."""

from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.catalog.codes.folding import vocabulary
from tradepost.catalog.repository import words as repository


async def learn_product(uow: UnitOfWork, product_id: UUID) -> None:
    """Learn the words in the names of a product."""
    names = await repository.names(uow, product_id)
    await repository.learn(uow, vocabulary(" ".join(names)))
