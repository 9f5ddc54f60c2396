"""Folding contacts anew, when something changed that is kept elsewhere: the name of their company, or of a tag."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.crm.matching.folding import words
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository.search import ENTITY
from tradepost.crm.service import entry
from tradepost.tagging import api as tagging

BATCH = 500
FIRST = UUID(int=0)
NextIds = Callable[[UUID, int], Awaitable[list[UUID]]]


async def reindex(uow: UnitOfWork, contact_ids: Sequence[UUID]) -> None:
    """Fold contacts anew from what is in the database, in three statements."""
    rows = await repository.many(uow, contact_ids)
    labels = await tagging.tags_of(uow, ENTITY, rows)
    await repository.reindex(uow, [entry.indexed(row, labels[key]) for key, row in rows.items()])


async def reindex_people(uow: UnitOfWork, company_id: UUID) -> None:
    """Fold the people of a company anew; nobody is with a contact that is none."""
    await _all(uow, lambda after, limit: repository.people_of(uow, company_id, after, limit))


async def reindex_named(uow: UnitOfWork, tag: str) -> None:
    """Fold the contacts anew that may have been found by the name that a tag had."""
    asked = list(dict.fromkeys(words(tag)))
    if asked:
        await _all(uow, lambda after, limit: repository.naming(uow, asked, after, limit))


async def _all(uow: UnitOfWork, next_ids: NextIds) -> None:
    after = FIRST
    while found := await next_ids(after, BATCH):
        await reindex(uow, found)
        after = found[-1]
