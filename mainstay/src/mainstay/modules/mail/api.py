"""The front door of mail: have a letter sent, in the language of its reader, with links of the public address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mainstay.mail.letter import Letter
from mainstay.mail.settings import Language, MailSettings, public_link
from mainstay.modules.mail.permissions import MANAGE
from mainstay.modules.mail.service import bouncing, keeping
from mainstay.work import UnitOfWork

# The right of whoever looks after mail, for what they are told.
LOOKING_AFTER: Final = MANAGE


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail is for."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """To which address a mail could not be delivered, and why: a stable code, and what the server said."""

    address: str
    reason: str
    told: str | None


def is_there(uow: UnitOfWork) -> bool:
    """Whether the program has the mail module: without it there is nothing to write letters for."""
    return keeping.is_there(uow)


def reaches_people(uow: UnitOfWork) -> bool:
    """Whether mails leave this machine; where they do not, links are shown to whoever makes them."""
    return keeping.mode(uow) == "smtp"


def is_sent(uow: UnitOfWork) -> bool:
    """Whether letters go anywhere: to a server, or in development into the mailbox."""
    return keeping.mode(uow) != "off"


def brand(uow: UnitOfWork) -> str:
    """Return the name under which the program writes."""
    return uow.setup.settings.of(MailSettings).sender_name


def link(uow: UnitOfWork, path: str) -> str:
    """Return the address of a page for a mail, from the settings alone."""
    return public_link(uow.setup.settings, path)


async def language_of(uow: UnitOfWork, person_id: UUID | None) -> Language:
    """Return the language in which a person wants mails."""
    return await keeping.language_of(uow, person_id)


async def languages_of(uow: UnitOfWork, person_ids: Sequence[UUID]) -> dict[UUID, Language]:
    """Return the languages in which people want mails, in one statement."""
    return await keeping.languages_of(uow, person_ids)


async def bounced(uow: UnitOfWork, mail_id: UUID) -> Bounced | None:
    """Return what an event `mail.bounced` is about; None when the mail has been forgotten."""
    row = await bouncing.bounced(uow, mail_id)
    return None if row is None else Bounced(row["recipient"], row["reason"], row["told"])


async def remember_language(uow: UnitOfWork, person_id: UUID, language: Language) -> None:
    """Remember in which language a person wants mails, as they said before they were a person."""
    await keeping.remember_language(uow, person_id, language)


async def send(uow: UnitOfWork, name: str, recipient: Recipient, letter: Letter) -> None:
    """Have `letter`, called `name`, sent when this work has committed.

    It fails for nobody: what cannot be sent is recorded, and shown to whoever manages mail.
    """
    await keeping.keep(uow, name, (recipient.address, recipient.name), letter)
