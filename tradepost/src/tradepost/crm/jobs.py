"""Jobs of the contacts module: files are read, searches follow what is kept elsewhere, duplicates are looked for."""

from mainstay.messages.job import Job
from mainstay.work import UnitOfWork
from tradepost.crm.events import (
    CardPhotoReadWanted,
    CardPhotoReceived,
    ContactChanged,
    ContactCreated,
    ContactFileReceived,
    ContactsImported,
    ScanWanted,
)
from tradepost.crm.service import card_reading, duplicates, imports, indexing
from tradepost.crm.service.card_reading import Outcome
from tradepost.tagging.events import TagDeleted, TagRenamed


async def follow_company(uow: UnitOfWork, event: ContactChanged) -> None:
    """Find people by the new name of their company."""
    if "name" in event.fields:
        await indexing.reindex_people(uow, event.contact_id)


async def follow_tag(uow: UnitOfWork, event: TagRenamed | TagDeleted) -> None:
    """Find contacts by the new name of a tag, and no longer by the old one."""
    await indexing.reindex_named(uow, event.old_name)


async def find_duplicates(uow: UnitOfWork, event: ContactCreated | ContactChanged | ContactsImported) -> None:
    """Compare contacts that are new or were changed with all others."""
    changed = event.contact_ids if isinstance(event, ContactsImported) else (event.contact_id,)
    await duplicates.refresh(uow, changed)
    if isinstance(event, ContactChanged) and "name" in event.fields:
        await duplicates.refresh_people(uow, event.contact_id)


async def scan(uow: UnitOfWork, event: ScanWanted) -> None:
    """Compare some contacts with all others, and have the next ones follow: memory and transactions stay small."""
    await duplicates.scan(uow, event.after)


async def read_file(uow: UnitOfWork, event: ContactFileReceived) -> None:
    """Take the contacts of a file in."""
    await imports.read_import(uow, event.import_id)


async def look_at_photo(uow: UnitOfWork, event: CardPhotoReceived | CardPhotoReadWanted) -> Outcome | None:
    """Have a picture of cards read, outside of the job's transaction."""
    return await card_reading.look(uow, event.photo_id)


async def read_photo(uow: UnitOfWork, event: CardPhotoReceived | CardPhotoReadWanted, outcome: Outcome | None) -> None:
    """Keep what was read from a picture as drafts of contacts."""
    if outcome is not None:
        await card_reading.keep(uow, event.photo_id, outcome)


def _one_of_a_photo(event: CardPhotoReceived | CardPhotoReadWanted) -> str:
    """A picture is read by one worker at a time."""
    return f"crm.read_photo:{event.photo_id}"


def _one_at_a_time(_event: ContactFileReceived) -> str:
    """Of two files with the same contacts the second one finds those of the first."""
    return "crm.read_file"


# A picture has a time limit of its own in the reader, which begins when a reader is free: this one is for waiting too.
READ_PHOTO = Job(
    "crm.read_photo",
    read_photo,
    answers=(CardPhotoReceived, CardPhotoReadWanted),
    time_limit=600.0,
    lock=_one_of_a_photo,
    prepare=look_at_photo,
)
READ_FILE = Job("crm.read_file", read_file, answers=(ContactFileReceived,), time_limit=600.0, lock=_one_at_a_time)
FOLLOW_COMPANY = Job("crm.follow_company", follow_company, answers=(ContactChanged,))
FOLLOW_TAG = Job("crm.follow_tag", follow_tag, answers=(TagRenamed, TagDeleted))
FIND_DUPLICATES = Job(
    "crm.find_duplicates", find_duplicates, answers=(ContactCreated, ContactChanged, ContactsImported)
)
SCAN = Job("crm.scan", scan, answers=(ScanWanted,))
