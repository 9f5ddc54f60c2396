"""The mail routes: the owner alone sees what became of mails; the mailbox is there in development only."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from mainstay.modules.mail.service import posting
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

Send = Callable[..., Awaitable[UUID]]
RunJobs = Callable[[], Awaitable[int]]
SOME = UUID(int=1)


def path(rest: str) -> str:
    return f"/api/v1/mail{rest}"


async def test_the_status_tells_what_waits_and_what_went_wrong(
    owner: Client, send: Send, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    mail_server.replies["nobody@engine.example"] = "550 no such person"
    await send()
    await send("nobody@engine.example")
    await run_jobs()
    await send("later@engine.example")

    status = (await owner.get(path("/status"))).json()

    assert (status["mode"], status["sender"]) == ("smtp", "desk@shop.example")
    assert (status["waiting"], status["troubled"]) == (1, 1)
    assert status["waiting_since"]
    assert status["last_sent_at"]


async def test_mails_are_listed_page_by_page_without_what_they_say(
    owner: Client, send: Send, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    for number in range(3):
        await send(f"ada{number}@engine.example")
    await run_jobs()

    first = (await owner.get(path("/messages"), params={"limit": 2})).json()
    rest = (await owner.get(path("/messages"), params={"limit": 2, "cursor": first["next_cursor"]})).json()

    shown = [*first["items"], *rest["items"]]
    assert [item["recipient"] for item in shown] == [f"ada{number}@engine.example" for number in (2, 1, 0)]
    assert rest["next_cursor"] is None
    assert {(item["name"], item["state"], item["tries"]) for item in shown} == {("test.letter", "sent", 1)}
    assert "secret" not in str(shown)


async def test_a_mail_that_was_given_up_can_be_tried_again(
    owner: Client, send: Send, run_jobs: RunJobs, open_work: WorkOpener, mail_server: MailServer
) -> None:
    key = await send()
    async with open_work(SYSTEM) as uow:
        await posting.give_up(uow, key)

    assert (await owner.post(path(f"/messages/{key}/try-again"))).status_code == 204
    await run_jobs()
    again = await owner.post(path(f"/messages/{key}/try-again"))
    unknown = await owner.post(path(f"/messages/{uuid4()}/try-again"))

    assert len(mail_server.received) == 1
    assert (again.status_code, again.json()["code"]) == (409, "mail.cannot_be_tried")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "mail.unknown")


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("GET", "/status"),
        ("GET", "/messages"),
        ("POST", f"/messages/{SOME}/try-again"),
        ("GET", "/mailbox"),
        ("GET", f"/mailbox/{SOME}/html"),
        ("GET", f"/mailbox/{SOME}/text"),
    ],
)
async def test_a_cashier_sees_nothing_of_it_and_a_stranger_less(
    cashier: Client, api: Client, method: str, route: str
) -> None:
    assert (await cashier.request(method, path(route))).status_code == 403
    assert (await api.request(method, path(route))).status_code == 401


async def test_everybody_chooses_the_language_of_their_mails(cashier: Client, api: Client, uow: UnitOfWork) -> None:
    for language in ("ru", "ru", "en"):
        assert (await cashier.put(path("/language"), json={"language": language})).status_code == 204
        rows = await uow.read("SELECT person_id, language FROM mail_reader")
        assert [(row["person_id"], row["language"]) for row in rows] == [(cashier.person_id, language)]

    assert (await cashier.put(path("/language"), json={"language": "tlh"})).status_code == 422
    assert (await cashier.put(path("/language"), json={"language": "en", "person_id": "x"})).status_code == 422
    assert (await api.put(path("/language"), json={"language": "ru"})).status_code == 401


async def test_with_a_mail_server_there_is_no_mailbox(owner: Client) -> None:
    """The owner of a program in production never looks into other people's mails."""
    for route in ("/mailbox", f"/mailbox/{uuid4()}/html", f"/mailbox/{uuid4()}/text"):
        assert (await owner.get(path(route))).json()["code"] == "mail.unknown"
