"""What happens to files by itself: scanning, smaller forms, dropping bytes, and the sweep."""

from mainstay.messages.job import BEHIND, LONG, Job, Retry, Schedule
from mainstay.modules.files.events import BytesDropped, FileReady, FileReceived
from mainstay.modules.files.service import looking, quarantine, upkeep
from mainstay.modules.files.service.looking import Forms
from mainstay.modules.files.service.quarantine import Looked
from mainstay.modules.files.service.upkeep import Seen
from mainstay.work import UnitOfWork


async def prepare_scan(uow: UnitOfWork, event: FileReceived) -> Looked | None:
    """Have the scanner look at the file."""
    return await quarantine.look(uow, event.file_id)


async def scan(uow: UnitOfWork, event: FileReceived, looked: Looked | None) -> None:
    """Let the file out of quarantine, or refuse it."""
    await quarantine.decide(uow, event.file_id, looked)


async def prepare_forms(uow: UnitOfWork, event: FileReady) -> Forms | None:
    """Make the smaller forms of a picture."""
    return await looking.make_forms(uow, event.file_id)


async def make_forms(uow: UnitOfWork, event: FileReady, forms: Forms | None) -> None:
    """Give them to the picture."""
    await looking.keep_forms(uow, event.file_id, forms)


async def drop_bytes(uow: UnitOfWork, event: BytesDropped) -> None:
    """Remove what belongs to nothing any more."""
    await looking.drop(uow, event.keys)


async def drop_bytes_done(_uow: UnitOfWork, _event: BytesDropped, _nothing: None) -> None:
    """Nothing is left to do."""


async def look_at_all(uow: UnitOfWork) -> Seen:
    """Compare rows and bytes, outside of the transaction that records it."""
    return await upkeep.look(uow)


async def sweep(uow: UnitOfWork, seen: Seen) -> None:
    """Record what was seen, and have done what was left."""
    await upkeep.settle(uow, seen)


# Tried for an hour and a half; after that the sweep at night has the scanner asked again.
PATIENT = Retry(attempts=10, wait=10)

SCAN = Job("files.scan", scan, (FileReceived,), prepare=prepare_scan, retry=PATIENT)
MAKE_FORMS = Job("files.make_forms", make_forms, (FileReady,), prepare=prepare_forms, queue=LONG)
DROP_BYTES = Job("files.drop_bytes", drop_bytes_done, (BytesDropped,), prepare=drop_bytes, priority=BEHIND)
SWEEP = Schedule("files.sweep", sweep, cron="23 3 * * *", queue=LONG, priority=BEHIND, prepare=look_at_all)
