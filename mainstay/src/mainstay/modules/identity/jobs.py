"""What identity does by itself: telling people of changes to their account, answering requests, and forgetting."""

from mainstay.messages.event import Event
from mainstay.messages.job import BEHIND, LETTERS, URGENT, Job, Schedule
from mainstay.modules.identity.events import ResetRequested, SignUpConfirmed, SignUpRequested
from mainstay.modules.identity.service import forgotten, letters, people, second_step, sign_ups
from mainstay.work import UnitOfWork


async def notify(uow: UnitOfWork, event: Event) -> None:
    """Write to the person whose account an event is about."""
    await letters.notify(uow, event)


async def answer_reset_request(uow: UnitOfWork, event: ResetRequested) -> None:
    """Mail the link for a new password that somebody asked for, if there is somebody."""
    await forgotten.answer(uow, event.request_id)


async def answer_sign_up(uow: UnitOfWork, event: SignUpRequested) -> None:
    """Mail the link that confirms the address of somebody who signed up, or tell its owner that it is known here."""
    await sign_ups.answer(uow, event.sign_up_id)


async def announce_sign_up(uow: UnitOfWork, event: SignUpConfirmed) -> None:
    """Tell those who manage people that somebody waits for their approval."""
    await sign_ups.tell_deciders(uow, event.sign_up_id)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete ended sessions, old attempts, invitations that nobody took up, and steps on the way that have ended."""
    await people.forget_the_old(uow)
    await second_step.forget_the_old(uow)


FORGET_THE_OLD = Schedule("identity.forget_the_old", forget_the_old, cron="23 * * * *", priority=BEHIND)
# Somebody looks at a screen that tells to look for the letter.
NOTIFY = Job("identity.notify", notify, letters.told_of(), LETTERS, URGENT)
ANSWER_RESET_REQUEST = Job("identity.answer_reset_request", answer_reset_request, (ResetRequested,), LETTERS, URGENT)
ANSWER_SIGN_UP = Job("identity.answer_sign_up", answer_sign_up, (SignUpRequested,), LETTERS, URGENT)
ANNOUNCE_SIGN_UP = Job("identity.announce_sign_up", announce_sign_up, (SignUpConfirmed,), LETTERS, URGENT)
