"""Looking at a file of contacts before it is sent: its columns, its first entries, and what would come of all."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from mainstay.work import UnitOfWork
from tradepost.crm.codes.phone import e164
from tradepost.crm.errors import UnreadableFile
from tradepost.crm.exchange.answers import (
    ContactImportOut,
    ContactPreviewOut,
    PreviewContactOut,
    PreviewEntryOut,
    PreviewPhoneOut,
    PreviewReasonOut,
    SheetColumnOut,
)
from tradepost.crm.exchange.entry import ExchangeProblem, Read
from tradepost.crm.exchange.looking import Look, look_at
from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.repository import imports as repository
from tradepost.crm.repository.imports import Upload
from tradepost.crm.service import entry
from tradepost.crm.service.imports import MOST_ENTRIES, Sending, as_sent
from tradepost.crm.service.taking import MOST_CELLS, Weighed, reason, weigh

SHOWN = 10
MOST_REASONS = 20
# Characters of a rejected entry's cell that are shown.
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was looked at, with what tells whether it was here before."""

    look: Look
    sent: Upload


async def look(sending: Sending, content: bytes) -> Seen:
    """Look at a file, without a unit of work. Raises UnreadableFile when no choice makes it readable."""
    if not content:
        raise UnreadableFile("The file is empty.")
    try:
        found = await asyncio.to_thread(look_at, content, MOST_ENTRIES, sending.chosen)
    except ExchangeProblem as problem:
        raise UnreadableFile(str(problem)) from problem
    return Seen(found, as_sent(sending, content, found.file))


async def preview(uow: UnitOfWork, seen: Seen) -> ContactPreviewOut:
    """Return what would come of a file; nothing is written."""
    file, country = seen.look.file, seen.sent.country
    region = country or await entry.home_region(uow)
    weighed = await weigh(uow, file.entries)
    outcomes = [one.outcome for one in weighed]
    first = await repository.of_content(uow, seen.sent)
    return ContactPreviewOut(
        format=file.format,
        columns=[SheetColumnOut(**asdict(column)) for column in seen.look.columns],
        has_header=file.chosen.has_header,
        country=region,
        problem=seen.look.problem,
        entries_read=len(outcomes),
        entries_accepted=outcomes.count("accepted"),
        entries_known=outcomes.count("known"),
        entries_rejected=outcomes.count("rejected"),
        reasons=_reasons(weighed),
        entries=[_entry(one, region) for one in weighed[:SHOWN]],
        repeat_of=ContactImportOut.model_validate(dict(first)) if first else None,
    )


def _reasons(weighed: Sequence[Weighed]) -> list[PreviewReasonOut]:
    """Return why entries are rejected, the most frequent first."""
    found: dict[str, PreviewReasonOut] = {}
    for one in weighed:
        told = reason(one)
        if one.outcome == "rejected" and told is not None:
            known = found.setdefault(told.code, PreviewReasonOut(code=told.code, sentence=told.sentence, count=0))
            known.count += 1
    return sorted(found.values(), key=lambda known: -known.count)[:MOST_REASONS]


def _entry(weighed: Weighed, region: str | None) -> PreviewEntryOut:
    one, told = weighed.entry, reason(weighed)
    return PreviewEntryOut(
        number=one.number,
        line=one.line,
        outcome=weighed.outcome,
        code=told.code if told else None,
        sentence=told.sentence if told else None,
        contact=_contact(one.record, region) if isinstance(one, Read) else None,
        cells=[] if isinstance(one, Read) else [cell[:LONGEST_CELL] for cell in one.cells[:MOST_CELLS]],
    )


def _contact(record: ContactRecord, region: str | None) -> PreviewContactOut:
    return PreviewContactOut(
        kind=record.kind,
        name=record.name,
        company=record.company,
        title=record.title,
        department=record.department,
        language=record.language,
        phones=[
            PreviewPhoneOut(written=phone.written, e164=phone.e164 or e164(phone.written, region), kind=phone.kind)
            for phone in record.phones
        ],
        emails=[email.address for email in record.emails],
        websites=[page.url for page in record.websites],
        addresses=[address.text for address in record.addresses],
        tags=list(record.tags),
        notes=record.notes,
    )
