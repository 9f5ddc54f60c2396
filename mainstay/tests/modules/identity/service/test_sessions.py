"""Sessions: begun with a fresh token, recognised with one statement or none, ended for good; guessing is slowed."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from mainstay import crypto
from mainstay.bootstrap.program import Program
from mainstay.errors import NotSignedIn
from mainstay.modules.identity.service import invitations, sessions
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.service.sessions import NewSession, RecentSessions, SignedInPerson
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.settings import Configuration
from mainstay.setup import Setup
from mainstay.testing.clients import PersonFactory
from mainstay.work import ANONYMOUS, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
EMAIL = "ada@engine.example"
Link = Callable[[], Awaitable[str]]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]


async def become_owner(open_work: WorkOpener, token: str) -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return await invitations.accept(uow, Acceptance(token, PASSWORD, "Ada", EMAIL))


def with_settings(open_work: WorkOpener, program: Program, **changes: float) -> WorkOpener:
    """The same opener with other settings of identity."""
    settings = Configuration([program.configuration().of(IdentitySettings).model_copy(update=changes)])
    return WorkOpener(open_work.engine, program.subscriptions, setup=Setup(settings, program.roles))


# -- being recognised --------------------------------------------------------------------------------------------------


async def test_a_session_says_who_it_is_and_what_they_may_do(open_work: WorkOpener, owner_link: Link) -> None:
    new = await become_owner(open_work, await owner_link())

    async with open_work(ANONYMOUS) as uow:
        actor = await sessions.authenticate(uow, new.token)

    assert (actor.kind, actor.id, actor.name, actor.role) == ("person", new.person.person_id, "Ada", "owner")
    assert actor.session_id == new.person.session_id
    assert actor.permissions == {
        *("identity.manage", "identity.roles", "identity.keys", "identity.stations"),
        *("door.let_in", "door.lock", "safe.open"),
    }


async def test_a_token_that_nobody_gave_out_is_nobodys(open_work: WorkOpener) -> None:
    for token in ("", "x", crypto.new_token(), "💥" * 100):
        async with open_work(ANONYMOUS) as uow:
            with pytest.raises(NotSignedIn):
                await sessions.authenticate(uow, token)


async def test_the_database_holds_no_token(open_work: WorkOpener, uow: UnitOfWork, owner_link: Link) -> None:
    link = await owner_link()
    new = await become_owner(open_work, link)

    for table in ("identity_session", "identity_invitation", "identity_person", "mainstay_event"):
        whole = await uow.read_value(f"SELECT string_agg(rows::text, '') FROM {table} AS rows")
        assert new.token not in whole
        assert link not in whole
        assert PASSWORD not in whole


async def test_recognising_somebody_takes_one_statement_and_the_next_time_none(
    open_work: WorkOpener, owner_link: Link, statements: Statements
) -> None:
    """The hot path of every request: no transaction is begun and nothing else is asked."""
    token = (await become_owner(open_work, await owner_link())).token

    async with statements() as first, open_work(ANONYMOUS) as uow:
        await sessions.authenticate(uow, token)
    async with statements() as second, open_work(ANONYMOUS) as uow:
        await sessions.authenticate(uow, token)

    assert len(first) == 1
    assert second == []


async def test_a_session_is_looked_up_again_after_the_time_of_the_cache(
    open_work: WorkOpener, program: Program, owner_link: Link, statements: Statements
) -> None:
    token = (await become_owner(open_work, await owner_link())).token
    forgetful = with_settings(open_work, program, session_cache=0)

    for _ in range(2):
        async with statements() as seen, forgetful(ANONYMOUS) as uow:
            await sessions.authenticate(uow, token)
        assert len(seen) == 1


async def test_the_last_use_is_written_once_a_minute_and_not_at_every_request(
    open_work: WorkOpener, program: Program, uow: UnitOfWork, owner_link: Link
) -> None:
    token = (await become_owner(open_work, await owner_link())).token
    forgetful = with_settings(open_work, program, session_cache=0)

    async def use() -> object:
        async with forgetful(ANONYMOUS) as work:
            await sessions.authenticate(work, token)
        return await uow.read_value("SELECT last_seen_at FROM identity_session")

    fresh = await use()
    await uow.write("UPDATE identity_session SET last_seen_at = last_seen_at - interval '30 seconds'")
    assert fresh - await use() == timedelta(seconds=30)  # type: ignore[operator]  # moments
    await uow.write("UPDATE identity_session SET last_seen_at = last_seen_at - interval '31 seconds'")
    assert await use() > fresh  # type: ignore[operator]  # moments


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE identity_session SET last_seen_at = now() - interval '12 hours 1 second'",
        "UPDATE identity_session SET expires_at = now() - interval '1 second'",
        "UPDATE identity_person SET is_active = false WHERE name NOT LIKE 'Owner %'",
        "DELETE FROM identity_session",
    ],
    ids=["idle too long", "too old", "person not active", "ended elsewhere"],
)
async def test_a_session_that_is_over_is_nobodys(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link, make_person: PersonFactory, change: str
) -> None:
    token = (await become_owner(open_work, await owner_link())).token
    await make_person("owner")
    await uow.write(change)

    async with open_work(ANONYMOUS) as work:
        with pytest.raises(NotSignedIn):
            await sessions.authenticate(work, token)


async def test_a_session_ends_after_its_longest_time_even_when_it_is_used(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())

    assert await uow.read_value("SELECT expires_at - created_at FROM identity_session") == timedelta(days=7)


async def test_a_session_that_was_signed_out_is_over_at_once(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    token = (await become_owner(open_work, await owner_link())).token
    async with open_work(ANONYMOUS) as work:
        await sessions.authenticate(work, token)

    async with open_work(ANONYMOUS) as work:
        await sessions.sign_out(work, token)

    async with open_work(ANONYMOUS) as work:
        with pytest.raises(NotSignedIn):
            await sessions.authenticate(work, token)
    assert await uow.read_value("SELECT count(*) FROM identity_session") == 0


async def test_signing_out_twice_is_harmless_and_told_once(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    token = (await become_owner(open_work, await owner_link())).token

    for _ in range(2):
        async with open_work(ANONYMOUS) as work:
            await sessions.sign_out(work, token)

    assert await events(uow, "identity.signed_out") == 1


async def events(uow: UnitOfWork, name: str) -> object:
    return await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = $1", name)


# -- the memory of recent sessions -------------------------------------------------------------------------------------


@pytest.fixture
async def ada(open_work: WorkOpener, owner_link: Link) -> SignedInPerson:
    """Somebody who is signed in."""
    return (await become_owner(open_work, await owner_link())).person


def test_a_session_is_remembered_for_its_time_and_not_longer(ada: SignedInPerson) -> None:
    recent = RecentSessions()

    recent.put(b"long", ada, 60)
    recent.put(b"short", ada, 0.000001)
    recent.put(b"never", ada, 0)

    assert recent.find(b"long") is ada
    assert recent.find(b"short") is None
    assert recent.find(b"never") is None
    assert recent.find(b"other") is None


def test_a_dropped_session_is_forgotten(ada: SignedInPerson) -> None:
    recent = RecentSessions()
    recent.put(b"key", ada, 60)

    recent.drop(b"key")
    recent.drop(b"key")

    assert recent.find(b"key") is None


def test_the_memory_is_bounded_and_the_oldest_make_room(ada: SignedInPerson) -> None:
    recent = RecentSessions(size=3)

    for number in range(5):
        recent.put(b"%d" % number, ada, 60)

    assert [recent.find(b"%d" % number) is ada for number in range(5)] == [False, False, True, True, True]
