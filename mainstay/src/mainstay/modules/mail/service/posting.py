"""Handing mails over: to the server or into the mailbox, leaving a server alone that fails again and again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from mainstay.crypto import Unreadable
from mainstay.mail.courier import Courier, NotNow, Refused
from mainstay.mail.letter import Letter
from mainstay.mail.mailbox import Mailbox
from mainstay.mail.message import Envelope, Mail, build
from mainstay.mail.settings import MailSettings
from mainstay.mail.smtp import SmtpCourier
from mainstay.modules.mail import repository
from mainstay.modules.mail.events import MailBounced
from mainstay.modules.mail.service.bouncing import return_path
from mainstay.modules.mail.service.keeping import PURPOSE, keyring_of
from mainstay.net.breakers import Rule
from mainstay.net.failures import CallFailed
from mainstay.net.partners import Judged, Manner, Partner, Partners
from mainstay.observe.traces import CLIENT, span
from mainstay.settings import Configuration, CoreSettings
from mainstay.work import Row, UnitOfWork

FAILURES: Final = 3
# A mail may take as long as so many steps, and no longer than the job that hands it over has time for.
STEPS: Final = 3
MOST_SECONDS: Final = 100.0
FOLDER: Final = "mailbox"

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mail for good; `is_bounce`: its address is to blame."""

    state: str
    reason: str | None = None
    told: str | None = None
    is_bounce: bool = False


class Post:
    """What a process hands mails over with: to a server, which is a partner, or into a folder without one."""

    def __init__(self, courier: Courier, partner: Partner | None = None) -> None:
        self._courier, self._partner = courier, partner

    async def hand_over(self, mail: Mail) -> None:
        """Hand a mail over. Raises NotNow and Refused."""
        if self._partner is None:
            with span("mail", CLIENT):
                await self._courier.hand_over(mail)
            return
        try:
            async with self._partner.calling("mail"):
                await self._courier.hand_over(mail)
        except CallFailed as failure:
            raise NotNow(failure.code) from failure


def judged(failure: Exception) -> Judged:
    """Say what a failure tells of the server: that it does not want this mail says nothing about the next."""
    if isinstance(failure, Refused | NotNow):
        return Judged(failure.code, is_well=isinstance(failure, Refused) or failure.is_of_mail)
    return Judged("failed", is_well=None)


@asynccontextmanager
async def open_post(configuration: Configuration, partners: Partners) -> AsyncIterator[Post]:
    """Give what the settings name: a mail server, or the folder in the data folder."""
    settings = configuration.of(MailSettings)
    if settings.url is None:
        yield Post(mailbox_of(configuration))
        return
    server = settings.server()
    manner = Manner(min(STEPS * settings.timeout, MOST_SECONDS), judged, Rule(FAILURES, settings.rest))
    partner = partners.partner(f"smtp://{server.host}:{server.port}", manner)
    yield Post(SmtpCourier(server, settings.timeout, settings.ca_file), partner)


def mailbox_of(configuration: Configuration) -> Mailbox:
    """Return the mailbox of a program in development."""
    return Mailbox(mailbox_folder(configuration))


def mailbox_folder(configuration: Configuration) -> Path:
    """Return the folder of the mailbox."""
    return configuration.of(CoreSettings).data_dir / FOLDER


async def deliver(uow: UnitOfWork, mail_id: UUID) -> Outcome | None:
    """Hand a mail over; None when it was dealt with before. Raises NotNow, after which it is tried again.

    Whoever crashes between the server's answer and the record of it sends the mail twice, under the same Message-ID.
    """
    row = await repository.waiting(uow, mail_id)
    # A server may take its time, and needs no connection of ours.
    await uow.release()
    if row is None:
        return None
    try:
        mail = _mail(uow, row)
        await (await uow.resource(Post)).hand_over(mail)
    except Unreadable:
        return _told(row, Outcome("refused", "sealed_under_another_key"))
    except Refused as refusal:
        return _told(row, Outcome("refused", refusal.code, refusal.told or None, refusal.is_bounce))
    except NotNow as failure:
        async with uow.beside() as apart:
            await repository.note_try(apart, mail_id, failure.code, failure.told)
        raise
    return _told(row, Outcome("sent"))


async def record(uow: UnitOfWork, mail_id: UUID, outcome: Outcome | None) -> None:
    """Remember what became of a mail, and forget what it said."""
    if outcome is None:
        return
    await repository.end(uow, mail_id, outcome.state, outcome.reason, outcome.told)
    if outcome.is_bounce:
        uow.publish(MailBounced(mail_id=mail_id))


async def give_up(uow: UnitOfWork, mail_id: UUID) -> None:
    """Let a mail wait no longer, after days of tries."""
    if await repository.give_up(uow, mail_id):
        logger.error("mail", outcome="given_up", mail_id=str(mail_id))


def _mail(uow: UnitOfWork, row: Row) -> Mail:
    settings = uow.setup.settings.of(MailSettings)
    letter = Letter.from_json(keyring_of(uow).unseal(PURPOSE, row["letter_sealed"], str(row["id"])).decode())
    envelope = Envelope(
        *(row["id"], row["created_at"], settings.sender, settings.sender_name),
        *(row["recipient"], row["recipient_name"], return_path(uow, row["id"])),
    )
    return build(envelope, letter)


def _told(row: Row, outcome: Outcome) -> Outcome:
    write = logger.info if outcome.state == "sent" else logger.warning
    write("mail", outcome=outcome.state, mail_id=str(row["id"]), letter=row["name"], reason=outcome.reason)
    return outcome
