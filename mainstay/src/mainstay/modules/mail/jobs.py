"""What mail does by itself: handing over, and forgetting."""

from mainstay.messages.job import BEHIND, LETTERS, URGENT, Job, Retry, Schedule
from mainstay.modules.mail.events import MailQueued
from mainstay.modules.mail.service import keeping, posting
from mainstay.modules.mail.service.posting import Outcome
from mainstay.work import UnitOfWork

# Ten seconds, twenty, ... an hour: about two days of tries, after which somebody has to look.
PATIENT = Retry(attempts=55, wait=10)


async def hand_over(uow: UnitOfWork, event: MailQueued) -> Outcome | None:
    """Hand the mail over, outside of the transaction that records it."""
    return await posting.deliver(uow, event.mail_id)


async def record(uow: UnitOfWork, event: MailQueued, outcome: Outcome | None) -> None:
    """Record what became of it."""
    await posting.record(uow, event.mail_id, outcome)


async def give_up(uow: UnitOfWork, event: MailQueued) -> None:
    """Let it wait no longer."""
    await posting.give_up(uow, event.mail_id)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete mails that were dealt with long ago."""
    await keeping.forget_the_old(uow)


DELIVER = Job(
    "mail.deliver",
    record,
    (MailQueued,),
    LETTERS,
    URGENT,
    retry=PATIENT,
    time_limit=120.0,
    prepare=hand_over,
    on_failure=give_up,
)
FORGET_THE_OLD = Schedule("mail.forget_the_old", forget_the_old, cron="41 3 * * *", priority=BEHIND)
