"""Keeping letters: never an error for whoever acts, and what cannot be sent is recorded as that."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from structlog.testing import capture_logs

from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.errors import NotSignedIn
from mainstay.keyring import Keyring
from mainstay.mail.letter import Letter
from mainstay.mail.settings import MailSettings
from mainstay.modules.mail import api
from mainstay.modules.mail.api import Recipient
from mainstay.modules.mail.errors import MailNotWaiting, MailUnknown
from mainstay.modules.mail.service import keeping, posting
from mainstay.observe.health import HealthSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.setup import Setup
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener

Send = Callable[..., Awaitable[UUID]]
RunJobs = Callable[[], Awaitable[int]]
LETTER = Letter("en", "A subject", "A heading", ("A paragraph.",))


async def only(uow: UnitOfWork) -> Row:
    (row,) = await uow.read("SELECT * FROM mail_message")
    return row


@pytest.mark.parametrize("address", ["no address", "ada@engine.example\r\nBcc: eve@evil.example", "a>b@engine.example"])
async def test_an_address_that_is_none_is_recorded_and_harms_nobody(
    send: Send, run_jobs: RunJobs, uow: UnitOfWork, mail_server: MailServer, address: str
) -> None:
    await send(address)

    assert await run_jobs() == 0
    row = await only(uow)
    assert (row["state"], row["reason"], row["letter_sealed"]) == ("refused", "bad_address", None)
    assert mail_server.received == []


async def test_while_mail_is_off_it_is_recorded_that_nobody_was_told(open_work: WorkOpener, uow: UnitOfWork) -> None:
    """In production without a server: a clear status, and no error."""
    off = Configuration((CoreSettings(environment="production"), MailSettings()))
    async with WorkOpener(open_work.engine, open_work.subscriptions, setup=_setup(off))(SYSTEM) as work:
        await api.send(work, "test.letter", Recipient("ada@engine.example", "Ada"), LETTER)
        assert not api.reaches_people(work)

    row = await only(uow)
    assert (row["state"], row["reason"], row["letter_sealed"]) == ("unsent", "mail_is_off", None)
    assert await uow.read_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_nothing_of_a_mail_is_in_the_log_or_in_the_events(send: Send, run_jobs: RunJobs, uow: UnitOfWork) -> None:
    """Practice 59: neither the link nor the address."""
    with capture_logs() as logs:
        await send()
        await send("ada@engine..example")
        await run_jobs()

    events = await uow.read("SELECT payload::text AS payload FROM mainstay_event")
    told = f"{logs}{[row['payload'] for row in events]}"
    assert "mail_id" in told
    assert "secret" not in told
    assert "engine" not in told


async def test_a_mail_that_was_given_up_is_sent_when_somebody_says_so(
    send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    key = await send()
    async with open_work(SYSTEM) as uow:
        await posting.give_up(uow, key)
    await run_jobs()
    assert mail_server.received == []

    async with open_work(SYSTEM) as uow:
        await keeping.try_again(uow, key)
    await run_jobs()

    assert len(mail_server.received) == 1


async def test_only_a_mail_that_was_given_up_is_tried_again(
    send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    key = await send()
    await run_jobs()

    with pytest.raises(MailNotWaiting):
        async with open_work(SYSTEM) as uow:
            await keeping.try_again(uow, key)
    with pytest.raises(MailUnknown):
        async with open_work(SYSTEM) as uow:
            await keeping.try_again(uow, uuid4())


async def test_what_was_dealt_with_is_forgotten_after_thirty_days(
    send: Send, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    sent = await send()
    await run_jobs()
    waiting = await send()
    for age, left in ((29, {sent, waiting}), (31, {waiting})):
        async with open_work(SYSTEM) as uow:
            await uow.write("UPDATE mail_message SET created_at = now() - $1::interval", timedelta(days=age))
        async with open_work(SYSTEM) as uow:
            await keeping.forget_the_old(uow)
        async with open_work(SYSTEM) as uow:
            assert {row["id"] for row in await uow.read("SELECT id FROM mail_message")} == left


async def test_only_a_person_has_a_language(open_work: WorkOpener) -> None:
    with pytest.raises(NotSignedIn):
        async with open_work(SYSTEM) as uow:
            await keeping.choose_language(uow, "ru")


async def test_a_program_without_the_module_has_no_mail(open_work: WorkOpener, program: Program) -> None:
    none = Configuration((CoreSettings(),))
    async with WorkOpener(open_work.engine, open_work.subscriptions, setup=_setup(none))(SYSTEM) as uow:
        assert not api.is_there(uow)
        assert not api.reaches_people(uow)


def _setup(configuration: Configuration) -> Setup:
    return Setup(settings=configuration)


async def test_a_mail_that_waits_for_long_is_told_by_readiness(program: Program, fresh_database_url: str) -> None:
    app = create_api(program, program.configuration(), fresh_database_url, Keyring(b"k" * 32))
    open_work: WorkOpener = app.state.edge.open_work
    async with open_work(SYSTEM) as work:
        await api.send(work, "test.letter", Recipient("ada@engine.example", "Ada"), LETTER)
    async with open_work(SYSTEM) as work:
        await keeping.check(work, HealthSettings())
        await work.write("UPDATE mail_message SET created_at = now() - interval '31 minutes'")
        await keeping.check(work, HealthSettings.model_construct(mail_minutes=0))

    async with Client("http://localhost", transport=httpx2.ASGITransport(app)) as client:
        reply = await client.get("/health/ready")
    async with open_work(SYSTEM) as work:
        await work.write("UPDATE mail_message SET state = 'sent', ended_at = now(), letter_sealed = NULL")
        await keeping.check(work, HealthSettings())
    await open_work.engine.dispose()

    assert (reply.status_code, reply.json()["status"]) == (200, "degraded")
    reasons = {each["name"]: each["reason"] for each in reply.json()["checks"]}
    assert reasons["mail"] == "Mails wait for too long: see whether the mail server takes them."
