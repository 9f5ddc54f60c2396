"""Jobs of the contacts module: what contacts are searched by follows what is kept elsewhere."""

from mainstay.messages.job import Job
from mainstay.work import UnitOfWork
from tradepost.crm.events import ContactChanged
from tradepost.crm.service import indexing
from tradepost.tagging.events import TagDeleted, TagRenamed


async def follow_company(uow: UnitOfWork, event: ContactChanged) -> None:
    """Find people by the new name of their company."""
    if "name" in event.fields:
        await indexing.reindex_people(uow, event.contact_id)


async def follow_tag(uow: UnitOfWork, event: TagRenamed | TagDeleted) -> None:
    """Find contacts by the new name of a tag, and no longer by the old one."""
    await indexing.reindex_named(uow, event.old_name)


FOLLOW_COMPANY = Job("crm.follow_company", follow_company, answers=(ContactChanged,))
FOLLOW_TAG = Job("crm.follow_tag", follow_tag, answers=(TagRenamed, TagDeleted))
