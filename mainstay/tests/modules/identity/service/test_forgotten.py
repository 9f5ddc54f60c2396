"""A link for a new password that somebody asks for by themselves: nobody learns who is here, and no factor is lost."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import httpx2
import pytest
from factor_calls import EMAIL, PASSWORD, become_owner, enrol_app, give_password, problem
from mail_calls import POISON, token_in, with_mail

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.events import ResetRequested
from mainstay.modules.identity.jobs import ANSWER_RESET_REQUEST
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.service import people, staff
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory, PersonFactory
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

NEW = "seven calm orange foxes"
NOBODY = "nobody@shop.example"
RESETS = "/api/v1/identity/resets"
RunJobs = Callable[[], Awaitable[int]]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]
OwnerLink = Callable[[], Awaitable[str]]

# Everything that a request leaves, by how many rows each table has.
ROWS = """
SELECT ARRAY[(SELECT count(*) FROM identity_reset_request), (SELECT count(*) FROM mainstay_event),
             (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM audit_entry),
             (SELECT count(*) FROM audit_private), (SELECT count(*) FROM identity_attempt),
             (SELECT count(*) FROM identity_reset), (SELECT count(*) FROM mail_message)]
"""


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Identity with mail."""
    with with_mail("forgetful", post_office_url, tmp_path_factory.mktemp("forgetful"), (IDENTITY,)) as made:
        yield made


@pytest.fixture
async def ada(api: Client, owner_link: OwnerLink, run_jobs: RunJobs, mail_server: MailServer) -> Client:
    """The owner in her browser; the mail that welcomed her is put away."""
    await become_owner(api, await owner_link())
    await run_jobs()
    mail_server.received.clear()
    return api


async def ask(client: Client, email: str = EMAIL, **headers: str) -> httpx2.Response:
    return await client.post(RESETS, json={"email": email}, headers=headers)


async def use(client: Client, token: str, password: str = NEW) -> httpx2.Response:
    return await client.post(f"{RESETS}/use", json={"token": token, "password": password})


async def sign_in(client: Client, password: str) -> httpx2.Response:
    return await client.post("/api/v1/identity/session", json={"email": EMAIL, "password": password})


# -- what it is for ----------------------------------------------------------------------------------------------------


@pytest.mark.practice(22, 90)
async def test_whoever_forgot_their_password_gets_a_link_by_mail_that_sets_a_new_one_once(
    ada: Client, make_client: ClientFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    stranger = make_client()

    answer = await ask(stranger)
    await run_jobs()

    assert (answer.status_code, answer.json()) == (202, {"link_minutes": 60})
    assert (await ada.get("/api/v1/identity/session")).status_code == 200
    (received,) = mail_server.received
    assert received.recipients == (EMAIL,)
    token = token_in(received, "/reset")
    assert (await use(stranger, token)).status_code == 204
    assert problem(await use(stranger, token, PASSWORD)) == (404, "identity.reset_unknown")
    assert problem(await ada.get("/api/v1/identity/session")) == (401, "identity.not_signed_in")
    assert problem(await sign_in(stranger, PASSWORD)) == (401, "identity.wrong_credentials")
    assert (await sign_in(stranger, NEW)).status_code == 201
    await run_jobs()
    assert [mail.message["Subject"] for mail in mail_server.received[1:]] == ["Your password was changed"]


async def test_a_link_lives_for_an_hour_and_a_newer_one_kills_it(
    ada: Client, uow: UnitOfWork, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    for _ in range(2):
        await ask(ada)
        await run_jobs()
    old, new = (token_in(received, "/reset") for received in mail_server.received)

    assert problem(await use(ada, old)) == (404, "identity.reset_unknown")
    lifetime = await uow.read_value("SELECT expires_at - created_at FROM identity_reset")
    assert lifetime == timedelta(hours=1)
    await uow.write("UPDATE identity_reset SET expires_at = now()")
    assert problem(await use(ada, new)) == (404, "identity.reset_unknown")


async def test_the_link_signs_nobody_in_past_a_second_factor_and_removes_none(
    ada: Client, make_client: ClientFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    app = await enrol_app(ada)
    browser = make_client()
    await ask(browser)
    await run_jobs()
    token = next(token_in(mail, "/reset") for mail in mail_server.received if "/reset#" in mail.part("plain"))

    used = await use(browser, token)

    assert (used.status_code, used.headers.get_list("set-cookie")) == (204, [])
    step = await sign_in(browser, NEW)
    assert (step.status_code, step.json()["factors"]) == (202, ["totp"])
    assert problem(await browser.get("/api/v1/identity/session")) == (401, "identity.not_signed_in")
    later = {"kind": "totp", "code": app.code(1)}
    assert (await browser.post("/api/v1/identity/session/second-step", json=later)).status_code == 201


async def test_the_mail_goes_to_the_address_that_is_kept_and_not_to_one_that_looks_alike(
    ada: Client, make_person: PersonFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """A letter of another script that folds to the same one: what was typed may be somebody else's mailbox."""
    typed = "ADA@ENGINE.EXAMPLE".replace("A", "\N{FULLWIDTH LATIN CAPITAL LETTER A}")

    await ask(ada, typed)
    await run_jobs()

    assert [mail.recipients for mail in mail_server.received] == [(EMAIL,)]


# -- nobody learns who is here -----------------------------------------------------------------------------------------


async def test_the_answer_what_is_written_and_every_statement_are_the_same_for_everybody(
    ada: Client,
    make_client: ClientFactory,
    make_person: PersonFactory,
    uow: UnitOfWork,
    open_work: WorkOpener,
    statements: Statements,
) -> None:
    """Enumeration by text, by rows and by work: somebody, nobody, somebody who may not sign in, somebody deleted."""
    away, gone = await make_person("cashier"), await make_person("cashier")
    await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", away.id)
    await uow.commit()
    async with open_work(SYSTEM) as work:
        await staff.delete(work, gone.id, 1, keeps_name=True)
    stranger = make_client()
    await ask(stranger, "first@shop.example")
    found = []

    for email in (EMAIL, NOBODY, away.email, gone.email):
        before = await uow.read_value(ROWS)
        async with statements() as seen:
            answer = await ask(stranger, email)
        rows = [after - count for after, count in zip(await uow.read_value(ROWS), before, strict=True)]
        told = (answer.status_code, answer.content, sorted(answer.headers))
        found.append((told, rows, [each for each in seen if "SAVEPOINT" not in each]))

    assert found[0][1] == [1, 1, 1, 1, 1, 3, 0, 0]
    assert found[1:] == found[:1] * 3


async def test_nothing_is_mailed_to_whoever_is_not_here_or_may_not_sign_in(
    ada: Client, make_person: PersonFactory, uow: UnitOfWork, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    away = await make_person("cashier")
    await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", away.id)

    for email in (NOBODY, away.email):
        assert (await ask(ada, email)).status_code == 202
    await run_jobs()

    assert mail_server.received == []
    assert await uow.read_value("SELECT count(*) FROM mail_message WHERE name LIKE '%reset%'") == 0
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 0


async def test_no_address_is_in_the_log_of_events_nor_stays_after_the_answer(
    ada: Client, uow: UnitOfWork, run_jobs: RunJobs
) -> None:
    for email in (EMAIL, NOBODY):
        await ask(ada, email)
    await run_jobs()

    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 0
    for table in ("mainstay_event", "procrastinate_jobs", "identity_attempt", "audit_entry", "audit_private"):
        text: str = await uow.read_value(f"SELECT coalesce(string_agg(rows::text, ''), '') FROM {table} AS rows")
        assert NOBODY not in text, table


async def test_the_trail_tells_of_each_request_and_of_the_link_it_led_to(
    ada: Client, uow: UnitOfWork, run_jobs: RunJobs
) -> None:
    for email in (NOBODY, EMAIL):
        await ask(ada, email)
    await run_jobs()

    acts = await uow.read(
        "SELECT act, object_id, actor_kind FROM audit_entry WHERE act LIKE 'identity.reset%' ORDER BY position"
    )
    assert [(row["act"], row["actor_kind"]) for row in acts] == [
        ("identity.reset_requested", "anonymous"),
        ("identity.reset_requested", "anonymous"),
        ("identity.reset_link_made", "system"),
    ]
    assert acts[2]["object_id"] == str(ada.person_id)


# -- limits ------------------------------------------------------------------------------------------------------------


async def test_one_address_gets_three_mails_an_hour_and_nobody_is_told_that_there_were_more_requests(
    ada: Client, uow: UnitOfWork, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """A flood of one address; others are not hindered by it, nor is it for ever."""
    answers = [await ask(ada) for _ in range(10)]
    await ask(ada, NOBODY)
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 4
    await run_jobs()

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert len(mail_server.received) == 3
    await uow.write("UPDATE identity_attempt SET attempted_at = attempted_at - interval '61 minutes'")
    await ask(ada)
    await run_jobs()
    assert len(mail_server.received) == 4


async def test_strangers_who_ask_do_not_keep_a_person_from_their_mail(
    ada: Client, make_client: ClientFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """A device that has signed in before has an allowance of its own."""
    stranger = make_client()
    for _ in range(5):
        await ask(stranger)
    await run_jobs()
    assert len(mail_server.received) == 3

    for _ in range(5):
        await ask(ada)
    await run_jobs()
    assert len(mail_server.received) == 6


async def test_a_spelling_of_an_address_has_no_allowance_of_its_own(
    ada: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    for email in (EMAIL, EMAIL.upper(), f" {EMAIL} ", EMAIL.title()):
        await ask(ada, email)
    await run_jobs()

    assert len(mail_server.received) == 3


async def test_one_network_and_all_together_ask_for_so_many_mails_and_no_more(ada: Client, uow: UnitOfWork) -> None:
    for number in range(35):
        await ask(ada, f"guess{number}@shop.example")
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 30

    overall = "SELECT account_digest FROM identity_attempt GROUP BY 1 ORDER BY count(*) DESC, max(id) DESC LIMIT 1"
    await uow.write("DELETE FROM identity_attempt WHERE account_digest <> ($1)", await uow.read_value(overall))
    await uow.write(
        "INSERT INTO identity_attempt (account_digest, device_digest, address) "
        "SELECT account_digest, device_digest, '' FROM identity_attempt, generate_series(1, 9)"
    )
    await ask(ada)
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 30


# -- links and requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", POISON)
async def test_no_header_of_the_request_changes_the_mailed_link(
    ada: Client, run_jobs: RunJobs, mail_server: MailServer, headers: dict[str, str]
) -> None:
    """Host header poisoning: the mailed token would be the attacker's with the first click."""
    assert (await ask(ada, **headers)).status_code == 202
    await run_jobs()

    (received,) = mail_server.received
    assert token_in(received, "/reset")
    assert b"evil" not in received.content
    assert b"127.0.0.1" not in received.content


async def test_a_link_of_another_kind_resets_nothing(ada: Client, run_jobs: RunJobs, mail_server: MailServer) -> None:
    person = {"id": "01926e6a-0000-7000-8000-0000000000aa", "name": "Grace", "email": NOBODY, "role": "cashier"}
    await ada.post("/api/v1/identity/invitations", json=person)
    await ask(ada)
    await run_jobs()
    tokens = {mail.recipients[0]: mail for mail in mail_server.received}

    assert problem(await use(ada, token_in(tokens[NOBODY], "/join"))) == (404, "identity.reset_unknown")
    body = {"token": token_in(tokens[EMAIL], "/reset"), "password": NEW, "name": "Eve", "email": "eve@shop.example"}
    joined = await ada.post("/api/v1/identity/invitations/accept", json=body)
    assert problem(joined) == (404, "identity.invitation_unknown")


@pytest.mark.parametrize(
    "body", [{}, {"email": "no address"}, {"email": EMAIL, "person_id": "x"}, {"email": f"{EMAIL}\r\nBcc: e@x.example"}]
)
async def test_a_malformed_request_is_refused(ada: Client, uow: UnitOfWork, body: dict[str, str]) -> None:
    assert problem(await ada.post(RESETS, json=body)) == (422, "invalid_input")
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 0


async def test_another_site_cannot_ask_by_somebodys_browser(ada: Client, uow: UnitOfWork) -> None:
    assert problem(await ask(ada, Origin="https://evil.example")) == (403, "csrf_failed")
    assert await uow.read_value("SELECT count(*) FROM identity_reset_request") == 0


async def test_a_request_is_answered_once(
    ada: Client, open_work: WorkOpener, uow: UnitOfWork, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """The job may run again after a crash."""
    await ask(ada)
    request_id = await uow.read_value("SELECT id FROM identity_reset_request")
    await run_jobs()

    async with open_work(SYSTEM) as work:
        await ANSWER_RESET_REQUEST.run(work, ResetRequested(request_id=request_id))
    await run_jobs()

    assert len(mail_server.received) == 1


async def test_a_request_that_no_job_answered_is_forgotten_after_a_day_and_with_its_person(
    ada: Client, make_person: PersonFactory, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    gone = await make_person("cashier")
    await ask(ada)
    await ask(ada, gone.email.upper())

    async with open_work(SYSTEM) as work:
        await staff.delete(work, gone.id, 1, keeps_name=False)
    left = "SELECT array_agg(email_key) FROM identity_reset_request"
    assert await uow.read_value(left) == [EMAIL]
    await people.forget_the_old(uow)
    assert await uow.read_value(left) == [EMAIL]
    await uow.write("UPDATE identity_reset_request SET created_at = now() - interval '25 hours'")
    await people.forget_the_old(uow)
    assert await uow.read_value(left) is None


async def test_the_first_page_knows_that_mails_are_sent(api: Client) -> None:
    assert (await api.get("/api/v1/identity/setup")).json()["sends_mail"] is True


async def test_a_stranger_who_knows_the_password_is_not_hindered(ada: Client, make_client: ClientFactory) -> None:
    """Asking for links locks nobody out."""
    for _ in range(10):
        await ask(make_client())

    assert (await give_password(make_client())).status_code == 201
