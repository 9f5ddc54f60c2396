"""Asking the virus scanner about what is sent in: one way for every upload, whichever module takes it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from mainstay.messages.audit import Entry
from mainstay.modules.files.errors import Infected, NotScannable, ScannerAway
from mainstay.modules.files.schemas import Passed, Scan
from mainstay.modules.files.settings import FileSettings
from mainstay.net import clamd
from mainstay.net.clamd import FileNotTaken, ScannerFailed
from mainstay.net.partners import Partners
from mainstay.work import UnitOfWork

# Uploads by kind, and what came of asking about them: clean, infected, away, not_taken, or none where nobody is asked.
SCANNED: Final = "mainstay_uploads_scanned_total"
# Seconds after which a sender may try again: as long as a partner that failed is left alone.
AGAIN: Final = "30"

logger = structlog.stdlib.get_logger(__name__)

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Upload:
    """What is sent in: its `kind`, such as `crm.card_photo`, its name, and its id where it has one already.

    `sender` is who sent it where somebody else asks about it, such as a job.
    """

    kind: str
    filename: str
    id: UUID | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner found: a name, or nothing. `was_asked` is False where there is no scanner."""

    found: str | None = None
    was_asked: bool = True

    @property
    def scan(self) -> Scan:
        """Return it in one word."""
        if not self.was_asked:
            return "none"
        return "clean" if self.found is None else "infected"


def has_scanner(uow: UnitOfWork) -> bool:
    """Whether uploads are looked at for viruses."""
    return uow.setup.settings.of(FileSettings).scanner is not None


async def ask(uow: UnitOfWork, upload: Upload, pieces: AsyncGenerator[bytes, None]) -> Verdict:
    """Have the scanner look at an upload, without a transaction. What it finds is written to the log and counted.

    Raises ScannerFailed while it is away, and FileNotTaken for what it cannot look at: neither is "clean".
    """
    settings, outcome = uow.setup.settings.of(FileSettings), "away"
    partners = await uow.resource(Partners)
    await uow.release()
    try:
        async with aclosing(pieces):
            verdict = await _asked(settings, partners, pieces)
        outcome = verdict.scan
    except FileNotTaken:
        outcome = "not_taken"
        raise
    finally:
        uow.setup.counters.add(SCANNED, kind=upload.kind, outcome=outcome)
    if verdict.found is not None:
        logger.warning("upload", outcome="infected", kind=upload.kind, found=verdict.found)
    return verdict


async def _asked(settings: FileSettings, partners: Partners, pieces: AsyncIterator[bytes]) -> Verdict:
    if settings.scanner is None:
        return Verdict(was_asked=False)
    scanner = clamd.scanner_at(settings.scanner, settings.scan_timeout, partners)
    return Verdict(await clamd.scan_by(scanner, settings.scanner, pieces, settings.scan_timeout))


async def demand_clean(open_work: OpenWork, upload: Upload, pieces: AsyncGenerator[bytes, None]) -> Passed:
    """Have an upload looked at before anything of it is read; say whether it was.

    Raises Infected, which the audit trail remembers, NotScannable, and ScannerAway, which says when to come back.
    """
    async with open_work() as uow:
        try:
            verdict = await ask(uow, upload, pieces)
        except FileNotTaken as failure:
            raise NotScannable("The virus scanner cannot look at this file; it may be too large for it.") from failure
        except ScannerFailed as failure:
            sentence = "The virus scanner does not answer, and nothing is taken unseen; try again in a moment."
            raise ScannerAway(sentence, headers={"Retry-After": AGAIN}) from failure
        if verdict.found is not None:
            note_infected(uow, upload, verdict.found)
    if verdict.found is not None:
        raise Infected(f"The virus scanner found {verdict.found} in the file; nothing of it was taken.")
    return "clean" if verdict.was_asked else "none"


def note_infected(uow: UnitOfWork, upload: Upload, found: str) -> None:
    """Have the audit trail remember who sent what the scanner found something in."""
    new = {"filename": upload.filename, "found": found} | ({"sender": upload.sender} if upload.sender else {})
    uow.record(Entry("files.upload_refused", upload.kind, upload.id, new=new))
