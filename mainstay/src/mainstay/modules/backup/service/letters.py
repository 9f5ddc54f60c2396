"""The letters of backup: that none is young enough, and that all is well again."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from mainstay.mail.letter import Catalogue, moment_text
from mainstay.mail.settings import Language
from mainstay.modules.identity import api as identity
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.permission import OWNER
from mainstay.work import UnitOfWork

if TYPE_CHECKING:
    from mainstay.modules.backup.service.watching import Standing

LETTERS: Final = Catalogue("mainstay.modules.backup")
NAMES: Final = ("backup.missed", "backup.well")
PAGE: Final = "/settings"


async def tell_missed(uow: UnitOfWork, found: "Standing") -> None:
    """Tell all owners that no verified backup is young enough."""
    await _tell(uow, "backup.missed", found.verified_at, found.reason)


async def tell_well(uow: UnitOfWork, found: "Standing") -> None:
    """Tell all owners that there is a verified backup again."""
    await _tell(uow, "backup.well", found.verified_at, None)


async def _tell(uow: UnitOfWork, name: str, verified_at: datetime | None, reason: str | None) -> None:
    if not mail.is_there(uow):
        return
    for person in await identity.readers_with_role(uow, OWNER):
        language: Language = await mail.language_of(uow, person.id)
        last = LETTERS.word(language, "words", "never") if verified_at is None else moment_text(verified_at, language)
        values = {"name": person.name, "brand": mail.brand(uow), "last": last, "reason": reason or ""}
        letter = LETTERS.write(name, language, values, mail.link(uow, PAGE))
        await mail.send(uow, name, Recipient(person.address, person.name), letter)
