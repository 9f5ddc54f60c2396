"""Signing in: one answer for every wrong try, a new token for every right one; guessing is slowed."""

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import bcrypt
import psycopg
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.pool import QueuePool

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.errors import NotSignedIn
from mainstay.modules.identity.errors import TooManyAttempts, WrongCredentials
from mainstay.modules.identity.service import invitations, sessions
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.service.passwords import Hasher
from mainstay.modules.identity.service.second_step import PendingStep
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.service.sign_in import Login, sign_in
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.settings import Configuration
from mainstay.setup import Setup
from mainstay.testing.clients import PersonFactory
from mainstay.testing.database import plain
from mainstay.work import ANONYMOUS, SYSTEM, UnitOfWork, WorkOpener

# Seen by the owner: what a connection is at is shown to its own account alone.
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""

PASSWORD = "three quiet green trains"
EMAIL = "ada@engine.example"
Link = Callable[[], Awaitable[str]]
Statements = Callable[[], AbstractAsyncContextManager[list[str]]]
# Limits that no test reaches.
PATIENT = {
    "attempts_per_account": 1000,
    "attempts_in_5_minutes": 1000,
    "attempts_an_hour": 1000,
    "attempts_a_day": 1000,
    "attempts_per_address": 1000,
    "attempts_overall": 1000,
}


async def become_owner(open_work: WorkOpener, token: str) -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return await invitations.accept(uow, Acceptance(token, PASSWORD, "Ada", EMAIL))


async def try_password(open_work: WorkOpener, password: str, email: str = EMAIL, address: str = "::1") -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return begun(await sign_in(uow, Login(email, password, address)))


def begun(result: NewSession | PendingStep) -> NewSession:
    """The session of somebody who has no second factor."""
    assert isinstance(result, NewSession)
    return result


def with_settings(open_work: WorkOpener, program: Program, **changes: float) -> WorkOpener:
    """The same opener with other settings of identity."""
    settings = Configuration([program.configuration().of(IdentitySettings).model_copy(update=changes)])
    return WorkOpener(open_work.engine, program.subscriptions, setup=Setup(settings, program.roles))


async def events(uow: UnitOfWork, name: str) -> object:
    return await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = $1", name)


# -- signing in --------------------------------------------------------------------------------------------------------


async def test_the_right_password_begins_a_session_with_a_token_never_seen_before(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    before = await become_owner(open_work, await owner_link())

    first, second = [await try_password(open_work, PASSWORD, " ADA@Engine.Example ") for _ in range(2)]

    assert len({before.token, first.token, second.token}) == 3
    assert first.person.name == "Ada"
    assert await events(uow, "identity.signed_in") == 3
    row = await uow.read_row("SELECT * FROM mainstay_event ORDER BY position DESC LIMIT 1")
    assert row is not None
    assert row["actor_id"] == first.person.person_id
    assert row["payload"] == {
        "person_id": str(first.person.person_id),
        "session_id": str(second.person.session_id),
    }


async def test_signing_in_ends_the_session_the_browser_had_before(open_work: WorkOpener, owner_link: Link) -> None:
    """Session fixation: a token that somebody planted in the browser is worth nothing after signing in."""
    old = await become_owner(open_work, await owner_link())

    async with open_work(ANONYMOUS) as work:
        new = begun(await sign_in(work, Login(EMAIL, PASSWORD, "::1", old_token=old.token)))

    async with open_work(ANONYMOUS) as work:
        assert (await sessions.authenticate(work, new.token)).session_id == new.person.session_id
        with pytest.raises(NotSignedIn):
            await sessions.authenticate(work, old.token)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "three quiet green train"), (EMAIL, PASSWORD.upper()), ("nobody@engine.example", PASSWORD)],
    ids=["wrong password", "other case", "unknown account"],
)
async def test_wrong_credentials_get_one_answer_and_no_session(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link, email: str, password: str
) -> None:
    await become_owner(open_work, await owner_link())

    with pytest.raises(WrongCredentials, match=r"^E-mail or password is wrong\.$"):
        await try_password(open_work, password, email)

    assert await uow.read_value("SELECT count(*) FROM identity_session") == 1


async def test_a_person_who_is_not_active_cannot_sign_in(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link, make_person: PersonFactory
) -> None:
    await become_owner(open_work, await owner_link())
    await make_person("owner")
    await uow.write("UPDATE identity_person SET is_active = false WHERE name NOT LIKE 'Owner %'")
    await uow.commit()

    with pytest.raises(WrongCredentials):
        await try_password(open_work, PASSWORD)


async def test_an_unknown_account_takes_as_long_as_a_known_one(
    open_work: WorkOpener, program: Program, owner_link: Link
) -> None:
    patient = with_settings(open_work, program, **PATIENT)
    await become_owner(open_work, await owner_link())

    async def seconds(email: str) -> float:
        began = clock.monotonic()
        with pytest.raises(WrongCredentials):
            await try_password(patient, "wrong wrong wrong", email)
        return clock.monotonic() - began

    await seconds("first@engine.example")
    pairs = [(await seconds(EMAIL), await seconds("nobody@engine.example")) for _ in range(7)]

    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert unknown > known / 2
    assert known > unknown / 2


async def test_an_unknown_account_costs_the_same_statements_and_the_same_hash_as_a_known_one(
    open_work: WorkOpener, owner_link: Link, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes time is counted; the times themselves are compared by `make timing`."""
    checked: list[str] = []
    verify = Argon2Hasher.verify

    def note(hashing: Argon2Hasher, password: str | bytes, stored: str | bytes) -> bool:
        checked.append(str(stored).rpartition("$")[0].rpartition("$")[0])
        return verify(hashing, password, stored)

    monkeypatch.setattr(Argon2Hasher, "verify", note)
    await become_owner(open_work, await owner_link())
    seen = []
    # The first asks once what the connection's types are.
    for email in (EMAIL, EMAIL, "nobody@engine.example"):
        async with statements() as asked:
            with pytest.raises(WrongCredentials):
                await try_password(open_work, "wrong wrong wrong", email)
        seen.append(asked)

    assert seen[1] == seen[2]
    assert checked == ["$argon2id$v=19$m=19456,t=1,p=1"] * 3


@pytest.mark.practice(23)
async def test_a_stored_hash_is_salted_slow_and_made_anew_when_the_settings_rise(
    open_work: WorkOpener, program: Program, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    risen = with_settings(open_work, program, hash_memory_kib=47_104, hash_passes=2)
    hashed = "SELECT password_hash FROM identity_person"
    assert (await uow.read_value(hashed)).startswith("$argon2id$v=19$m=19456,t=1,p=1$")

    await try_password(risen, PASSWORD)

    assert (await uow.read_value(hashed)).startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert await events(uow, "identity.password_rehashed") == 1
    await try_password(risen, PASSWORD)
    assert await events(uow, "identity.password_rehashed") == 1


# -- guessing ----------------------------------------------------------------------------------------------------------


async def test_the_sixth_wrong_sign_in_within_a_minute_waits_and_others_do_not(
    open_work: WorkOpener, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await try_password(open_work, "wrong wrong wrong", "victim@engine.example")

    with pytest.raises(TooManyAttempts) as refusal:
        await try_password(open_work, PASSWORD, "Victim@Engine.example")

    assert 1 <= int(refusal.value.headers["Retry-After"]) <= 60
    assert (await try_password(open_work, PASSWORD)).person.email == EMAIL


@pytest.mark.practice(23)
async def test_an_imported_bcrypt_hash_is_accepted_once_and_becomes_one_of_argon2id(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    imported = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    await uow.write("UPDATE identity_person SET password_hash = $1", imported)
    await uow.commit()

    with pytest.raises(WrongCredentials):
        await try_password(open_work, "wrong wrong wrong")
    assert await uow.read_value("SELECT password_hash FROM identity_person") == imported
    await try_password(open_work, PASSWORD)

    assert str(await uow.read_value("SELECT password_hash FROM identity_person")).startswith("$argon2id$")
    assert (await try_password(open_work, PASSWORD)).person.email == EMAIL


async def test_right_sign_ins_are_not_counted(open_work: WorkOpener, owner_link: Link) -> None:
    await become_owner(open_work, await owner_link())

    tokens = {(await try_password(open_work, PASSWORD)).token for _ in range(8)}

    assert len(tokens) == 8


async def test_the_wait_ends_a_minute_after_the_fifth_try_before(
    open_work: WorkOpener, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await try_password(open_work, "wrong wrong wrong")
    await uow.write("UPDATE identity_attempt SET attempted_at = attempted_at - interval '50 seconds'")
    await uow.commit()
    with pytest.raises(TooManyAttempts) as refusal:
        await try_password(open_work, PASSWORD)
    assert 1 <= int(refusal.value.headers["Retry-After"]) <= 10

    await uow.write("UPDATE identity_attempt SET attempted_at = attempted_at - interval '11 seconds'")
    await uow.commit()

    await try_password(open_work, PASSWORD)


async def test_one_address_cannot_try_many_accounts(open_work: WorkOpener, program: Program, owner_link: Link) -> None:
    await become_owner(open_work, await owner_link())
    strict = with_settings(open_work, program, attempts_per_address=3, hash_memory_kib=19_456, hash_passes=1)
    for number in range(3):
        with pytest.raises(WrongCredentials):
            await try_password(strict, "wrong wrong wrong", f"{number}@engine.example", "203.0.113.7")

    with pytest.raises(TooManyAttempts):
        await try_password(strict, "wrong wrong wrong", "more@engine.example", "203.0.113.7")

    assert (await try_password(strict, PASSWORD, address="203.0.113.8")).person.email == EMAIL


async def test_tries_at_the_same_moment_are_counted_too(committed: WorkOpener, program: Program) -> None:
    """Twenty at once: if they were counted after the check, all would get one."""
    cheap = with_settings(committed, program, hash_memory_kib=19_456, hash_passes=1)

    found = await asyncio.gather(*(try_password(cheap, "wrong wrong wrong") for _ in range(20)), return_exceptions=True)

    kinds = [type(each) for each in found]
    assert kinds.count(WrongCredentials) == 5
    assert kinds.count(TooManyAttempts) == 15


async def test_a_wrong_try_stays_counted_although_its_request_is_refused(committed: WorkOpener) -> None:
    with pytest.raises(WrongCredentials):
        await try_password(committed, "wrong wrong wrong")

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_attempt") == 1


def taken(open_work: WorkOpener) -> int:
    """How many connections are out of the pool."""
    assert isinstance(open_work.engine.pool, QueuePool)
    return open_work.engine.pool.checkedout()


async def test_no_connection_is_held_while_a_hash_is_computed(
    committed: WorkOpener, program: Program, fresh_database_url: str
) -> None:
    dear = with_settings(committed, program, hash_passes=8)
    trying = asyncio.create_task(try_password(dear, "wrong wrong wrong"))

    async with committed(SYSTEM) as uow:
        attempts = 0
        while attempts == 0 or taken(committed) > 1:
            assert not trying.done()
            attempts = await uow.read_value("SELECT count(*) FROM identity_attempt")
        with psycopg.connect(plain(fresh_database_url)) as owner:
            busy = owner.execute(BUSY).fetchone()

    assert not trying.done()
    assert busy == (0,)
    with pytest.raises(WrongCredentials):
        await trying


async def test_the_dummy_hash_costs_what_a_real_one_does() -> None:
    cheap = Hasher(IdentitySettings(hash_memory_kib=19_456, hash_passes=1))

    assert "m=19456,t=1,p=1" in cheap._nobodys
