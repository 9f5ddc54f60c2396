"""Jobs of the catalogue."""

from mainstay.messages.job import BEHIND, LONG, Job, Schedule
from mainstay.work import UnitOfWork
from tradepost.catalog.events import ImportRequested, ProductChanged, ProductCreated
from tradepost.catalog.service import reading, upkeep, vocabulary


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
    """Keep counting and searching quick."""
    await upkeep.tidy(uow)


def _one_at_a_time(_event: ImportRequested) -> str:
    """Two files that hold the same products would wait for each other."""
    return "catalog.import_sheet"


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
