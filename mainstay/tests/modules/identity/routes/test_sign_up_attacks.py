"""Attacks on signing up by oneself: for somebody else, with more than is offered, by links and by whoever may not."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from factor_calls import problem
from mail_calls import POISON, token_in, with_mail
from sign_up_calls import EMAIL, OTHER, PASSWORD, SIGN_UPS, ask, confirm, decide, waiting

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.modules.identity.module import IDENTITY
from mainstay.testing.client import Client
from mainstay.testing.clients import PersonFactory
from mainstay.testing.mail import MailServer
from mainstay.work import UnitOfWork

RunJobs = Callable[[], Awaitable[int]]


@pytest.fixture(scope="session")
def program(post_office_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Identity with mail, where people may sign up."""
    folder = tmp_path_factory.mktemp("besieged")
    with with_mail("besieged", post_office_url, folder, (IDENTITY,), {"IDENTITY_SIGN_UP": "true"}) as made:
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
async def ivy(api: Client, link: str, owner: Client) -> str:
    """The id under which Ivy waits."""
    assert (await confirm(api, link)).status_code == 204
    (one,) = await waiting(owner)
    key: str = one["id"]
    return key


async def test_signing_up_under_the_address_of_somebody_else_is_not_confirmed_by_their_click(
    api: Client, owner: Client, link: str
) -> None:
    """Pre-hijacking: the attacker chose the password, and the owner of the address would make it an account."""
    assert problem(await confirm(api, link, OTHER)) == (422, "identity.wrong_password")
    assert await waiting(owner) == []
    assert (await confirm(api, link)).status_code == 204


async def test_the_password_of_a_link_is_not_guessed(api: Client, link: str) -> None:
    answers = [problem(await confirm(api, link, OTHER)) for _ in range(6)]

    assert answers[4:] == [(422, "identity.wrong_password"), (429, "identity.too_many_attempts")]


async def test_the_mail_says_nothing_that_a_stranger_chose(
    api: Client, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    """Else the program would mail any text to any address."""
    await ask(api, name="You have won: evil.example")
    await run_jobs()

    (received,) = mail_server.received
    assert b"evil" not in received.content


@pytest.mark.parametrize("extra", [{"role": "owner"}, {"place_ids": []}, {"confirmed_at": "2026-01-01"}, {"id": "x"}])
async def test_nobody_chooses_their_role_or_state_when_they_sign_up(
    api: Client, uow: UnitOfWork, extra: dict[str, Any]
) -> None:
    """Mass assignment."""
    assert problem(await ask(api, **extra)) == (422, "invalid_input")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 0


async def test_a_link_works_once_and_not_for_ever(api: Client, owner: Client, link: str, uow: UnitOfWork) -> None:
    assert (await confirm(api, link)).status_code == 204
    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    assert len(await waiting(owner)) == 1

    await uow.write("UPDATE identity_sign_up SET confirmed_at = NULL, token_digest = sha256('x'), expires_at = now()")
    assert problem(await confirm(api, "x" * 43)) == (404, "identity.sign_up_unknown")


async def test_a_link_that_ran_out_confirms_nothing(api: Client, link: str, uow: UnitOfWork) -> None:
    await uow.write("UPDATE identity_sign_up SET expires_at = now()")

    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")


async def test_of_two_links_to_one_address_the_first_used_counts(
    api: Client, owner: Client, link: str, run_jobs: RunJobs, mail_server: MailServer, uow: UnitOfWork
) -> None:
    await ask(api, password=OTHER)
    await run_jobs()
    second = token_in(mail_server.received[0], "/confirm")

    assert (await confirm(api, second, OTHER)).status_code == 204
    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 1


async def test_of_two_links_used_at_once_the_database_takes_one(
    api: Client, owner: Client, link: str, uow: UnitOfWork
) -> None:
    """Whoever was a moment slower finds that another sign-up waits under the address."""
    await uow.write(
        "INSERT INTO identity_sign_up (id, email, email_key, name, password_hash, language, expires_at, confirmed_at)"
        " SELECT gen_random_uuid(), email, email_key, 'The first', 'x', 'en', now(), now() FROM identity_sign_up"
    )

    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    assert [one["name"] for one in await waiting(owner)] == ["The first"]


async def test_a_link_of_another_kind_opens_nothing(
    api: Client, owner: Client, link: str, make_person: PersonFactory, run_jobs: RunJobs, mail_server: MailServer
) -> None:
    person = await make_person("cashier")
    await owner.post(f"/api/v1/identity/people/{person.id}/reset-link")
    await run_jobs()
    reset = token_in(mail_server.received[0], "/reset")

    assert problem(await confirm(api, reset)) == (404, "identity.sign_up_unknown")
    body = {"token": link, "password": OTHER}
    used = await api.post("/api/v1/identity/resets/use", json=body)
    assert problem(used) == (404, "identity.reset_unknown")
    joined = await api.post("/api/v1/identity/invitations/accept", json=body)
    assert problem(joined) == (404, "identity.invitation_unknown")


@pytest.mark.parametrize("headers", POISON)
async def test_no_header_of_the_request_changes_the_mailed_link(
    api: Client, run_jobs: RunJobs, mail_server: MailServer, headers: dict[str, str]
) -> None:
    body = {"name": "Ivy", "email": EMAIL, "password": PASSWORD}
    assert (await api.post(SIGN_UPS, json=body, headers=headers)).status_code == 202
    await run_jobs()

    (received,) = mail_server.received
    assert token_in(received, "/confirm")
    assert b"evil" not in received.content
    assert b"127.0.0.1" not in received.content


async def test_whoever_may_not_manage_people_sees_and_decides_nothing(
    api: Client, cashier: Client, employee: Client, ivy: str, owner: Client
) -> None:
    for client, refusal in ((cashier, (403, "not_allowed")), (employee, (403, "not_allowed"))):
        assert problem(await client.get(SIGN_UPS)) == refusal
        assert problem(await decide(client, ivy)) == refusal
        assert problem(await decide(client, ivy, "refuse")) == refusal
    assert problem(await decide(api, ivy)) == (401, "identity.not_signed_in")
    assert len(await waiting(owner)) == 1


async def test_nobody_approves_somebody_with_rights_that_they_lack(manager: Client, owner: Client, ivy: str) -> None:
    assert problem(await decide(manager, ivy, role="owner")) == (403, "not_allowed")
    assert problem(await decide(manager, ivy, role="nobody_knows")) == (422, "invalid_input")
    assert problem(await decide(owner, ivy, place_ids=[str(ids.new_id())])) == (422, "invalid_input")
    assert problem(await decide(owner, ivy, is_active=True)) == (422, "invalid_input")
    assert len(await waiting(owner)) == 1


async def test_somebody_who_did_not_confirm_is_neither_approved_nor_refused(
    link: str, owner: Client, uow: UnitOfWork
) -> None:
    key = await uow.read_value("SELECT id FROM identity_sign_up")

    for decision in ("approve", "refuse"):
        assert problem(await decide(owner, key, decision)) == (404, "identity.sign_up_unknown")
    assert await uow.read_value("SELECT count(*) FROM identity_sign_up") == 1


async def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(
    api: Client, owner: Client, ivy: str, uow: UnitOfWork, make_person: PersonFactory
) -> None:
    person = await make_person("cashier")
    await uow.write("UPDATE identity_person SET email_key = 'ivy@shop.example' WHERE id = $1", person.id)

    assert problem(await decide(owner, ivy)) == (409, "identity.email_taken")
    assert (await decide(owner, ivy, "refuse")).status_code == 204


async def test_an_address_that_somebody_joined_with_meanwhile_is_not_confirmed(
    api: Client, owner: Client, link: str, uow: UnitOfWork, make_person: PersonFactory
) -> None:
    person = await make_person("cashier")
    await uow.write("UPDATE identity_person SET email_key = 'ivy@shop.example' WHERE id = $1", person.id)

    assert problem(await confirm(api, link)) == (404, "identity.sign_up_unknown")
    assert await waiting(owner) == []


async def test_a_weak_password_is_refused_alike_for_everybody(api: Client, make_person: PersonFactory) -> None:
    person = await make_person("cashier")

    for email in (person.email, "nobody@shop.example"):
        assert problem(await ask(api, email, password="short")) == (422, "identity.password_refused")


async def test_another_site_cannot_sign_up_by_somebodys_browser(api: Client) -> None:
    body = {"name": "Ivy", "email": EMAIL, "password": PASSWORD}
    refused = await api.post(SIGN_UPS, json=body, headers={"Origin": "https://evil.example"})

    assert problem(refused) == (403, "csrf_failed")
