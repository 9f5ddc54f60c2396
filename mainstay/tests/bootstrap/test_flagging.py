"""A process follows how flags are steered: from its start, told of changes, and after its connection was cut."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import psycopg
import pytest
import structlog
from lab.main import BELL, make_program
from openfeature import api as openfeature

from mainstay import clock
from mainstay.bootstrap import flagging
from mainstay.bootstrap.flagging import Follower, flags_followed, following
from mainstay.bootstrap.program import Program
from mainstay.db.address import libpq_url, of_login
from mainstay.errors import ServiceUnavailable
from mainstay.flags.experiment import Trial
from mainstay.flags.rules import Steering
from mainstay.flags.state import READ_ONLY
from mainstay.modules.flags.module import FLAGS
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

Known = tuple[Mapping[str, Steering], Mapping[str, Trial]]

PUT = "INSERT INTO flags_flag (key, rules, otherwise) VALUES ($1, '[]', 'true')"
TELL = "SELECT pg_notify('mainstay_flags', '')"
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'listens to mainstay_flags' AND datname = current_database()
"""


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return make_program()


async def switch(open_work: WorkOpener, key: str, *, is_told: bool) -> None:
    """Switch something on, as another process does."""
    async with open_work(SYSTEM) as uow:
        await uow.write(PUT, key)
        if is_told:
            await uow.write(TELL)


async def until(is_so: Callable[[], bool], seconds: float) -> float:
    """Return after how many seconds something is so."""
    began = clock.monotonic()
    while not is_so():
        assert clock.monotonic() - began < seconds, "it did not come"
        await asyncio.sleep(0.005)
    return clock.monotonic() - began


async def test_a_start_knows_and_a_change_is_known_at_once(
    program: Program, committed: WorkOpener, fresh_database_url: str
) -> None:
    await switch(committed, READ_ONLY.key, is_told=False)
    flags = committed.setup.flags
    assert flags.value(READ_ONLY) is False

    async with following(program, committed.setup.settings, fresh_database_url, committed):
        assert flags.is_read_only, "before the first request"
        await switch(committed, BELL.key, is_told=True)
        assert await until(lambda: flags.value(BELL) is True, 10) < 1
        client = openfeature.get_client(domain=program.name)
        assert client.get_boolean_value(BELL.key, default_value=False), "the standard client is given the same"


async def test_a_change_that_nobody_tells_of_is_found_all_the_same(
    program: Program, committed: WorkOpener, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flagging, "SLOW_LOOK", 0.05)
    flags = committed.setup.flags
    async with following(program, committed.setup.settings, fresh_database_url, committed):
        await switch(committed, BELL.key, is_told=False)
        assert await until(lambda: flags.value(BELL) is True, 10) < 10


async def test_where_word_gets_lost_the_process_looks_often_enough(
    program: Program, committed: WorkOpener, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler that gives each statement another connection."""
    assert FLAGS.steered is not None
    other = replace(FLAGS, steered=replace(FLAGS.steered, channel="elsewhere"))
    monkeypatch.setattr("mainstay.db.listening.PROOF_SECONDS", 0.0)
    flags = committed.setup.flags
    deaf = replace(program, modules=(other,))
    async with following(deaf, committed.setup.settings, fresh_database_url, committed):
        await switch(committed, BELL.key, is_told=True)
        assert await until(lambda: flags.value(BELL) is True, 10) < 1


async def test_a_connection_that_was_cut_is_made_anew_and_what_was_missed_is_read(
    program: Program, committed: WorkOpener, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = committed.setup.flags
    async with following(program, committed.setup.settings, fresh_database_url, committed):
        await asyncio.sleep(0)
        await asyncio.to_thread(_cut, fresh_database_url)
        await switch(committed, BELL.key, is_told=True)
        assert await until(lambda: flags.value(BELL) is True, 10) < 1, "while nobody listens it looks often"


def _cut(url: str) -> None:
    """Cut the connection as soon as somebody listens."""
    deadline = clock.monotonic() + 10
    with psycopg.connect(libpq_url(of_login(url)), autocommit=True) as connection:
        while not connection.execute(CUT.encode()).fetchall():
            assert clock.monotonic() < deadline, "nobody listens"


@pytest.mark.parametrize(
    ("failure", "level"),
    [
        (ServiceUnavailable("away"), "warning"),
        (ConnectionResetError("cut"), "warning"),
        (LookupError("no such table"), "error"),
    ],
)
async def test_what_cannot_be_read_leaves_the_flags_as_they_were(
    committed: WorkOpener, failure: Exception, level: str
) -> None:
    async def read(_uow: UnitOfWork) -> Known:
        raise failure

    committed.setup.flags.steer({}, {})
    assert FLAGS.steered is not None
    with structlog.testing.capture_logs() as lines:
        followed = flags_followed(replace(FLAGS.steered, read=read), committed.setup.flags)
        await Follower((followed,), committed).look()

    assert [(line["event"], line["log_level"]) for line in lines] == [("what is steered was not read", level)]
    assert not committed.setup.flags.is_read_only


async def test_a_program_that_steers_nothing_follows_nothing(program: Program, committed: WorkOpener) -> None:
    bare = replace(program, modules=tuple(each for each in program.modules if each.steered is None))

    async with following(bare, committed.setup.settings, "postgresql://nowhere.invalid/none", committed):
        assert not committed.setup.flags.is_read_only


async def test_an_end_in_the_moment_of_a_word_is_not_lost(committed: WorkOpener) -> None:
    """Else the process would wait for ever for what goes on looking."""
    follower = Follower((), committed)
    task = asyncio.create_task(follower.keep_looking())
    await asyncio.sleep(0.01)
    follower._wake.set()
    task.cancel()
    await asyncio.wait({task}, timeout=10)

    is_over = task.cancelled()
    task.cancel()
    assert is_over
