"""Invitations: links that work once, for a while, and only the newest; the first owner's among them."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from mainstay import clock, ids
from mainstay.modules.identity.errors import (
    DetailsMissing,
    EmailTaken,
    InvitationIdReused,
    InvitationUnknown,
    PasswordRefused,
)
from mainstay.modules.identity.repository.invitations import NewInvitation
from mainstay.modules.identity.service import invitations
from mainstay.modules.identity.service.invitations import Acceptance, Link
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.testing.clients import PersonFactory
from mainstay.work import ANONYMOUS, SYSTEM, Actor, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
# Everybody may see locks; what a connection waits for is shown to its own account alone.
WAITING = """
SELECT count(*) FROM pg_locks
WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""
MakeToken = Callable[[], Awaitable[str]]


async def accept(open_work: WorkOpener, token: str, email: str | None = "ada@engine.example") -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return await invitations.accept(uow, Acceptance(token, PASSWORD, "Ada", email))


async def events(uow: UnitOfWork) -> list[str]:
    return [row["name"] for row in await uow.read("SELECT name FROM mainstay_event ORDER BY position")]


@pytest.fixture
async def inviter(make_person: PersonFactory) -> Actor:
    """An owner who invites."""
    person = await make_person("owner")
    of_identity = ("identity.keys", "identity.manage", "identity.roles", "identity.stations")
    rights = frozenset({"door.let_in", "door.lock", "safe.open", *of_identity})
    return Actor("person", person.id, person.name, "owner", rights)


async def invite(open_work: WorkOpener, inviter: Actor, key: UUID | None = None, **changes: str) -> Link:
    values = {"role": "cashier", "name": "Grace", "email": "grace@navy.example", **changes}
    async with open_work(inviter) as uow:
        invited = NewInvitation(key or ids.new_id(), values["role"], values["name"], values["email"])
        return await invitations.invite(uow, invited)


def token_of(link: Link) -> str:
    return link.path.partition("#")[2]


# -- the first owner ---------------------------------------------------------------------------------------------------


async def test_the_link_makes_its_holder_the_owner_and_signs_them_in(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: MakeToken
) -> None:
    new = await accept(open_work, await owner_link())

    person = await uow.read_row("SELECT * FROM identity_person")
    assert person is not None
    assert (person["name"], person["email"], person["role"]) == ("Ada", "ada@engine.example", "owner")
    assert new.person.person_id == person["id"]
    assert await events(uow) == ["identity.owner_link_made", "identity.person_joined", "identity.signed_in"]


async def test_a_used_link_does_not_work_again(open_work: WorkOpener, owner_link: MakeToken) -> None:
    token = await owner_link()
    await accept(open_work, token)

    with pytest.raises(InvitationUnknown):
        await accept(open_work, token, "eve@engine.example")


async def test_a_new_start_makes_a_new_link_and_kills_the_old_one(open_work: WorkOpener, owner_link: MakeToken) -> None:
    old, new = await owner_link(), await owner_link()

    with pytest.raises(InvitationUnknown):
        await accept(open_work, old)
    assert (await accept(open_work, new)).person.role == "owner"


async def test_there_is_no_link_once_there_is_an_owner(open_work: WorkOpener, owner_link: MakeToken) -> None:
    await accept(open_work, await owner_link())

    async with open_work(SYSTEM) as uow:
        assert await invitations.make_owner_link(uow) is None
        assert await invitations.announce_owner_link(uow) is None


async def test_the_link_works_for_a_day(open_work: WorkOpener, uow: UnitOfWork, owner_link: MakeToken) -> None:
    token = await owner_link()
    await uow.write("UPDATE identity_invitation SET expires_at = expires_at - interval '23 hours 59 minutes'")
    await uow.commit()
    async with open_work(ANONYMOUS) as work:
        assert (await invitations.check(work, token))["role"] == "owner"

    await uow.write("UPDATE identity_invitation SET expires_at = expires_at - interval '1 minute'")
    await uow.commit()

    with pytest.raises(InvitationUnknown):
        await accept(open_work, token)


async def test_the_start_says_where_to_begin_with_the_path_at_the_end(open_work: WorkOpener) -> None:
    """The banner completes a path that ends the notice by the program's address."""
    async with open_work(SYSTEM) as uow:
        notice = await invitations.announce_owner_link(uow)

    assert notice is not None
    assert notice.rpartition(" ")[2].startswith("/setup#")
    assert f"{clock.now():%Y}" in notice


async def test_of_two_people_who_accept_the_same_link_at_once_one_becomes_the_owner(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        link = await invitations.make_owner_link(uow)
    assert link is not None

    found = await asyncio.gather(
        *(accept(committed, token_of(link), f"{number}@engine.example") for number in range(5)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in found) == ["InvitationUnknown"] * 4 + ["NewSession"]
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_person") == 1
        assert await uow.read_value("SELECT count(*) FROM identity_session") == 1


async def test_whoever_comes_second_waits_for_the_first_and_finds_the_link_used(committed: WorkOpener) -> None:
    """The race drawn out: the second has looked at the link before the first commits."""
    async with committed(SYSTEM) as uow:
        link = await invitations.make_owner_link(uow)
    assert link is not None
    first = committed.unit(ANONYMOUS)
    await invitations.accept(first, Acceptance(token_of(link), PASSWORD, "Ada", "ada@engine.example"))

    second = asyncio.create_task(accept(committed, token_of(link), "eve@engine.example"))
    async with committed(SYSTEM) as uow:
        while not second.done() and not await uow.read_value(WAITING):
            await asyncio.wait({second}, timeout=0.01)
    await first.commit()
    await first.close()

    with pytest.raises(InvitationUnknown):
        await second


async def test_programs_that_start_together_make_one_link_that_works(committed: WorkOpener) -> None:
    async def start() -> Link | None:
        async with committed(SYSTEM) as uow:
            return await invitations.make_owner_link(uow)

    links = [link for link in await asyncio.gather(*(start() for _ in range(5))) if link is not None]
    found = await asyncio.gather(
        *(accept(committed, token_of(link), f"{number}@x.example") for number, link in enumerate(links)),
        return_exceptions=True,
    )

    assert [type(each) for each in found].count(NewSession) == 1
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_person WHERE role = 'owner'") == 1


# -- accepting ---------------------------------------------------------------------------------------------------------


async def test_a_refused_password_leaves_the_link_working(open_work: WorkOpener, owner_link: MakeToken) -> None:
    token = await owner_link()
    async with open_work(ANONYMOUS) as uow:
        with pytest.raises(PasswordRefused):
            await invitations.accept(uow, Acceptance(token, "passwordpassword", "Ada", "ada@engine.example"))

    assert (await accept(open_work, token)).person.name == "Ada"


async def test_a_password_may_not_hold_the_name_that_is_given_with_it(
    open_work: WorkOpener, owner_link: MakeToken
) -> None:
    token = await owner_link()

    async with open_work(ANONYMOUS) as uow:
        with pytest.raises(PasswordRefused):
            await invitations.accept(uow, Acceptance(token, "lovelace forever!", "Ada Lovelace", "ada@engine.example"))


@pytest.mark.parametrize(
    ("name", "email", "missing"),
    [(None, "ada@engine.example", ["name"]), ("Ada", None, ["email"]), (None, None, ["name", "email"])],
)
async def test_an_owner_who_does_not_say_who_they_are_is_asked(
    open_work: WorkOpener, owner_link: MakeToken, name: str | None, email: str | None, missing: list[str]
) -> None:
    token = await owner_link()

    async with open_work(ANONYMOUS) as uow:
        with pytest.raises(DetailsMissing) as refusal:
            await invitations.accept(uow, Acceptance(token, PASSWORD, name, email))

    assert [problem.field for problem in refusal.value.errors] == missing


async def test_an_e_mail_belongs_to_one_person_whatever_its_case(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: MakeToken, make_person: PersonFactory
) -> None:
    token = await owner_link()
    person = await make_person("cashier")

    with pytest.raises(EmailTaken):
        await accept(open_work, token, person.email.upper())

    assert await uow.read_value("SELECT count(*) FROM identity_person") == 1


# -- inviting others ---------------------------------------------------------------------------------------------------


async def test_an_invited_person_joins_with_what_the_invitation_says(
    open_work: WorkOpener, uow: UnitOfWork, inviter: Actor
) -> None:
    """Name, e-mail and role are the inviter's words; what the invited person sends instead counts for nothing."""
    link = await invite(open_work, inviter)
    assert link.path.startswith("/join#")

    new = await accept(open_work, token_of(link), "eve@engine.example")

    assert (new.person.name, new.person.email, new.person.role) == ("Grace", "grace@navy.example", "cashier")
    joined = await uow.read_row("SELECT * FROM mainstay_event WHERE name = 'identity.person_joined'")
    assert joined is not None
    assert joined["payload"] == {
        "person_id": str(new.person.person_id),
        "invitation_id": str(link.id),
        "role": "cashier",
    }
    row = await uow.read_row("SELECT accepted_by, created_by FROM identity_invitation")
    assert row is not None
    assert (row["accepted_by"], row["created_by"]) == (new.person.person_id, inviter.id)


async def test_the_same_invitation_again_gives_a_new_link_and_the_old_one_dies(
    open_work: WorkOpener, uow: UnitOfWork, inviter: Actor
) -> None:
    first = await invite(open_work, inviter, UUID(int=1))
    second = await invite(open_work, inviter, UUID(int=1))

    assert first.id == second.id
    with pytest.raises(InvitationUnknown):
        await accept(open_work, token_of(first))
    assert (await accept(open_work, token_of(second))).person.name == "Grace"
    assert await uow.read_value("SELECT count(*) FROM identity_invitation") == 1


@pytest.mark.parametrize("change", [{"role": "owner"}, {"name": "Eve"}, {"email": "eve@engine.example"}])
async def test_an_id_does_not_serve_two_invitations(
    open_work: WorkOpener, inviter: Actor, change: dict[str, str]
) -> None:
    await invite(open_work, inviter, UUID(int=1))

    with pytest.raises(InvitationIdReused):
        await invite(open_work, inviter, UUID(int=1), **change)


async def test_the_id_of_an_accepted_invitation_is_used_up(open_work: WorkOpener, inviter: Actor) -> None:
    link = await invite(open_work, inviter, UUID(int=1))
    await accept(open_work, token_of(link))

    with pytest.raises(EmailTaken):
        await invite(open_work, inviter, UUID(int=1))
    with pytest.raises(InvitationIdReused):
        await invite(open_work, inviter, UUID(int=1), email="other@navy.example")


async def test_nobody_is_invited_who_is_here_already(
    open_work: WorkOpener, inviter: Actor, make_person: PersonFactory
) -> None:
    person = await make_person("cashier")

    with pytest.raises(EmailTaken):
        await invite(open_work, inviter, email=person.email.title())
