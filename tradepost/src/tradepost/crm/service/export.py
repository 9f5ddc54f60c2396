"""Contacts as files for other programs: what the list shows, all of it, in its order (rule 32)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from mainstay.messages.audit import Entry
from mainstay.work import Actor, UnitOfWork
from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.exchange.sheet.writer import SheetForm, sheet_rows
from tradepost.crm.exchange.vcard.writer import Version, write_vcards
from tradepost.crm.repository import personal
from tradepost.crm.repository.search import Wanted
from tradepost.crm.service import records

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


def demand(reader: Actor, wanted: Wanted) -> None:
    """Raise NotAllowed for a list that tells what the reader may not see; an answer that has begun cannot refuse."""
    personal.demand_list(reader, wanted)


async def export_cards(open_work: OpenWork, wanted: Wanted, version: Version) -> AsyncIterator[bytes]:
    """Give the contacts that fit as vCards, page by page; together the pages are a file in UTF-8."""
    async for page in record_pages(open_work, wanted, "vcf"):
        yield await asyncio.to_thread(_cards, page, version)


async def export_sheet(open_work: OpenWork, wanted: Wanted, form: SheetForm) -> AsyncIterator[list[list[str]]]:
    """Give the contacts that fit as rows below `sheet_head`, page by page; whoever sends them makes them harmless."""
    async for page in record_pages(open_work, wanted, "csv"):
        yield await asyncio.to_thread(_rows, page, form)


async def record_pages(open_work: OpenWork, wanted: Wanted, form: str) -> AsyncIterator[list[ContactRecord]]:
    """Yield the contacts that fit, each page read in a unit of work of its own, however slow whoever takes them is.

    That they leave the program is on record, with the `form` of the file (rule 39).
    """
    after: tuple[str, ...] | None = None
    while True:
        async with open_work() as uow:
            page = await records.record_page(uow, wanted, after)
            if after is None:
                uow.record(Entry("crm.contacts_exported", "crm.contact", new={"form": form, "picked": len(wanted.ids)}))
        yield page.records
        if page.place is None:
            return
        after = page.place


def _cards(page: list[ContactRecord], version: Version) -> bytes:
    # A letter that is no text, such as half of a pair, becomes a question mark: the rest of the file is kept.
    return "".join(write_vcards(page, version)).encode("utf-8", "replace")


def _rows(page: list[ContactRecord], form: SheetForm) -> list[list[str]]:
    return list(sheet_rows(page, form))
