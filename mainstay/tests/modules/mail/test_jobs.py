"""The jobs of mail, as the worker calls them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from mainstay.modules.mail import jobs
from mainstay.modules.mail.events import MailQueued
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, WorkOpener

Send = Callable[..., Awaitable[UUID]]


async def test_a_mail_that_was_dealt_with_is_not_handed_over_again(
    send: Send, open_work: WorkOpener, mail_server: MailServer
) -> None:
    event = MailQueued(mail_id=await send())
    for _ in range(2):
        async with open_work(SYSTEM) as uow:
            outcome = await jobs.hand_over(uow, event)
        async with open_work(SYSTEM) as uow:
            await jobs.record(uow, event, outcome)

    assert len(mail_server.received) == 1


async def test_after_its_last_try_a_mail_waits_no_longer(send: Send, open_work: WorkOpener) -> None:
    event = MailQueued(mail_id=await send())

    for _ in range(2):
        async with open_work(SYSTEM) as uow:
            await jobs.give_up(uow, event)

    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT state FROM mail_message WHERE id = $1", event.mail_id) == "given_up"


async def test_the_schedule_forgets_the_old(send: Send, open_work: WorkOpener) -> None:
    await send("no address")
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE mail_message SET created_at = now() - interval '40 days'")

    async with open_work(SYSTEM) as uow:
        await jobs.forget_the_old(uow)

    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM mail_message") == 0
