"""Guards of forgotten passwords and sign-ups are taken away one by one: each time what they guard against happens.

Every test first sees the guard hold, then breaks it and sees the harm.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest
from factor_calls import problem
from mail_calls import token_in, with_mail
from sign_up_calls import EMAIL, OTHER, SIGN_UPS, ask, confirm, sign_in

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.events import ResetRequested
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.identity.repository import people as people_rows
from mainstay.modules.identity.repository import resets as reset_rows
from mainstay.modules.identity.repository import sign_ups as sign_up_rows
from mainstay.modules.identity.service import forgotten, passwords, rights, throttle
from mainstay.modules.identity.service.passwords import Hasher, fold
from mainstay.testing.client import Client
from mainstay.testing.clients import PersonFactory
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener

IVY, NOBODY = fold(EMAIL), "nobody@shop.example"
RESETS = "/api/v1/identity/resets"
RunJobs = Callable[[], Awaitable[int]]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Identity with mail, where people may sign up."""
    folder = tmp_path_factory.mktemp("mutable")
    with with_mail("mutable", post_office_url, folder, (IDENTITY,), {"IDENTITY_SIGN_UP": "true"}) as made:
        yield made


@pytest.fixture
async def link(api: Client, mail_server: MailServer, run_jobs: RunJobs) -> str:
    """The token of the link that Ivy got after she signed up."""
    await ask(api)
    await run_jobs()
    return token_in(mail_server.received.pop(), "/confirm")


async def test_when_the_request_looks_for_the_person_its_rows_and_its_work_tell_who_is_here(
    api: Client, make_person: PersonFactory, uow: UnitOfWork, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person("cashier")

    async def asked(email: str) -> tuple[int, int]:
        before = await uow.read_value("SELECT count(*) FROM mainstay_event")
        async with statements() as seen:
            assert (await api.post(RESETS, json={"email": email})).status_code == 202
        return await uow.read_value("SELECT count(*) FROM mainstay_event") - before, len(seen)

    async def naive(uow: UnitOfWork, email: str, address: str, device: bytes | None) -> None:
        if await people_rows.person_by_email(uow, fold(email)) is not None:
            await honest(uow, email, address, device)

    honest = forgotten.ask
    await asked("first@shop.example")
    assert await asked(person.email) == await asked(NOBODY)

    monkeypatch.setattr(forgotten, "ask", naive)

    known, unknown = await asked(person.email), await asked(NOBODY)
    assert known[0] != unknown[0]
    assert known[1] != unknown[1]


async def test_without_the_count_an_address_is_flooded(
    api: Client, make_person: PersonFactory, run_jobs: RunJobs, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person("cashier")

    async def mails() -> int:
        mail_server.received.clear()
        for _ in range(6):
            await api.post(RESETS, json={"email": person.email})
        await run_jobs()
        return len(mail_server.received)

    async def everything(*_: object) -> bool:
        return True

    assert await mails() == 3
    monkeypatch.setattr(throttle, "admits", everything)
    assert await mails() == 6


async def test_when_a_request_is_only_looked_at_the_job_sends_twice_and_the_address_stays(
    api: Client,
    make_person: PersonFactory,
    open_work: WorkOpener,
    run_jobs: RunJobs,
    uow: UnitOfWork,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = await make_person("cashier")

    async def answered_twice() -> tuple[int, int]:
        mail_server.received.clear()
        await api.post(RESETS, json={"email": person.email})
        request = ResetRequested(request_id=await uow.read_value("SELECT id FROM identity_reset_request"))
        await run_jobs()
        async with open_work(SYSTEM) as work:
            await forgotten.answer(work, request.request_id)
        await run_jobs()
        return len(mail_server.received), await uow.read_value("SELECT count(*) FROM identity_reset_request")

    assert await answered_twice() == (1, 0)
    monkeypatch.setattr(reset_rows, "TAKE_REQUEST", "SELECT email_key FROM identity_reset_request WHERE id = $1")
    assert await answered_twice() == (2, 1)


async def test_without_the_password_a_click_of_the_addresss_owner_confirms_a_strangers_sign_up(
    api: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def believe(_hasher: Hasher, _password: str, _stored: str | None) -> tuple[bool, None]:
        return True, None

    assert problem(await confirm(api, link, OTHER)) == (422, "identity.wrong_password")
    monkeypatch.setattr(passwords.Hasher, "verify", believe)
    assert (await confirm(api, link, OTHER)).status_code == 204


async def test_without_the_look_at_its_end_a_link_works_for_ever(
    api: Client, link: str, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await uow.write("UPDATE identity_sign_up SET expires_at = now() - interval '1 year'")

    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    for name in ("OPEN", "CONFIRM"):
        monkeypatch.setattr(sign_up_rows, name, getattr(sign_up_rows, name).replace("expires_at > now()", "true"))
    assert (await confirm(api, link)).status_code == 204


async def test_without_the_look_for_the_person_an_address_waits_that_somebody_has_already(
    api: Client, link: str, make_person: PersonFactory, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person("cashier")
    await uow.write("UPDATE identity_person SET email_key = $2 WHERE id = $1", person.id, IVY)

    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    condition = (
        "AND NOT EXISTS (SELECT FROM identity_person WHERE identity_person.email_key = identity_sign_up.email_key)"
    )
    assert condition in sign_up_rows.CONFIRM
    monkeypatch.setattr(sign_up_rows, "CONFIRM", sign_up_rows.CONFIRM.replace(condition, ""))
    assert (await confirm(api, link)).status_code == 204


async def test_without_the_comparison_of_rights_a_manager_makes_an_owner(
    api: Client, link: str, manager: Client, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirm(api, link)
    key = await uow.read_value("SELECT id FROM identity_sign_up")

    async def approve() -> httpx2.Response:
        return await manager.post(f"{SIGN_UPS}/{key}/approve", json={"role": "owner"})

    async def anything(*_: object) -> None:
        return None

    assert problem(await approve()) == (403, "not_allowed")
    monkeypatch.setattr(rights, "demand_all_of", anything)
    assert (await approve()).status_code == 204
    assert await uow.read_value("SELECT role FROM identity_person WHERE id = $1", key) == "owner"


async def test_without_the_confirmation_signing_in_tells_that_somebody_signed_up(
    api: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problem(await sign_in(api)) == (401, "identity.wrong_credentials")
    unconfirmed = people_rows.CREDENTIALS.replace("AND confirmed_at IS NOT NULL", "")
    monkeypatch.setattr(people_rows, "CREDENTIALS", unconfirmed)
    assert problem(await sign_in(api)) == (403, "identity.sign_up_waiting")


async def test_when_who_waits_is_looked_for_apart_the_work_of_a_guess_tells_of_them(
    api: Client, link: str, make_person: PersonFactory, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirm(api, link)
    person = await make_person("cashier")

    async def guessed(email: str) -> int:
        async with statements() as seen:
            body = {"email": email, "password": OTHER}
            assert (await api.post("/api/v1/identity/session", json=body)).status_code == 401
        return len(seen)

    async def apart(uow: UnitOfWork, email_key: str) -> Row | None:
        found = await people_rows.person_by_email(uow, email_key)
        return await honest(uow, email_key) if found is None else {**found, "is_waiting": False}

    honest = people_rows.credentials
    await guessed("first@shop.example")
    assert await guessed(IVY) == await guessed(person.email) == await guessed(NOBODY)
    monkeypatch.setattr(people_rows, "credentials", apart)
    await guessed("first@shop.example")
    assert await guessed(NOBODY) > await guessed(person.email)
