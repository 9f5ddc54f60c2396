"""The fixtures: work that is undone, work that is kept, jobs that run now, and statements that are counted."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

import pytest
from asyncpg import UniqueViolationError
from sample.notes import Note, NoteWritten
from sqlalchemy.exc import InvalidRequestError

from mainstay.bootstrap.program import Program
from mainstay.settings import Configuration, CoreSettings
from mainstay.testing import fixtures
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ADD = "INSERT INTO sample_note (id, text) VALUES ($1, $2)"
COUNT = "SELECT count(*) FROM sample_note"


@pytest.mark.parametrize("number", range(2))
async def test_what_a_test_writes_is_gone_in_the_next(uow: UnitOfWork, open_work: WorkOpener, number: int) -> None:
    assert await uow.read_value(COUNT) == 0

    async with open_work(SYSTEM) as work:
        await work.write(ADD, uuid4(), "other")
    await uow.write(ADD, uuid4(), "own")

    assert await uow.read_value(COUNT) == 2


async def test_a_refused_statement_does_not_end_the_test(open_work: WorkOpener, uow: UnitOfWork) -> None:
    note = uuid4()
    work = open_work.unit(SYSTEM)
    with pytest.raises(UniqueViolationError):
        await work.write("INSERT INTO sample_note VALUES ($1, 'a'), ($1, 'b')", note)
    await work.close()

    assert await uow.read_value(COUNT) == 0


async def test_committed_work_is_kept_and_runs_side_by_side(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as first, committed(SYSTEM) as second:
        await first.write(ADD, uuid4(), "first")
        assert await second.read_value(COUNT) == 0

    async with committed(SYSTEM) as third:
        assert await third.read_value(COUNT) == 1


def test_settings_are_read_once_for_each_environment(
    request: pytest.FixtureRequest, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_of: Callable[[Program], Configuration] = request.getfixturevalue("_configurations")
    first = settings_of(program)
    assert settings_of(program) is first

    monkeypatch.setenv(f"{program.name.upper()}_PORT", "8123")
    assert settings_of(program).of(CoreSettings).port == 8123
    monkeypatch.undo()
    assert settings_of(program) is first


async def test_jobs_run_now_with_the_tests_own_work_and_are_undone_with_it(
    uow: UnitOfWork, run_jobs: Callable[[], Awaitable[int]]
) -> None:
    for text in ("one", "two"):
        uow.publish(NoteWritten(note_id=uuid4(), text=text))
    await uow.commit()

    assert await run_jobs() == 2

    assert await uow.read_value("SELECT array_agg(about ORDER BY position) FROM sample_effect") == ["one", "two"]
    assert await run_jobs() == 0


async def test_settling_writes_what_is_pending_and_forgets_what_was_loaded(
    uow: UnitOfWork, open_work: WorkOpener, settle: Callable[[], Awaitable[None]]
) -> None:
    """A page that needs what only the test has loaded would fail for real visitors: it must fail here."""
    session = await uow.session()
    note = Note(id=uuid4(), text="pending")
    session.add(note)
    uow.publish(NoteWritten(note_id=note.id, text="pending"))

    await settle()

    async with open_work(SYSTEM) as work:
        assert await work.read_value("SELECT text FROM sample_note") == "pending"
        assert await work.read_value("SELECT count(*) FROM mainstay_event") == 1
    with pytest.raises(InvalidRequestError):
        await session.refresh(note)
    assert await uow.read_value(COUNT) == 1


async def test_statements_are_counted_with_those_that_begin_and_end_work(
    open_work: WorkOpener, statements: Callable[[], AbstractAsyncContextManager[list[str]]]
) -> None:
    async with statements() as seen, open_work(SYSTEM) as work:
        await work.read(COUNT)
        await work.write(ADD, uuid4(), "x")
    async with statements() as none:
        pass

    assert [statement.partition(" ")[0] for statement in seen] == ["SELECT", "SAVEPOINT", "INSERT", "RELEASE"]
    assert none == []


def test_a_program_must_be_named(request: pytest.FixtureRequest) -> None:
    """Without a conftest that names the program, the sentence says what to do."""
    definition = fixtures.program

    with pytest.raises(pytest.UsageError, match=r"Define a session fixture `program`"):
        definition.__wrapped__()  # type: ignore[attr-defined]  # pytest keeps the function there
