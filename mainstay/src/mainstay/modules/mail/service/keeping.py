"""Keeping letters until they are taken, and what people chose and may look at."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from mainstay import ids
from mainstay.db.grammar import Asked
from mainstay.errors import NotSignedIn
from mainstay.keyring import Keyring
from mainstay.mail.address import BadAddress, checked_address, clean
from mainstay.mail.letter import Letter
from mainstay.mail.settings import Language, MailSettings, Mode, language_or, mode_of
from mainstay.modules.mail import repository
from mainstay.modules.mail.errors import MailNotWaiting, MailUnknown
from mainstay.modules.mail.events import MailQueued
from mainstay.modules.mail.repository import NewMessage
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.sealed import SealedColumn
from mainstay.work import Row, UnitOfWork

PURPOSE: Final = "mail.letter"
SEALED: Final = SealedColumn(PURPOSE, "mail_message", "id", "id", "letter_sealed")
KEPT: Final = timedelta(days=30)
OFF: Final = "mail_is_off"
BAD_ADDRESS: Final = "bad_address"

logger = structlog.stdlib.get_logger(__name__)


async def check(uow: UnitOfWork, settings: HealthSettings) -> None:
    """Raise Unhealthy when a mail has waited for longer than the settings allow; no server is asked."""
    if settings.mail_minutes and await repository.waits_longer(uow, timedelta(minutes=settings.mail_minutes)):
        raise Unhealthy("Mails wait for too long: see whether the mail server takes them.")


async def keep(uow: UnitOfWork, name: str, recipient: tuple[str, str], letter: Letter) -> UUID:
    """Keep a letter, called `name`, for an (address, name), to be sent when this work has committed.

    It never fails for the one who acts.
    What is impossible (mail is off, or this is no address) is kept as such, without the letter.
    """
    key = ids.new_id()
    address, person = map(clean, recipient)
    reason = _impossible(uow, recipient[0])
    if reason is not None:
        state = "refused" if reason == BAD_ADDRESS else "unsent"
        await repository.add(uow, NewMessage(key, name, address, person, None, state, reason))
        logger.warning("mail", outcome=state, mail_id=str(key), letter=name, reason=reason)
        return key
    sealed = keyring_of(uow).seal(PURPOSE, letter.to_json().encode(), str(key))
    await repository.add(uow, NewMessage(key, name, address, person, sealed))
    uow.publish(MailQueued(mail_id=key))
    return key


def _impossible(uow: UnitOfWork, address: str) -> str | None:
    if mode_of(uow.setup.settings) == "off":
        return OFF
    try:
        checked_address(address)
    except BadAddress:
        return BAD_ADDRESS
    return None


def keyring_of(uow: UnitOfWork) -> Keyring:
    """Return the program's keys, which seal and open letters."""
    keyring = uow.setup.keyring
    assert keyring is not None  # noqa: S101  without a secret mail is off
    return keyring


def mode(uow: UnitOfWork) -> Mode:
    """Say how mail leaves this program."""
    return mode_of(uow.setup.settings)


def is_there(uow: UnitOfWork) -> bool:
    """Whether the program has the mail module."""
    return uow.setup.settings.find(MailSettings) is not None


async def language_of(uow: UnitOfWork, person_id: UUID | None) -> Language:
    """Return the language in which a person wants mails: theirs, or the program's."""
    chosen = await repository.language_of(uow, person_id)
    return language_or(uow.setup.settings.of(MailSettings), chosen)


async def languages_of(uow: UnitOfWork, person_ids: Sequence[UUID]) -> dict[UUID, Language]:
    """Return the languages in which people want mails: theirs, or the program's."""
    settings, chosen = uow.setup.settings.find(MailSettings), await repository.languages(uow, person_ids)
    return {each: language_or(settings or MailSettings(), chosen.get(each)) for each in person_ids}


async def choose_language(uow: UnitOfWork, language: Language) -> None:
    """Remember the language in which the actor wants mails. Raises NotSignedIn for who is no person."""
    if uow.actor.id is None:
        raise NotSignedIn("Sign in to choose a language for mails.")
    await repository.choose_language(uow, uow.actor.id, language)


async def remember_language(uow: UnitOfWork, person_id: UUID, language: Language) -> None:
    """Remember the language in which a person wants mails."""
    await repository.choose_language(uow, person_id, language)


async def status(uow: UnitOfWork) -> Row:
    """Count what waits and what went wrong."""
    return await repository.status(uow)


async def messages(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the mails that fit, and the cursor of the next one."""
    return await repository.messages(uow, asked, cursor, size)


async def try_again(uow: UnitOfWork, mail_id: UUID) -> None:
    """Have a mail that was given up tried again. Raises MailUnknown and MailNotWaiting."""
    if await repository.wait_again(uow, mail_id):
        uow.publish(MailQueued(mail_id=mail_id))
    elif await repository.exists(uow, mail_id):
        raise MailNotWaiting("Only a mail that was given up can be tried again; make a new link or notice instead.")
    else:
        raise MailUnknown("There is no such mail; mails are forgotten after 30 days.")


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete mails that were dealt with, 30 days after they were wanted."""
    await repository.forget(uow, KEPT)
