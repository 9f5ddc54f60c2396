"""Guessing is slowed in sliding windows on the database's clock, and no stranger keeps anybody out of their account."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.errors import TooManyAttempts, WrongCredentials
from mainstay.modules.identity.repository.attempts import Guess, begin_attempt
from mainstay.modules.identity.service import invitations, throttle
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.service.sign_in import Login, sign_in
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.settings import Configuration
from mainstay.setup import Setup
from mainstay.testing.database import as_owner
from mainstay.testing.frozen import FrozenClock
from mainstay.work import ANONYMOUS, UnitOfWork, WorkOpener

PASSWORD = "three quiet green trains"
EMAIL = "ada@engine.example"
ALLOWANCE = throttle.of_sign_ins(IdentitySettings())
ACCOUNT, DEVICE = b"account", b"device"
Link = Callable[[], Awaitable[str]]


async def move_back(uow: UnitOfWork, span: str) -> None:
    """Let `span` pass, for everything that was tried."""
    await uow.write(f"UPDATE identity_attempt SET attempted_at = attempted_at - interval '{span}'")
    await uow.commit()


async def guesses(open_work: WorkOpener, count: int, guess: Guess) -> list[int]:
    """Guess several times; return the wait after each, 0 for those that were allowed."""
    waits = []
    for _ in range(count):
        async with open_work(ANONYMOUS) as uow:
            waits.append((await begin_attempt(uow, guess, ALLOWANCE))[1])
    return waits


def pause(tried: int) -> str:
    """How long to wait so that the smaller windows let the next five through."""
    return "1 hour 1 second" if tried % 30 == 0 else "5 minutes 1 second" if tried % 10 == 0 else "61 seconds"


@pytest.mark.parametrize(
    ("allowed", "span", "least", "most"),
    [(10, "5 minutes", 61, 300), (30, "1 hour", 301, 3600), (60, "1 day", 3601, 86_400)],
)
async def test_each_window_has_its_number(
    open_work: WorkOpener, uow: UnitOfWork, allowed: int, span: str, least: int, most: int
) -> None:
    """Ten in five minutes, thirty an hour, sixty a day: as many as the smaller windows let through, then a wait."""
    guess = Guess(ACCOUNT, "192.0.2.1")
    assert await guesses(open_work, 5, guess) == [0] * 5
    for tried in range(5, allowed, 5):
        await move_back(uow, pause(tried))
        assert await guesses(open_work, 5, guess) == [0] * 5

    (wait,) = await guesses(open_work, 1, guess)

    assert least <= wait <= most
    await move_back(uow, span)
    assert await guesses(open_work, 1, guess) == [0]


async def test_the_window_slides_and_is_never_emptied_at_once(open_work: WorkOpener, uow: UnitOfWork) -> None:
    guess = Guess(ACCOUNT, "192.0.2.1")
    assert await guesses(open_work, 3, guess) == [0] * 3
    await move_back(uow, "40 seconds")
    assert await guesses(open_work, 2, guess) == [0] * 2

    await move_back(uow, "25 seconds")

    assert [wait > 0 for wait in await guesses(open_work, 4, guess)] == [False, False, False, True]


async def test_a_jump_of_the_programs_clock_resets_nothing(open_work: WorkOpener, clock: FrozenClock) -> None:
    guess = Guess(ACCOUNT, "192.0.2.1")
    await guesses(open_work, 5, guess)

    clock.move(timedelta(days=365))

    assert (await guesses(open_work, 1, guess))[0] > 0


async def test_a_known_device_has_an_allowance_of_its_own_and_no_more_than_others(open_work: WorkOpener) -> None:
    stranger, device = Guess(ACCOUNT, "192.0.2.1"), Guess(ACCOUNT, "192.0.2.1", DEVICE)
    assert [wait > 0 for wait in await guesses(open_work, 6, stranger)] == [False] * 5 + [True]

    assert [wait > 0 for wait in await guesses(open_work, 6, device)] == [False] * 5 + [True]

    assert (await guesses(open_work, 1, Guess(ACCOUNT, "192.0.2.1", b"another")))[0] == 0


async def test_what_a_known_device_tries_costs_strangers_nothing(open_work: WorkOpener) -> None:
    await guesses(open_work, 5, Guess(ACCOUNT, "192.0.2.1", DEVICE))

    assert await guesses(open_work, 5, Guess(ACCOUNT, "192.0.2.1")) == [0] * 5


async def test_an_address_and_all_strangers_together_have_a_limit_that_known_devices_do_not_have(
    open_work: WorkOpener, program: Program
) -> None:
    few = throttle.of_sign_ins(IdentitySettings(attempts_per_address=2, attempts_overall=3))

    async def wait(number: int, address: str, device: bytes | None = None) -> int:
        async with open_work(ANONYMOUS) as uow:
            return (await begin_attempt(uow, Guess(b"%d" % number, address, device), few))[1]

    assert [await wait(number, "192.0.2.1") > 0 for number in range(3)] == [False, False, True]
    assert [await wait(number, f"198.51.100.{number}") > 0 for number in range(2)] == [False, True]
    assert [await wait(number, "192.0.2.1", b"%d" % number) for number in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("seconds", "told"), [(1, "1 seconds"), (120, "120 seconds"), (121, "3 minutes"), (7201, "3 hours")]
)
def test_the_wait_is_told_in_words_that_fit(seconds: int, told: str) -> None:
    assert throttle._told(seconds) == told


# -- the guards taken away (practice 19) -------------------------------------------------------------------------------


async def become_owner(open_work: WorkOpener, token: str) -> NewSession:
    async with open_work(ANONYMOUS) as uow:
        return await invitations.accept(uow, Acceptance(token, PASSWORD, "Ada", EMAIL))


def cheap(open_work: WorkOpener, program: Program) -> WorkOpener:
    """The same opener with hashes that cost little."""
    settings = Configuration([IdentitySettings(hash_memory_kib=19_456, hash_passes=1)])
    return WorkOpener(open_work.engine, program.subscriptions, setup=Setup(settings, program.roles))


async def outcome(open_work: WorkOpener, password: str, device: bytes | None = None) -> str:
    async with open_work(ANONYMOUS) as uow:
        try:
            await sign_in(uow, Login(EMAIL, password, "192.0.2.1", device=device))
        except (WrongCredentials, TooManyAttempts) as refusal:
            return type(refusal).__name__
    return "in"


async def break_function(uow: UnitOfWork, guard: str, instead: str) -> None:
    """Replace `guard`, a part of the counting function, by something else; it must be there."""
    source: str = await uow.read_value("SELECT pg_get_functiondef('identity_begin_attempt'::regproc)")
    assert guard in source
    async with as_owner(uow):
        await uow.write(source.replace(guard, instead))
    await uow.commit()


async def test_without_the_limits_a_stranger_guesses_on(
    open_work: WorkOpener, program: Program, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    quick = cheap(open_work, program)
    assert [await outcome(quick, "wrong wrong wrong") for _ in range(6)][5] == "TooManyAttempts"
    assert await outcome(quick, PASSWORD) == "TooManyAttempts"

    await break_function(uow, "IF open_at IS NOT NULL THEN", "IF false THEN")

    assert [await outcome(quick, "wrong wrong wrong") for _ in range(20)] == ["WrongCredentials"] * 20
    assert await outcome(quick, PASSWORD) == "in"


async def test_without_the_devices_own_allowance_a_stranger_keeps_the_owner_out(
    open_work: WorkOpener, program: Program, uow: UnitOfWork, owner_link: Link
) -> None:
    await become_owner(open_work, await owner_link())
    quick = cheap(open_work, program)
    for _ in range(6):
        await outcome(quick, "wrong wrong wrong")
    assert await outcome(quick, PASSWORD, DEVICE) == "in"

    await break_function(uow, "IF device IS NOT NULL THEN", "IF false THEN")

    assert await outcome(quick, PASSWORD, DEVICE) == "TooManyAttempts"
