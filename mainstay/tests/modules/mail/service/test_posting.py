"""Handing over: once, through outages, and never for ever; what is refused is recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from mainstay.mail.courier import NotNow, NotTaken, Refused
from mainstay.mail.letter import Letter
from mainstay.mail.message import Mail
from mainstay.mail.settings import MailSettings
from mainstay.modules.mail import api
from mainstay.modules.mail.api import Recipient
from mainstay.modules.mail.service import posting
from mainstay.modules.mail.service.posting import Post
from mainstay.net.breakers import FIGURES, STATE, Breakers, Rule
from mainstay.net.calls import CALLS
from mainstay.net.partners import Manner, Partners
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, Row, WorkOpener

Send = Callable[..., Awaitable[UUID]]
RunJobs = Callable[[], Awaitable[int]]
LETTER = Letter("en", "A subject", "A heading", ("A paragraph.",))


async def state(open_work: WorkOpener, key: UUID) -> Row:
    async with open_work(SYSTEM) as uow:
        row = await uow.read_row("SELECT * FROM mail_message WHERE id = $1", key)
    assert row is not None
    return row


async def jobs_left(open_work: WorkOpener) -> int:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'mail.deliver'"))


async def test_a_letter_arrives_as_text_and_html_and_is_forgotten_here(
    mail_server: MailServer, send: Send, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    key = await send()

    await run_jobs()

    (received,) = mail_server.received
    assert received.sender == "desk@shop.example"
    assert received.recipients == ("ada@engine.example",)
    assert received.message["From"] == "Corner Shop <desk@shop.example>"
    assert received.message["Message-ID"] == f"<{key}@shop.example>"
    assert "https://shop.example/join#secret" in received.part("plain")
    assert 'href="https://shop.example/join#secret"' in received.part("html")
    row = await state(open_work, key)
    assert (row["state"], row["tries"], row["reason"], row["letter_sealed"]) == ("sent", 1, None, None)


async def test_work_that_is_rolled_back_mails_nothing(
    mail_server: MailServer, send: Send, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with open_work(SYSTEM) as uow:
            await api.send(uow, "test.letter", Recipient("ada@engine.example", "Ada"), LETTER)
            await uow.write("INSERT INTO nowhere VALUES (1)")

    assert await run_jobs() == 0
    assert mail_server.received == []


async def test_a_server_that_was_away_gets_the_mail_once(
    mail_server: MailServer, send: Send, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    await mail_server.stop()
    key = await send()
    for _ in range(2):
        with pytest.raises(NotNow):
            await run_jobs()
    row = await state(open_work, key)
    assert (row["state"], row["tries"], row["reason"]) == ("waiting", 2, "unreachable")
    assert row["letter_sealed"] is not None

    await mail_server.start()
    await run_jobs()
    await run_jobs()

    assert len(mail_server.received) == 1
    assert (await state(open_work, key))["state"] == "sent"
    assert await jobs_left(open_work) == 0


async def test_what_the_server_refuses_for_good_is_recorded_and_not_tried_again(
    mail_server: MailServer, send: Send, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    mail_server.replies["nobody@engine.example"] = "550 no such person"
    key = await send("nobody@engine.example")

    await run_jobs()
    await run_jobs()

    row = await state(open_work, key)
    assert (row["state"], row["reason"], row["told"]) == ("refused", "status_550", "no such person")
    assert row["letter_sealed"] is None
    assert mail_server.tries == 1
    assert await jobs_left(open_work) == 0


async def test_a_mail_that_was_sent_but_not_recorded_is_sent_again_under_the_same_id(
    mail_server: MailServer, send: Send, open_work: WorkOpener
) -> None:
    """At least once: a crash between the server's answer and the record of it. The bytes are the same too."""
    key = await send()

    for _ in range(2):
        async with open_work(SYSTEM) as uow:
            assert await posting.deliver(uow, key) is not None

    first, second = mail_server.received
    assert first.message["Message-ID"] == second.message["Message-ID"] == f"<{key}@shop.example>"
    assert first.content == second.content


async def test_what_it_says_is_sealed_and_opens_under_the_programs_key_alone(
    mail_server: MailServer, send: Send, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    """Somebody who reads the table, or a copy of it, finds no link; one who swaps letters gets them refused."""
    first, second = await send(), await send("eve@engine.example", "Eve")
    sealed = (await state(open_work, first))["letter_sealed"]
    assert b"join#secret" not in sealed

    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE mail_message SET letter_sealed = $2 WHERE id = $1", second, sealed)
    await run_jobs()

    assert [one.recipients for one in mail_server.received] == [("ada@engine.example",)]
    row = await state(open_work, second)
    assert (row["state"], row["reason"]) == ("refused", "sealed_under_another_key")


async def test_a_mail_that_waited_for_days_is_given_up_and_kept(
    mail_server: MailServer, send: Send, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    key = await send()

    async with open_work(SYSTEM) as uow:
        await posting.give_up(uow, key)

    row = await state(open_work, key)
    assert (row["state"], row["letter_sealed"] is not None) == ("given_up", True)
    await run_jobs()
    assert mail_server.received == []


class Failing:
    """A server that never answers, or refuses; counts how often it was asked."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure
        self.asked = 0

    async def hand_over(self, mail: Mail) -> None:
        self.asked += 1
        raise self.failure


def post_with(courier: Failing, counters: Counters) -> Post:
    """Return a post whose server is a partner that is left alone after three failures."""
    partners = Partners(Breakers(counters), counters)
    return Post(courier, partners.partner("smtp://mail.example:587", Manner(60, posting.judged, Rule(3, 60))))


async def test_a_server_that_failed_three_times_is_left_alone_for_a_while() -> None:
    courier, counters = Failing(NotNow("timeout")), Counters()
    post = post_with(courier, counters)
    mail = Mail(UUID(int=1), "a@b.example", "c@d.example", b"", is_international=False)

    codes = []
    for _ in range(5):
        with pytest.raises(NotNow) as failure:
            await post.hand_over(mail)
        codes.append(failure.value.code)

    assert codes == ["timeout", "timeout", "timeout", "left_alone", "left_alone"]
    assert courier.asked == 3
    assert counters.value(STATE, destination="smtp://mail.example:587") == FIGURES["open"]


@pytest.mark.parametrize("refusal", [Refused("status_550"), NotNow("status_450", is_of_mail=True)])
async def test_a_server_that_refuses_single_mails_is_well(refusal: NotTaken) -> None:
    courier, counters = Failing(refusal), Counters()
    post = post_with(courier, counters)
    mail = Mail(UUID(int=1), "a@b.example", "c@d.example", b"", is_international=False)

    for _ in range(5):
        with pytest.raises(NotTaken):
            await post.hand_over(mail)

    assert (courier.asked, counters.value(STATE, destination="smtp://mail.example:587")) == (5, FIGURES["closed"])
    assert counters.value(CALLS, destination="smtp://mail.example:587", outcome=refusal.code) == 5


@pytest.mark.practice(85)
async def test_a_server_that_is_killed_is_left_alone_and_found_again(mail_server: MailServer) -> None:
    counters, seconds = Counters(), [5.0]
    partners = Partners(Breakers(counters, now=lambda: seconds[0]), counters)
    url = SecretStr(mail_server.url)
    settings = MailSettings(url=url, sender="desk@shop.example", sender_name="Shop", timeout=10)
    name = f"smtp://127.0.0.1:{mail_server.port}"
    mail = Mail(UUID(int=1), "a@b.example", "c@d.example", b"To: c\r\n\r\n", is_international=False)

    async with posting.open_post(Configuration((settings,)), partners) as post:
        await mail_server.stop()
        dead = Dead()
        async with await asyncio.start_server(dead, "127.0.0.1", mail_server.port):
            for _ in range(6):
                with pytest.raises(NotNow):
                    await post.hand_over(mail)
            assert dead.seen == 3, "while it is left alone, nobody connects to it"
        assert counters.value(CALLS, destination=name, outcome="left_alone") == 3
        assert counters.value(STATE, destination=name) == FIGURES["open"]

        await mail_server.start()
        with pytest.raises(NotNow, match="left_alone"):
            await post.hand_over(mail)
        seconds[0] += settings.rest
        await post.hand_over(mail)
    assert len(mail_server.received) == 1
    assert counters.value(STATE, destination=name) == FIGURES["closed"]


class Dead:
    """What is left of a server: connections are taken and end at once; `seen` counts them."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen += 1
        writer.close()
