"""The end of all access: every session but the kept one dies at once, and none that is just beginning slips through."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mainstay.errors import NotSignedIn
from mainstay.modules.identity.errors import WrongCredentials
from mainstay.modules.identity.repository import people
from mainstay.modules.identity.service import invitations, sessions
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.service.sign_in import Login, sign_in
from mainstay.work import ANONYMOUS, SYSTEM, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
EMAIL = "ada@engine.example"
# Everybody may see locks; what a connection waits for is shown to its own account alone.
WAITING = """
SELECT count(*) FROM pg_locks
WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""
CHANGE = "UPDATE identity_person SET password_hash = 'other', password_changed_at = clock_timestamp()"
Link = Callable[[], Awaitable[str]]


async def become_owner(open_work: WorkOpener, token: str) -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return await invitations.accept(uow, Acceptance(token, PASSWORD, "Ada", EMAIL))


async def come_in(open_work: WorkOpener) -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        begun = await sign_in(uow, Login(EMAIL, PASSWORD, "::1"))
    assert isinstance(begun, NewSession)
    return begun


async def is_recognised(open_work: WorkOpener, session: NewSession) -> bool:
    async with open_work(ANONYMOUS) as uow:
        try:
            await sessions.authenticate(uow, session.token)
        except NotSignedIn:
            return False
    return True


async def test_every_session_but_the_kept_one_is_over_at_once_although_it_was_just_used(
    open_work: WorkOpener, owner_link: Link
) -> None:
    first = await become_owner(open_work, await owner_link())
    kept, other = await come_in(open_work), await come_in(open_work)
    assert [await is_recognised(open_work, one) for one in (first, kept, other)] == [True, True, True]

    async with open_work(SYSTEM) as uow:
        await end_all(uow, first.person.person_id, keep=kept.person.session_id)

    assert [await is_recognised(open_work, one) for one in (first, kept, other)] == [False, True, False]


async def test_without_one_to_keep_all_are_over_and_it_is_told_once(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    ada = await become_owner(open_work, await owner_link())

    async with open_work(SYSTEM) as work:
        await end_all(work, ada.person.person_id)

    assert not await is_recognised(open_work, ada)
    payloads = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'identity.access_ended'")
    assert [row["payload"] for row in payloads] == [{"person_id": str(ada.person.person_id)}]


async def test_other_people_stay_signed_in(open_work: WorkOpener, uow: UnitOfWork, owner_link: Link) -> None:
    ada = await become_owner(open_work, await owner_link())

    async with open_work(SYSTEM) as work:
        await end_all(work, ada.person.session_id)  # an id, and nobody's

    assert await is_recognised(open_work, ada)


async def test_a_sign_in_that_is_under_way_finds_the_password_changed(
    committed: WorkOpener, real_owner_link: Link
) -> None:
    """The race drawn out: the right password was read, then somebody changes it before the session begins."""
    ada = await become_owner(committed, await real_owner_link())
    change = committed.unit(SYSTEM)
    await change.write(CHANGE)
    await end_all(change, ada.person.person_id)

    late = asyncio.create_task(come_in(committed))
    async with committed(SYSTEM) as uow:
        while not late.done() and not await uow.read_value(WAITING):
            await asyncio.wait({late}, timeout=0.01)
    await change.commit()
    await change.close()

    with pytest.raises(WrongCredentials):
        await late
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_session") == 0


async def test_without_holding_the_person_a_late_sign_in_would_slip_through(
    committed: WorkOpener, real_owner_link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard taken away (practice 19): the same race leaves a session that the old password began."""

    async def hold_nobody(*_: object) -> bool:
        return True

    monkeypatch.setattr(people, "hold_person", hold_nobody)
    ada = await become_owner(committed, await real_owner_link())
    change = committed.unit(SYSTEM)
    await change.write(CHANGE)
    await end_all(change, ada.person.person_id)

    await come_in(committed)
    await change.commit()
    await change.close()

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_session") == 1
