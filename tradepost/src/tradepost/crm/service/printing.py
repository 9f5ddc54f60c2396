"""A sheet of contacts to print: at most 5,000 of what the list shows, drawn in a process of its own."""

import asyncio
import json
import sys
from dataclasses import asdict
from zoneinfo import ZoneInfo

import structlog

from mainstay import clock
from mainstay.work import UnitOfWork
from tradepost.crm.errors import PrintingFailed, TooManyForSheet
from tradepost.crm.exchange.paper.content import Around, Grouping, Language, make_sheet
from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.repository.search import Wanted
from tradepost.crm.service.export import OpenWork, record_pages
from tradepost.shop import api as shop

MOST_CONTACTS = 5000
PRESS = "tradepost.crm.exchange.paper.press"
TIME_LIMIT = 120.0

logger = structlog.stdlib.get_logger(__name__)


async def print_contacts(open_work: OpenWork, wanted: Wanted, language: Language) -> bytes:
    """Return the contacts that fit as PDF, grouped by what sorts them.

    Raises TooManyForSheet, and PrintingFailed when the press fails or takes too long.
    """
    records: list[ContactRecord] = []
    async for page in record_pages(open_work, wanted, "pdf"):
        records += page
        if len(records) > MOST_CONTACTS:
            raise TooManyForSheet(
                f"A sheet holds at most {MOST_CONTACTS:,} contacts: narrow the list down, or pick some."
            )
    async with open_work() as uow:
        around = await _around(uow, language)
    sheet = await asyncio.to_thread(make_sheet, records, around, _grouping(wanted))
    return await _press(json.dumps(asdict(sheet), ensure_ascii=False).encode("utf-8", "replace"))


async def _around(uow: UnitOfWork, language: Language) -> Around:
    if not await shop.is_set_up(uow):
        return Around("", clock.now().date(), language, None)
    business = await shop.business(uow)
    today = clock.now().astimezone(ZoneInfo(business.time_zone)).date()
    return Around(business.name, today, language, business.country)


def _grouping(wanted: Wanted) -> Grouping:
    if wanted.sort == "company":
        return "company"
    return "letter" if wanted.sort in {"name", "-name"} or (wanted.sort is None and not wanted.q) else "none"


async def _press(sheet: bytes) -> bytes:
    """Have a sheet printed. Its process is ended when nobody waits for it any more."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", PRESS, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(TIME_LIMIT):
            pdf, told = await process.communicate(sheet)
    except TimeoutError as failure:
        raise PrintingFailed("Printing took too long; print fewer contacts.") from failure
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        logger.error("the press failed", code=process.returncode, told=told.decode("utf-8", "replace")[-1000:])
        raise PrintingFailed("The sheet could not be printed because of a fault here.")
    return pdf
