"""Jobs of the contacts module: files are read, searches follow what is kept elsewhere, duplicates are looked for."""

from uuid import UUID

from mainstay.messages.event import Event
from mainstay.messages.job import BEHIND, LONG, Job, Retry, Schedule
from mainstay.work import UnitOfWork
from tradepost.crm.events import (
    CardFileHeld,
    CardPhotoReadWanted,
    CardPhotoReceived,
    ContactChanged,
    ContactCreated,
    ContactFileReceived,
    ContactsImported,
    ContactsMerged,
    MergeUndone,
    ScanWanted,
)
from tradepost.crm.service import card_quarantine, card_reading, duplicates, imports, indexing
from tradepost.crm.service.card_quarantine import Looked
from tradepost.crm.service.card_reading import Outcome
from tradepost.tagging.events import TagDeleted, TagRenamed


async def follow_company(uow: UnitOfWork, event: ContactChanged | ContactsMerged | MergeUndone) -> None:
    """Find people by the new name of their company."""
    for company_id in _renamed(event):
        await indexing.reindex_people(uow, company_id)


async def follow_tag(uow: UnitOfWork, event: TagRenamed | TagDeleted) -> None:
    """Find contacts by the new name of a tag, and no longer by the old one."""
    await indexing.reindex_named(uow, event.old_name)


async def find_duplicates(
    uow: UnitOfWork, event: ContactCreated | ContactChanged | ContactsImported | ContactsMerged | MergeUndone
) -> None:
    """Compare contacts that are new or were changed with all others."""
    await duplicates.refresh(uow, _changed(event))
    for company_id in _renamed(event):
        await duplicates.refresh_people(uow, company_id)


async def scan(uow: UnitOfWork, event: ScanWanted) -> None:
    """Compare some contacts with all others, and have the next ones follow: memory and transactions stay small."""
    await duplicates.scan(uow, event.after)


async def read_file(uow: UnitOfWork, event: ContactFileReceived) -> None:
    """Take the contacts of a file in."""
    await imports.read_import(uow, event.import_id)


async def give_up_file(uow: UnitOfWork, event: ContactFileReceived) -> None:
    """Say that a file could not be taken in, when its last try failed."""
    await imports.give_up(uow, event.import_id)


def _changed(
    event: ContactCreated | ContactChanged | ContactsImported | ContactsMerged | MergeUndone,
) -> tuple[UUID, ...]:
    if isinstance(event, ContactsImported):
        return event.contact_ids
    if isinstance(event, ContactsMerged | MergeUndone):
        return (event.survivor_id, *event.contact_ids)
    return (event.contact_id,)


def _renamed(event: Event) -> tuple[UUID, ...]:
    """Return the contacts that may be companies whose people have a company of another name since."""
    if isinstance(event, ContactsMerged | MergeUndone):
        return (event.survivor_id, *event.contact_ids)
    return (event.contact_id,) if isinstance(event, ContactChanged) and "name" in event.fields else ()


async def look_at_photo(uow: UnitOfWork, event: CardPhotoReceived | CardPhotoReadWanted) -> Outcome | None:
    """Have a picture of cards read, outside of the job's transaction."""
    return await card_reading.look(uow, event.photo_id)


async def read_photo(uow: UnitOfWork, event: CardPhotoReceived | CardPhotoReadWanted, outcome: Outcome | None) -> None:
    """Keep what was read from a picture as drafts of contacts."""
    if outcome is not None:
        await card_reading.keep(uow, event.photo_id, outcome)


async def give_up_photo(uow: UnitOfWork, event: CardPhotoReceived | CardPhotoReadWanted) -> None:
    """Say that a picture could not be read, when the job's last try failed; it is a draft to be typed by hand."""
    await card_reading.give_up(uow, event.photo_id)


async def look_at_card_file(uow: UnitOfWork, event: CardFileHeld) -> Looked | None:
    """Have the virus scanner look at a file of cards, outside of the job's transaction."""
    return await card_quarantine.look(uow, event.upload_id)


async def scan_card_file(uow: UnitOfWork, event: CardFileHeld, looked: Looked | None) -> None:
    """Take the pictures of a file of cards that is clean."""
    await card_quarantine.decide(uow, event.upload_id, looked)


async def try_scanner(uow: UnitOfWork) -> bool:
    """Say whether files of cards wait for a virus scanner that is back."""
    return await card_quarantine.is_back(uow)


async def tend_card_files(uow: UnitOfWork, is_back: bool) -> None:
    """Have files of cards looked at as soon as the virus scanner is back, and forget what was decided long ago."""
    if is_back:
        await card_quarantine.ask_again(uow)
    await card_quarantine.forget_old(uow)


def _one_of_a_file(event: CardFileHeld) -> str:
    """A file is looked at by one worker at a time."""
    return f"crm.scan_card_file:{event.upload_id}"


def _one_of_a_photo(event: CardPhotoReceived | CardPhotoReadWanted) -> str:
    """A picture is read by one worker at a time."""
    return f"crm.read_photo:{event.photo_id}"


def _one_at_a_time(_event: ContactFileReceived) -> str:
    """Of two files with the same contacts the second one finds those of the first."""
    return "crm.read_file"


READ_FILE = Job(
    "crm.read_file",
    read_file,
    answers=(ContactFileReceived,),
    queue=LONG,
    time_limit=600.0,
    lock=_one_at_a_time,
    on_failure=give_up_file,
)
# Pictures come by the dozen and wait for one another: whatever else there is to do goes first.
# A picture has a time limit of its own in the reader, which begins when a reader is free: this one is for waiting too.
READ_PHOTO = Job(
    "crm.read_photo",
    read_photo,
    answers=(CardPhotoReceived, CardPhotoReadWanted),
    queue=LONG,
    priority=BEHIND,
    time_limit=600.0,
    lock=_one_of_a_photo,
    prepare=look_at_photo,
    on_failure=give_up_photo,
)
# Tried for an hour and a half, more and more seldom; the schedule below has it tried as soon as the scanner is back.
SCAN_CARD_FILE = Job(
    "crm.scan_card_file",
    scan_card_file,
    answers=(CardFileHeld,),
    queue=LONG,
    time_limit=600.0,
    lock=_one_of_a_file,
    prepare=look_at_card_file,
    retry=Retry(attempts=10, wait=10),
)
TEND_CARD_FILES = Schedule("crm.tend_card_files", tend_card_files, cron="*/5 * * * *", prepare=try_scanner)
FOLLOW_COMPANY = Job("crm.follow_company", follow_company, answers=(ContactChanged, ContactsMerged, MergeUndone))
FOLLOW_TAG = Job("crm.follow_tag", follow_tag, answers=(TagRenamed, TagDeleted))
FIND_DUPLICATES = Job(
    "crm.find_duplicates",
    find_duplicates,
    answers=(ContactCreated, ContactChanged, ContactsImported, ContactsMerged, MergeUndone),
)
SCAN = Job("crm.scan", scan, answers=(ScanWanted,), queue=LONG, priority=BEHIND)
