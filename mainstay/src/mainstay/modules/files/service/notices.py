"""Telling whoever sent a file that the virus scanner found something in it, when they have long gone on."""

from typing import Final
from uuid import UUID

from mainstay import clock
from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.modules.files.service.scanning import Upload
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.work import UnitOfWork

LETTERS: Final = Catalogue("mainstay.modules.files")
INFECTED: Final = NotificationKind("files.infected", LETTERS, moments=frozenset({"at"}))


async def tell_infected(uow: UnitOfWork, upload: Upload, sender: UUID | None, found: str, path: str | None) -> None:
    """Tell a person once, where one sent it: an upload may come from a program, or its sender be gone."""
    if sender is None:
        return
    values = {"file": upload.filename, "found": found, "at": clock.now().isoformat()}
    await notifications.notify_people(uow, Notice(INFECTED, values, path, str(upload.id)), [sender])
