"""The letters of identity: the right person, in their language, with links of the public address alone."""

import importlib.resources
import json
import string
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.mail.letter import lay_out
from mainstay.mail.settings import Language
from mainstay.modules.identity.events import PersonJoined
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import letters
from mainstay.modules.identity.service.letters import LETTERS, NOTICES, told_of
from mainstay.modules.mail.api import Recipient
from mainstay.modules.mail.module import MAIL
from mainstay.testing.client import Client
from mainstay.testing.clients import PersonFactory
from mainstay.testing.mail import MailServer, Received
from mainstay.work import SYSTEM, Actor, WorkOpener

# The letters that are written for other causes than an event.
OTHERS = {
    *("invitation", "password_reset", "sign_up", "sign_up_known", "sign_up_waits", "sign_up_refused"),
    "sign_up_to_decide",
}
LANGUAGES: tuple[Language, ...] = ("en", "ru")
RunJobs = Callable[[], Awaitable[int]]


def texts(language: str) -> dict[str, Any]:
    folder = importlib.resources.files("mainstay.modules.identity") / "letters"
    found: dict[str, Any] = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    return found


def lines(entry: dict[str, Any]) -> Iterator[str]:
    for value in entry.values():
        yield from [value] if isinstance(value, str) else value


def places(entry: dict[str, Any]) -> set[str]:
    return {name for line in lines(entry) for _, name, _, _ in string.Formatter().parse(line) if name}


# -- the catalogues ----------------------------------------------------------------------------------------------------


def test_every_letter_is_there_in_both_languages_with_the_same_parts_and_places() -> None:
    english, russian = texts("en"), texts("ru")

    assert english.keys() == russian.keys()
    for group in english:
        assert english[group].keys() == russian[group].keys()
    for name, entry in english["letters"].items():
        assert entry.keys() == russian["letters"][name].keys(), name
        assert places(entry) == places(russian["letters"][name]), name


def test_every_notice_has_its_letter_and_a_button_where_it_leads_somewhere() -> None:
    written = texts("en")["letters"]

    assert set(written) == {*OTHERS, *NOTICES}
    for name, notice in NOTICES.items():
        assert ("button" in written[name]) == (notice.path is not None), name


def test_every_notice_is_of_an_event_that_identity_has() -> None:
    present = {each.name for each in told_of()}

    assert present == set(NOTICES)
    assert all(event in IDENTITY.events for event in told_of())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted({*OTHERS, *NOTICES}))
def test_every_letter_can_be_written(name: str, language: Language) -> None:
    values = dict.fromkeys(("name", "brand", "account", "role", "at", "until", "inviter", "kind"), "VALUE")

    link = "https://shop.example/" if "button" in texts(language)["letters"][name] else None
    letter = LETTERS.write(name, language, values, link)

    for part in lay_out(letter, "Shop"):
        assert "VALUE" in part
        assert "{" not in part.split("</style>")[-1]


# -- sending -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Identity with mail."""
    surroundings = {
        "SECRET_KEY": "wet paint on ninety wooden chairs",
        "PUBLIC_URL": "https://shop.example",
        "DATA_DIR": str(tmp_path_factory.mktemp("doorbell")),
        "MAIL_URL": post_office_url,
        "MAIL_SENDER": "desk@shop.example",
        "MAIL_SENDER_NAME": "Corner Shop",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings.items():
            environment.setenv(f"DOORBELL_{name}", value)
        yield Program("doorbell", "Doorbell", "Rings.", "1.0.0", (MAIL, IDENTITY), ("mainstay.migrations",))


def invitation(**changes: str) -> dict[str, str]:
    return {"id": str(ids.new_id()), "name": "Grace", "email": "grace@navy.example", "role": "cashier", **changes}


async def invite(client: Client, run_jobs: RunJobs, **headers: str) -> dict[str, Any]:
    answer = await client.post("/api/v1/identity/invitations", json=invitation(), headers=headers)
    assert answer.status_code == 201
    await run_jobs()
    body: dict[str, Any] = answer.json()
    return body


def link_in(received: Received) -> str:
    return next(line for line in received.part("plain").splitlines() if line.startswith("http"))


@pytest.mark.practice(90, 102)
async def test_an_invitation_reaches_the_invited_person_alone_and_its_link_works_once(
    owner: Client, api: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    answer = await invite(owner, run_jobs)

    assert (answer["link_path"], answer["is_mailed"]) == (None, True)
    (received,) = mail_server.received
    assert received.recipients == ("grace@navy.example",)
    assert "invites you to Corner Shop" in received.message["Subject"]
    address, _, token = link_in(received).partition("#")
    assert address == "https://shop.example/join"
    assert address in received.part("html")
    body = {"token": token, "password": "three quiet green trains"}
    assert (await api.post("/api/v1/identity/invitations/accept", json=body)).status_code == 201
    assert (await api.post("/api/v1/identity/invitations/accept", json=body)).status_code == 404
    await run_jobs()
    assert mail_server.received[1].message["Subject"] == "Welcome to Corner Shop"


async def test_the_same_invitation_again_mails_a_new_link_and_the_old_one_is_dead(
    owner: Client, api: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    body = invitation()
    for _ in range(2):
        await owner.post("/api/v1/identity/invitations", json=body)
    await run_jobs()

    statuses = []
    for received in mail_server.received:
        token = link_in(received).partition("#")[2]
        found = await api.post("/api/v1/identity/invitations/check", json={"token": token})
        statuses.append(found.status_code)
    assert sorted(statuses) == [200, 404]


async def test_a_refused_invitation_mails_nothing(owner: Client, run_jobs: RunJobs, mail_server: MailServer) -> None:
    mine = (await owner.get("/api/v1/identity/session")).json()["person"]["email"]

    answer = await owner.post("/api/v1/identity/invitations", json=invitation(email=mine))

    assert answer.status_code == 409
    assert await run_jobs() == 0
    assert mail_server.received == []


@pytest.mark.practice(90)
async def test_a_link_for_a_new_password_reaches_its_person_alone_and_sets_it_once(
    owner: Client, api: Client, make_person: PersonFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    person = await make_person("cashier")

    answer = (await owner.post(f"/api/v1/identity/people/{person.id}/reset-link")).json()
    await run_jobs()

    assert (answer["link_path"], answer["is_mailed"]) == (None, True)
    (received,) = mail_server.received
    assert received.recipients == (person.email,)
    address, _, token = link_in(received).partition("#")
    assert address == "https://shop.example/reset"
    body = {"token": token, "password": "seven calm orange foxes"}
    assert (await api.post("/api/v1/identity/resets/use", json=body)).status_code == 204
    assert (await api.post("/api/v1/identity/resets/use", json=body)).status_code == 404
    await run_jobs()
    assert [mail.recipients for mail in mail_server.received[1:]] == [(person.email,)]


async def test_who_signs_out_everywhere_else_is_told(owner: Client, run_jobs: RunJobs, mail_server: MailServer) -> None:
    assert (await owner.delete("/api/v1/identity/account/devices")).status_code == 204

    await run_jobs()

    (received,) = mail_server.received
    assert received.message["Subject"] == texts("en")["letters"]["identity.signed_out_everywhere"]["subject"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "127.0.0.1", "Origin": "http://127.0.0.1"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Server": "evil.example", "X-Host": "evil.example", "X-Forwarded-Proto": "http"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Original-URL": "https://evil.example/join"},
    ],
)
async def test_no_header_of_the_request_changes_a_mailed_link(
    owner: Client, run_jobs: RunJobs, mail_server: MailServer, headers: dict[str, str]
) -> None:
    """Host header poisoning: the inviter's request names another host, and the link stays the program's own."""
    await invite(owner, run_jobs, **headers)

    (received,) = mail_server.received
    assert link_in(received).startswith("https://shop.example/join#")
    assert b"evil" not in received.content
    assert b"127.0.0.1" not in received.content


async def test_a_host_that_is_not_ours_is_refused_before_anything_is_mailed(
    owner: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    answer = await owner.post("/api/v1/identity/invitations", json=invitation(), headers={"Host": "evil.example"})

    assert 400 <= answer.status_code < 500
    assert await run_jobs() == 0


@pytest.mark.practice(90)
async def test_each_person_is_written_to_in_the_language_they_chose(
    owner: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    await owner.put("/api/v1/mail/language", json={"language": "ru"})

    await invite(owner, run_jobs)

    (received,) = mail_server.received
    assert received.message["Content-Language"] == "ru"
    assert "приглашает вас в Corner Shop" in received.message["Subject"]
    assert "Присоединиться" in received.part("plain")
    assert "Кассир" in received.part("html")


async def test_a_name_with_markup_or_line_ends_harms_no_mail(
    open_work: WorkOpener, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """The inviter's name is in the subject; the API refuses line ends in names, the mail does not rely on it."""
    evil = "Eve\r\nBcc: everybody@evil.example\r\n\r\n<script>alert(1)</script>"
    await _invite_as(open_work, Actor("person", uuid4(), evil, "owner"))
    await run_jobs()

    (received,) = mail_server.received
    assert received.message["Bcc"] is None
    assert received.recipients == ("grace@navy.example",)
    assert "<script>" not in received.part("html")


async def _invite_as(open_work: WorkOpener, actor: Actor) -> None:
    async with open_work(actor) as uow:
        link = letters.OneTimeLink("/join#x", clock.now())
        await letters.invite(uow, Recipient("grace@navy.example", "Grace"), "cashier", link)


async def test_people_who_are_gone_are_not_written_to(
    open_work: WorkOpener, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    async with open_work(SYSTEM) as uow:
        uow.publish(PersonJoined(person_id=uuid4(), invitation_id=uuid4(), role="cashier"))

    await run_jobs()

    assert mail_server.received == []


def test_events_of_identity_name_the_person_they_are_about() -> None:
    """What `notify` goes by."""
    assert all("person_id" in each.model_fields for each in told_of())
