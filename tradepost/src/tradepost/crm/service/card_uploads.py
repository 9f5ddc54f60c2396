"""Files of cards that are sent in: looked at for viruses, then taken, or kept until the scanner is back."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import IO

from mainstay.modules.files import api as files
from mainstay.modules.files.api import ScannerAway, Upload
from mainstay.modules.flags.api import demand_on
from mainstay.work import UnitOfWork
from tradepost.crm.cards.answers import CardUploadOut
from tradepost.crm.cards.archive import label
from tradepost.crm.cards.limits import MEBI
from tradepost.crm.flags import CARD_SCANNING
from tradepost.crm.repository.photos import sender_of
from tradepost.crm.service import card_quarantine
from tradepost.crm.service.card_quarantine import KIND
from tradepost.crm.service.card_taking import Target, take

LARGEST_FILE = 100 * MEBI
IN_MEMORY = MEBI

OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


async def receive(open_work: OpenWork, sent: Target, file: IO[bytes]) -> CardUploadOut:
    """Keep a picture, or those of an archive, and have them read; what is here already is not kept again.

    While the virus scanner is away the file is kept as it is, and nothing of it is read. Raises what `demand_clean` of
    files raises, PictureRefused, ArchiveRefused, PhotoIdReused: then nothing was kept.
    """
    upload = Upload(KIND, label(sent.filename), sent.id)
    try:
        scan = await files.demand_clean(open_work, upload, files.pieces_of(file))
    except ScannerAway as away:
        async with open_work() as uow:
            return await card_quarantine.hold(uow, sent, file, away)
    async with open_work() as uow:
        return await take(uow, replace(sent, scan=scan), file, sender_of(uow.actor))


async def check(open_work: OpenWork) -> None:
    """Refuse a picture before it is sent. Raises flags' SwitchedOff."""
    async with open_work() as uow:
        demand_on(uow, CARD_SCANNING)
