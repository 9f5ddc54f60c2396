"""Signing up by oneself: nobody learns who is here, and nobody gets in before they are approved."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import pytest
from factor_calls import problem
from mail_calls import token_in, with_mail
from sign_up_calls import EMAIL, OTHER, PASSWORD, SIGN_UPS, ask, confirm, decide, sign_in, waiting

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.errors import ConfigurationError
from mainstay.modules.identity.events import SignUpRequested
from mainstay.modules.identity.jobs import ANSWER_SIGN_UP
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import people, staff
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory, PersonFactory
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

RunJobs = Callable[[], Awaitable[int]]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]
SignIn = Callable[[str], Awaitable[Client]]

ROWS = """
SELECT ARRAY[(SELECT count(*) FROM identity_sign_up), (SELECT count(*) FROM mainstay_event),
             (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM audit_entry),
             (SELECT count(*) FROM audit_private), (SELECT count(*) FROM identity_attempt),
             (SELECT count(*) FROM identity_person), (SELECT count(*) FROM mail_message)]
"""


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Identity with mail, where people may sign up."""
    folder = tmp_path_factory.mktemp("welcoming")
    with with_mail("welcoming", post_office_url, folder, (IDENTITY,), {"IDENTITY_SIGN_UP": "true"}) as made:
        yield made


@pytest.fixture
async def link(api: Client, mail_server: MailServer, run_jobs: RunJobs) -> str:
    """The token of the link that Ivy got after she signed up; her mail is put away."""
    await ask(api)
    await run_jobs()
    (received,) = mail_server.received
    mail_server.received.clear()
    return token_in(received, "/confirm")


@pytest.fixture
async def ivy(api: Client, link: str, owner: Client, run_jobs: RunJobs, mail_server: MailServer) -> str:
    """The id under which Ivy waits; the mails to those who decide are put away."""
    assert (await confirm(api, link)).status_code == 204
    (one,) = await waiting(owner)
    await run_jobs()
    mail_server.received.clear()
    key: str = one["id"]
    return key


# -- what it is for ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_told"), [(0, False), (2, True)], ids=["the day they were told", "later"])
async def test_whoever_manages_people_is_told_that_somebody_waits_once_a_day(
    api: Client,
    ivy: str,
    make_person: PersonFactory,
    open_work: WorkOpener,
    run_jobs: RunJobs,
    mail_server: MailServer,
    days: int,
    is_told: bool,
) -> None:
    """Whom a role lets decide today, and nobody who cannot sign in."""
    await make_person("cashier")
    managing, left = await make_person("manager"), await make_person("manager")
    async with open_work(SYSTEM) as work:
        await work.write("UPDATE identity_person SET is_active = false WHERE id = $1", left.id)
        await work.write("UPDATE identity_sign_up SET confirmed_at = now() - make_interval(days => $1)", days)
        owner = await work.read_value("SELECT email FROM identity_person WHERE role = 'owner'")
    for name in ("ben", "kim"):
        await ask(api, f"{name}@shop.example")
        await run_jobs()
        assert (await confirm(api, token_in(mail_server.received[-1], "/confirm"))).status_code == 204
    await run_jobs()

    told = [mail for mail in mail_server.received if mail.message["Subject"].startswith("Somebody waits")]
    assert {mail.recipients for mail in told} == ({(owner,), (managing.email,)} if is_told else set())
    assert len(told) == (2 if is_told else 0)
    assert all("/settings" in mail.part("plain") and "ben" not in mail.part("plain").lower() for mail in told)


@pytest.mark.practice(22, 90)
async def test_somebody_signs_up_confirms_is_approved_and_signs_in(
    api: Client, manager: Client, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    answer = await ask(api, language="ru")
    assert (answer.status_code, answer.json()) == (202, {"link_hours": 24})
    await run_jobs()
    (received,) = mail_server.received
    assert (received.recipients, received.message["Content-Language"]) == ((EMAIL,), "ru")
    token = token_in(received, "/confirm")
    told = (await api.post(f"{SIGN_UPS}/check", json={"token": token})).json()
    assert (told["name"], told["email"]) == ("Ivy", EMAIL)
    assert await waiting(manager) == []

    assert (await confirm(api, token)).status_code == 204
    (one,) = await waiting(manager)
    assert (await decide(manager, one["id"])).status_code == 204

    await run_jobs()
    assert [mail.recipients for mail in mail_server.received] == [(EMAIL,)] * 2
    welcome = mail_server.received[1]
    assert (welcome.message["Content-Language"], "Кассир" in welcome.part("plain")) == ("ru", True)
    session = api.adopt(await sign_in(api))
    assert (session["person"]["id"], session["person"]["role"]) == (one["id"], "cashier")
    assert await waiting(manager) == []
    acts = await uow.read("SELECT act, actor_id FROM audit_entry WHERE object_id = $1 ORDER BY position", one["id"])
    assert [(row["act"].removeprefix("identity."), row["actor_id"]) for row in acts] == [
        ("sign_up_requested", None),
        ("sign_up_confirmed", None),
        ("sign_up_approved", manager.person_id),
        ("signed_in", UUID(one["id"])),
    ]


async def test_a_waiting_person_learns_that_they_wait_by_the_right_password_alone(
    api: Client, ivy: str, uow: UnitOfWork
) -> None:
    told = await sign_in(api)
    assert problem(told) == (403, "identity.sign_up_waiting")
    assert told.headers.get_list("set-cookie") == []
    assert problem(await sign_in(api, OTHER)) == (401, "identity.wrong_credentials")
    tokens = await api.post("/api/v1/identity/tokens", json={"email": EMAIL, "password": PASSWORD})
    assert problem(tokens) == (403, "identity.sign_up_waiting")
    assert await uow.read_value("SELECT count(*) FROM identity_person WHERE email ILIKE 'ivy%'") == 0


async def test_somebody_who_did_not_confirm_is_as_unknown_as_anybody(api: Client, link: str) -> None:
    assert problem(await sign_in(api)) == (401, "identity.wrong_credentials")


async def test_a_guess_takes_the_same_statements_whether_somebody_waits_is_here_or_not(
    api: Client, ivy: str, make_person: PersonFactory, statements: Statements
) -> None:
    person = await make_person("cashier")
    await sign_in(api, OTHER, "first@shop.example")
    found = []

    for email in (EMAIL, person.email, "nobody@shop.example"):
        async with statements() as seen:
            assert problem(await sign_in(api, OTHER, email)) == (401, "identity.wrong_credentials")
        found.append([each for each in seen if "SAVEPOINT" not in each])

    assert found[1:] == found[:1] * 2


async def test_a_refused_person_is_told_and_forgotten(
    api: Client, owner: Client, ivy: str, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    assert (await decide(owner, ivy, "refuse")).status_code == 204
    await run_jobs()

    (received,) = mail_server.received
    assert (received.recipients, received.message["Subject"]) == ((EMAIL,), "Your sign-up for Corner Shop")
    for table in ("identity_sign_up", "mainstay_event", "audit_entry", "audit_private"):
        text: str = await uow.read_value(f"SELECT coalesce(string_agg(rows::text, ''), '') FROM {table} AS rows")
        assert "Ivy" not in text, table
    assert problem(await sign_in(api)) == (401, "identity.wrong_credentials")
    assert problem(await decide(owner, ivy)) == (404, "identity.sign_up_unknown")


async def test_who_waited_longest_comes_first_page_by_page(owner: Client, uow: UnitOfWork) -> None:
    for number in range(3):
        await uow.write(
            "INSERT INTO identity_sign_up "
            "(id, email, email_key, name, password_hash, language, expires_at, confirmed_at)"
            " VALUES ($1, $2, $2, $2, 'x', 'en', now(), now() - make_interval(hours => $3))",
            ids.new_id(),
            f"{number}@shop.example",
            number,
        )

    first = (await owner.get(SIGN_UPS, params={"limit": 2})).json()
    rest = (await owner.get(SIGN_UPS, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [one["email"][0] for one in (*first["items"], *rest["items"])] == ["2", "1", "0"]
    assert rest["next_cursor"] is None


# -- nobody learns who is here -----------------------------------------------------------------------------------------


async def test_the_answer_what_is_written_and_every_statement_are_the_same_for_everybody(
    api: Client,
    ivy: str,
    make_person: PersonFactory,
    uow: UnitOfWork,
    statements: Statements,
) -> None:
    """Enumeration by text, by rows and by work: somebody who waits, is here, is here and not active, and nobody."""
    person, away = await make_person("cashier"), await make_person("cashier")
    await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", away.id)
    await ask(api, "first@shop.example")
    found = []

    for email in (EMAIL, person.email, away.email, "nobody@shop.example"):
        before = await uow.read_value(ROWS)
        async with statements() as seen:
            answer = await ask(api, email)
        rows = [after - count for after, count in zip(await uow.read_value(ROWS), before, strict=True)]
        told = (answer.status_code, answer.content, sorted(answer.headers))
        found.append((told, rows, [each for each in seen if "SAVEPOINT" not in each]))

    assert found[0][1] == [1, 1, 1, 1, 1, 3, 0, 0]
    assert found[1:] == found[:1] * 3


@pytest.mark.parametrize("is_active", [True, False])
async def test_the_owner_of_a_known_address_is_told_and_nobody_gets_a_link(
    api: Client,
    make_person: PersonFactory,
    run_jobs: RunJobs,
    mail_server: MailServer,
    uow: UnitOfWork,
    is_active: bool,
) -> None:
    person = await make_person("cashier")
    await uow.write("UPDATE identity_person SET is_active = $2 WHERE id = $1", person.id, is_active)

    await ask(api, person.email.upper())
    await run_jobs()

    (received,) = mail_server.received
    assert received.recipients == (person.email,)
    assert received.message["Subject"] == "You have an account for Corner Shop already"
    assert "#" not in received.part("plain")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 0


async def test_who_signs_up_while_they_wait_is_told_and_the_first_password_stays(
    api: Client, ivy: str, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    await ask(api, EMAIL.upper(), password=OTHER)
    await run_jobs()

    assert [mail.message["Subject"] for mail in mail_server.received] == ["Your sign-up for Corner Shop waits"]
    assert problem(await sign_in(api)) == (403, "identity.sign_up_waiting")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 1


async def test_one_address_gets_three_mails_an_hour_and_nobody_is_told_that_there_were_more_requests(
    api: Client, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    answers = [await ask(api) for _ in range(6)]
    await run_jobs()

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert len(mail_server.received) == await uow.read_value("SELECT count(*) FROM identity_sign_up") == 3


# -- what is over ------------------------------------------------------------------------------------------------------


async def test_a_sign_up_is_answered_once(
    api: Client, open_work: WorkOpener, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    """The job may run again after a crash."""
    await ask(api)
    key = await uow.read_value("SELECT id FROM identity_sign_up")
    await run_jobs()

    async with open_work(SYSTEM) as work:
        await ANSWER_SIGN_UP.run(work, SignUpRequested(sign_up_id=key))
    await run_jobs()

    assert len(mail_server.received) == 1


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ("expires_at = now() + interval '1 minute'", 1),
        ("expires_at = now() - interval '1 minute'", 0),
        ("confirmed_at = now() - interval '89 days', token_digest = NULL, expires_at = now() - interval '88 days'", 1),
        ("confirmed_at = now() - interval '91 days', token_digest = NULL", 0),
    ],
    ids=["link works", "link ran out", "waits", "waited in vain"],
)
async def test_what_nobody_confirmed_or_decided_is_forgotten_by_the_schedule(
    link: str, uow: UnitOfWork, change: str, left: int
) -> None:
    await uow.write(f"UPDATE identity_sign_up SET {change}")

    await people.forget_the_old(uow)

    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == left


async def test_a_deleted_person_leaves_no_sign_up_of_their_address(
    api: Client, make_person: PersonFactory, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    gone = await make_person("cashier")
    await ask(api, gone.email)

    async with open_work(SYSTEM) as work:
        await staff.delete(work, gone.id, 1, keeps_name=False)

    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 0


async def test_the_database_holds_no_token_and_the_log_no_address(api: Client, link: str, uow: UnitOfWork) -> None:
    for table, secret in (("identity_sign_up", link), ("mainstay_event", link), ("mainstay_event", "Ivy")):
        assert secret not in await uow.read_value(f"SELECT string_agg(rows::text, '') FROM {table} AS rows")


async def test_the_first_page_knows_that_people_may_sign_up(make_client: ClientFactory) -> None:
    assert (await make_client().get("/api/v1/identity/setup")).json()["takes_sign_ups"] is True


@pytest.mark.parametrize(("environment", "is_refused"), [("production", True), ("development", False)])
def test_in_production_people_sign_up_only_where_mails_are_sent(
    monkeypatch: pytest.MonkeyPatch, environment: str, is_refused: bool
) -> None:
    monkeypatch.setenv("SHY_IDENTITY_SIGN_UP", "true")
    monkeypatch.setenv("SHY_ENVIRONMENT", environment)
    monkeypatch.setenv("SHY_SECRET_KEY", "wet paint on ninety wooden chairs")

    if is_refused:
        with pytest.raises(ConfigurationError, match="SHY_MAIL_URL"):
            IdentitySettings.load("shy")
    else:
        assert IdentitySettings.load("shy").sign_up
