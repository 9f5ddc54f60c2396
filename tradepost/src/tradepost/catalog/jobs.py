"""Jobs of the catalogue."""

from mainstay.messages.job import BEHIND, LONG, Job, Retry, Schedule
from mainstay.modules.files.api import Verdict
from mainstay.work import UnitOfWork
from tradepost.catalog.events import ImportReceived, ImportRequested, ProductChanged, ProductCreated
from tradepost.catalog.service import quarantine, reading, upkeep, vocabulary


async def look_at_sheet(uow: UnitOfWork, event: ImportReceived) -> Verdict | None:
    """Have the virus scanner look at an uploaded file, outside of the job's transaction."""
    return await quarantine.look(uow, event.import_id)


async def scan_sheet(uow: UnitOfWork, event: ImportReceived, verdict: Verdict | None) -> None:
    """Have an uploaded file read that is clean."""
    await quarantine.decide(uow, event.import_id, verdict)


async def import_sheet(uow: UnitOfWork, event: ImportRequested) -> None:
    """Read an uploaded file into the catalogue."""
    await reading.read_import(uow, event.import_id)


async def give_up_sheet(uow: UnitOfWork, event: ImportRequested) -> None:
    """End an import whose last try failed."""
    await reading.give_up(uow, event.import_id)


async def learn_words(uow: UnitOfWork, event: ProductCreated | ProductChanged) -> None:
    """Learn the words of a product that was created or renamed."""
    await vocabulary.learn_product(uow, event.product_id)


async def tidy(uow: UnitOfWork) -> None:
    """Keep counting and searching quick, and have files looked at that still wait for the virus scanner."""
    await upkeep.tidy(uow)
    await quarantine.ask_again(uow)


def _one_at_a_time(_event: ImportRequested) -> str:
    """Two files that hold the same products would wait for each other."""
    return "catalog.import_sheet"


# Tried for an hour and a half; after that the night has the scanner asked again.
SCAN_SHEET = Job(
    "catalog.scan_sheet", scan_sheet, (ImportReceived,), prepare=look_at_sheet, retry=Retry(attempts=10, wait=10)
)
# A file of 250,000 rows on a slow machine.
IMPORT_SHEET = Job(
    "catalog.import_sheet",
    import_sheet,
    answers=(ImportRequested,),
    queue=LONG,
    time_limit=1800.0,
    lock=_one_at_a_time,
    on_failure=give_up_sheet,
)
LEARN_WORDS = Job("catalog.learn_words", learn_words, answers=(ProductCreated, ProductChanged))
TIDY = Schedule("catalog.tidy", tidy, cron="40 3 * * *", queue=LONG, priority=BEHIND)
