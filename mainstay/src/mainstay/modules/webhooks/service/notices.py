"""Telling the owners that a webhook was switched off, by mail and in the trail."""

from typing import Final
from urllib.parse import urlsplit

from mainstay import clock
from mainstay.mail.letter import Catalogue, moment_text
from mainstay.messages.audit import Entry
from mainstay.modules.identity import api as identity
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.permission import OWNER
from mainstay.work import Row, UnitOfWork

LETTERS: Final = Catalogue("mainstay.modules.webhooks")


async def tell_disabled(uow: UnitOfWork, row: Row, reason: str) -> None:
    """Write it into the trail and to each owner; of the address the host alone is told, for the rest may be secret."""
    host = urlsplit(row["url"]).hostname or ""
    new = {"state": "disabled", "why": reason, "host": host}
    uow.record(Entry("webhooks.subscription_disabled", "webhooks.subscription", row["id"], new=new))
    if not mail.is_there(uow):
        return
    for owner in await identity.readers_with_role(uow, OWNER):
        language = await mail.language_of(uow, owner.id)
        values = {
            "name": owner.name,
            "brand": mail.brand(uow),
            "host": host,
            "description": row["description"],
            "why": LETTERS.word(language, "reasons", reason),
            "at": moment_text(clock.now(), language),
        }
        letter = LETTERS.write("disabled", language, values)
        await mail.send(uow, "webhooks.disabled", Recipient(owner.address, owner.name), letter)
