"""Mails that come back: taken over HTTP as they came to the return path, and believed for what we signed alone."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from bounce_reports import report

from mainstay import ids
from mainstay.mail.report import ReturnPath
from mainstay.mail.settings import MailSettings
from mainstay.modules.mail.service import bouncing, posting
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, WorkOpener

Send = Callable[..., Awaitable[UUID]]
RunJobs = Callable[[], Awaitable[int]]
PATH = "/api/v1/mail/bounces"
HEAD = {"Content-Type": "message/rfc822"}
STATE = "SELECT state, reason, told FROM mail_message WHERE id = $1"
TOLD = "SELECT count(*) FROM mainstay_event WHERE name = 'mail.bounced'"


@pytest.fixture
def with_return_paths(open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails come back to an address of their own."""
    settings = open_work.setup.settings.of(MailSettings)
    monkeypatch.setitem(settings.__dict__, "bounce_address", "bounces@shop.example")


async def state(open_work: WorkOpener, key: UUID) -> tuple[object, ...]:
    async with open_work(SYSTEM) as uow:
        row = await uow.read_row(STATE, key)
        assert row is not None
        return (*row.values(), await uow.read_value(TOLD))


@pytest.mark.usefixtures("with_return_paths")
async def test_a_mail_that_came_back_counts_as_refused_once(
    api: Client, send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    key = await send()
    await run_jobs()
    (received,) = mail_server.received
    assert received.message["From"] == "Corner Shop <desk@shop.example>"
    assert received.sender.startswith("bounces+")

    answers = [await api.post(PATH, content=report(received.sender), headers=HEAD) for _ in range(2)]

    assert [(one.status_code, one.json()) for one in answers] == [
        (202, {"is_bounce": True}),
        (202, {"is_bounce": False}),
    ]
    assert await state(open_work, key) == ("refused", "status_5.1.1", "550 5.1.1 no such person", 1)


@pytest.mark.usefixtures("with_return_paths")
async def test_a_report_that_a_mail_is_late_changes_nothing(
    api: Client, send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    key = await send()
    await run_jobs()
    late = report(mail_server.received[0].sender, action="delayed", status="4.4.1")

    assert (await api.post(PATH, content=late, headers=HEAD)).json() == {"is_bounce": False}
    assert await state(open_work, key) == ("sent", None, None, 0)


@pytest.mark.usefixtures("with_return_paths")
async def test_nobody_makes_a_mail_come_back_who_does_not_know_its_return_path(
    api: Client, send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    """Red without the mark: mails of anybody could be stopped by whoever guesses an id."""
    key = await send()
    await run_jobs()
    genuine = mail_server.received[0].sender
    mark = genuine.partition("@")[0][-20:]
    forged = [
        report(ReturnPath(key, "a" * 20).address("bounces@shop.example")),
        report(ReturnPath(ids.new_id(), mark).address("bounces@shop.example")),
        b"To: bounces@shop.example\r\n\r\nHello",
        b"",
    ]

    answers = [await api.post(PATH, content=content, headers=HEAD) for content in forged]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(404, "mail.bounce_unknown")}
    assert await state(open_work, key) == ("sent", None, None, 0)


async def test_without_an_address_for_it_mails_come_back_to_the_sender(
    send: Send, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    await send()
    await run_jobs()
    assert mail_server.received[0].sender == "desk@shop.example"


@pytest.mark.usefixtures("with_return_paths")
@pytest.mark.parametrize("recorded", ["waiting", "given_up"])
async def test_a_mail_comes_back_before_it_is_on_record_that_it_was_taken(
    recorded: str, api: Client, send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    """A server of one's own finds out within milliseconds; one whose answer was lost took the mail all the same.

    Red when only what is on record as sent comes back: nobody ever heard of it.
    """
    key = await send()
    async with open_work(SYSTEM) as uow:
        path = bouncing.return_path(uow, key)
        if recorded == "given_up":
            await posting.give_up(uow, key)

    answer = await api.post(PATH, content=report(path), headers=HEAD)

    assert answer.json() == {"is_bounce": True}
    assert await state(open_work, key) == ("refused", "status_5.1.1", "550 5.1.1 no such person", 1)
    await run_jobs()
    assert mail_server.received == [], "what came back is not sent again"
    assert (await state(open_work, key))[0] == "refused"
