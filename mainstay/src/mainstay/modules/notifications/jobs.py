"""What notifications do by themselves: gathering, noting whom mail does not reach, and forgetting."""

from mainstay.messages.job import BEHIND, Job, Schedule
from mainstay.modules.identity.events import PersonDeleted
from mainstay.modules.mail.events import MailBounced
from mainstay.modules.notifications.service import bouncing, gathering, upkeep
from mainstay.work import UnitOfWork


async def gather(uow: UnitOfWork) -> None:
    """Send what people want gathered, to those whose hour has come."""
    await gathering.send_due(uow)


async def note_bounce(uow: UnitOfWork, event: MailBounced) -> None:
    """Note whom a mail did not reach."""
    await bouncing.take(uow, event.mail_id)


async def forget_person(uow: UnitOfWork, event: PersonDeleted) -> None:
    """Delete what is kept of a person who was deleted."""
    await upkeep.forget_person(uow, event.person_id)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what was read long ago."""
    await upkeep.forget_the_old(uow)


GATHER = Schedule("notifications.gather", gather, cron="*/15 * * * *")
FORGET_THE_OLD = Schedule("notifications.forget_the_old", forget_the_old, cron="33 3 * * *", priority=BEHIND)
NOTE_BOUNCE = Job("notifications.note_bounce", note_bounce, (MailBounced,))
FORGET_PERSON = Job("notifications.forget_person", forget_person, (PersonDeleted,))
