"""A UnitOfWork is one transaction: begun late, committed at the edge, undone by errors, and its connection returned."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from uuid import UUID, uuid4

import pytest
from asyncpg import UniqueViolationError
from sample.notes import Note, NoteWritten
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from mainstay import context
from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.messages.audit import Entry
from mainstay.permission import Permission
from mainstay.testing.database import as_owner
from mainstay.work import ANONYMOUS, SYSTEM, Actor, CommitFailed, UnitOfWork, WorkOpener

ADD = "INSERT INTO sample_note (id, text) VALUES ($1, $2)"
COUNT = "SELECT count(*) FROM sample_note"
EVENTS = "SELECT count(*) FROM mainstay_event"
JOBS = "SELECT count(*) FROM procrastinate_jobs"


async def ask(open_work: WorkOpener, sql: str, *args: object) -> object:
    """Ask in a unit of work of its own: sees what is committed and nothing else."""
    async with open_work(SYSTEM) as uow:
        return await uow.read_value(sql, *args)


def fail() -> None:
    """End a block as a bug in it would."""
    raise ZeroDivisionError


@asynccontextmanager
async def ending_in(error: type[Exception], open_work: WorkOpener) -> AsyncIterator[UnitOfWork]:
    """A unit of work whose block ends in `error`."""
    with pytest.raises(error):
        async with open_work(SYSTEM) as uow:
            yield uow


@pytest.fixture
async def one_connection(program: Program, fresh_database_url: str) -> AsyncIterator[WorkOpener]:
    """Opens units of work on a pool of a single connection, which waits for a tenth of a second."""
    settings = DatabaseSettings(pool_size=1, pool_overflow=0, pool_wait=0.1)
    engine = create_engine(settings, fresh_database_url)
    yield WorkOpener(engine, program.subscriptions, idle_check=0)
    await engine.dispose()


# -- commit and rollback -----------------------------------------------------------------------------------------------


async def test_what_was_written_is_committed_when_the_block_ends_well(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        await uow.write(ADD, uuid4(), "kept")
        assert await ask(committed, COUNT) == 0

    assert await ask(committed, COUNT) == 1


async def test_an_error_undoes_rows_events_and_jobs_together(committed: WorkOpener) -> None:
    async with ending_in(ZeroDivisionError, committed) as uow:
        await uow.write(ADD, uuid4(), "gone")
        uow.publish(NoteWritten(note_id=uuid4(), text="gone"))
        fail()

    assert [await ask(committed, sql) for sql in (COUNT, EVENTS, JOBS)] == [0, 0, 0]


async def test_a_refused_statement_undoes_what_came_before_it(committed: WorkOpener) -> None:
    note = uuid4()
    async with ending_in(UniqueViolationError, committed) as uow:
        await uow.write(ADD, note, "first")
        await uow.write(ADD, note, "second")

    assert await ask(committed, COUNT) == 0


async def test_a_cancelled_task_undoes_its_work_and_gives_the_connection_back(one_connection: WorkOpener) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with one_connection(SYSTEM) as uow:
            await uow.write(ADD, uuid4(), "gone")
            written.set()
            await uow.write("SELECT pg_sleep(60)")

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await ask(one_connection, COUNT) == 0
    assert one_connection.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool's


async def test_a_deferred_constraint_that_refuses_the_commit_leaves_no_row_and_no_event(
    committed: WorkOpener,
) -> None:
    async with committed(SYSTEM) as uow, as_owner(uow):
        await uow.write("CREATE TABLE sample_tag (note uuid REFERENCES sample_note DEFERRABLE INITIALLY DEFERRED)")
        await uow.write("GRANT SELECT, INSERT ON sample_tag TO PUBLIC")

    async with ending_in(CommitFailed, committed) as uow:
        await uow.write("INSERT INTO sample_tag VALUES ($1)", uuid4())
        uow.publish(NoteWritten(note_id=uuid4(), text="never"))

    assert await ask(committed, "SELECT count(*) FROM sample_tag") == 0
    assert await ask(committed, EVENTS) == 0


async def test_a_unit_of_work_may_commit_more_than_once(committed: WorkOpener) -> None:
    uow = committed.unit(SYSTEM)
    for count in (1, 2):
        await uow.write(ADD, uuid4(), "kept")
        await uow.commit()
        assert await ask(committed, COUNT) == count
    await uow.close()


# -- the transaction begins late ---------------------------------------------------------------------------------------


async def test_work_that_does_nothing_takes_no_connection(one_connection: WorkOpener) -> None:
    async with one_connection(SYSTEM), one_connection(SYSTEM), one_connection(SYSTEM) as uow:
        assert uow.actor is SYSTEM


async def test_reading_begins_no_transaction(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        first = await uow.read_value("SELECT txid_current()")
        assert await uow.read_value("SELECT txid_current()") != first
        await uow.write("SELECT 1")
        inside = await uow.read_value("SELECT txid_current()")
        assert await uow.read_value("SELECT txid_current()") == inside


async def test_what_was_read_before_the_first_write_stays_readable_and_the_write_is_undone(
    committed: WorkOpener,
) -> None:
    """The driver begins lazily: what runs before its transaction would not be rolled back."""
    async with ending_in(ZeroDivisionError, committed) as uow:
        await uow.read(COUNT)
        await uow.write(ADD, uuid4(), "gone")
        fail()

    assert await ask(committed, COUNT) == 0


async def test_rows_come_as_a_list_as_the_first_or_as_a_value(uow: UnitOfWork) -> None:
    await uow.write(ADD, UUID(int=1), "one")
    added = await uow.write_row(f"{ADD} RETURNING text", UUID(int=2), "two")
    texts = "SELECT text FROM sample_note WHERE text >= $1 ORDER BY text"

    assert added is not None
    assert added["text"] == "two"
    assert [row["text"] for row in await uow.read(texts, "a")] == ["one", "two"]
    assert (await uow.read_row(texts, "p") or {})["text"] == "two"
    assert await uow.read_row(texts, "z") is None
    assert await uow.read_value(texts, "z") is None
    assert await uow.write_row("UPDATE sample_note SET text = 'x' WHERE text = 'z' RETURNING id") is None


# -- the ORM session ---------------------------------------------------------------------------------------------------


async def test_the_orm_session_and_plain_sql_share_one_transaction(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        await uow.write(ADD, UUID(int=1), "plain")
        session = await uow.session()
        session.add(Note(id=UUID(int=2), text="mapped"))
        assert await session.scalar(select(Note.text).where(Note.id == UUID(int=1))) == "plain"
        assert await uow.session() is session

    assert await ask(committed, "SELECT array_agg(text ORDER BY id) FROM sample_note") == ["plain", "mapped"]


async def test_orm_objects_that_were_added_are_undone_by_an_error(committed: WorkOpener) -> None:
    async with ending_in(ZeroDivisionError, committed) as uow:
        session = await uow.session()
        session.add(Note(text="gone"))
        await session.flush()
        fail()

    assert await ask(committed, COUNT) == 0


async def test_a_failing_flush_at_commit_undoes_everything(committed: WorkOpener) -> None:
    async with ending_in(IntegrityError, committed) as uow:
        await uow.write(ADD, uuid4(), "gone")
        (await uow.session()).add(Note(text=None))

    assert await ask(committed, COUNT) == 0


async def test_orm_objects_belong_to_nobody_when_the_work_has_ended(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        session = await uow.session()
        note = Note(text="kept")
        session.add(note)

    with pytest.raises(InvalidRequestError):
        await session.refresh(note)


# -- events and jobs ---------------------------------------------------------------------------------------------------


async def test_events_and_their_jobs_are_written_with_the_commit(committed: WorkOpener) -> None:
    actor = Actor("person", id=UUID(int=7))
    token = context.request_id.set("request-1")
    async with committed(actor) as uow:
        uow.publish(NoteWritten(note_id=UUID(int=1), text="one"))
        uow.publish(NoteWritten(note_id=UUID(int=2), text="two"))
        assert await ask(committed, EVENTS) == 0
    context.request_id.reset(token)

    async with committed(SYSTEM) as uow:
        rows = await uow.read("SELECT name, payload, actor_id, request_id FROM mainstay_event ORDER BY position")
        assert [row["payload"]["text"] for row in rows] == ["one", "two"]
        assert {(row["name"], row["actor_id"], row["request_id"]) for row in rows} == {
            ("sample.note_written", UUID(int=7), "request-1")
        }
        assert await uow.read_value(JOBS) == 2


async def test_events_are_published_once_even_when_work_commits_twice(committed: WorkOpener) -> None:
    uow = committed.unit(SYSTEM)
    uow.publish(NoteWritten(note_id=uuid4(), text="one"))
    await uow.commit()
    await uow.commit()
    await uow.close()

    assert await ask(committed, EVENTS) == 1


async def test_the_latest_positions_are_those_of_the_newest_events_with_one_of_the_names(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        assert await uow.latest_positions("sample.note_written") == []
        for text in ("one", "two"):
            uow.publish(NoteWritten(note_id=uuid4(), text=text))
    async with open_work(SYSTEM) as uow:
        newest = await uow.read_value("SELECT max(position) FROM mainstay_event")
        assert await uow.latest_positions("sample.other", "sample.note_written") == [newest, newest - 1]
        assert await uow.latest_positions("sample.other") == []


# -- statements with rules of their own --------------------------------------------------------------------------------


async def test_a_statement_that_runs_alone_is_committed_at_once_with_its_events(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        envelope = uow.envelope(NoteWritten(note_id=uuid4(), text="alone"))
        row = await uow.run_alone(
            "WITH added AS (INSERT INTO sample_note VALUES ($1, 'alone') RETURNING id) "
            "SELECT id, mainstay_publish($2::jsonb) AS position FROM added",
            UUID(int=1),
            envelope,
        )
        assert row is not None
        assert row["id"] == UUID(int=1)
        assert [await ask(committed, sql) for sql in (COUNT, EVENTS, JOBS)] == [1, 1, 1]
        assert await uow.read_value(COUNT) == 1


async def test_a_statement_that_runs_alone_is_undone_with_the_test_it_runs_in(
    open_work: WorkOpener, statements: Callable[[], AbstractAsyncContextManager[list[str]]]
) -> None:
    """Under a test's transaction it is a savepoint; outside it is a single round trip."""
    async with statements() as seen, open_work(SYSTEM) as uow:
        await uow.run_alone(ADD, uuid4(), "alone")

    assert [statement.partition(" ")[0] for statement in seen] == ["SAVEPOINT", "INSERT", "RELEASE"]
    assert await ask(open_work, COUNT) == 1


async def test_nothing_is_written_after_a_statement_that_ran_alone(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        await uow.run_alone(ADD, uuid4(), "alone")
        with pytest.raises(RuntimeError, match=r"alone"):
            await uow.write(ADD, uuid4(), "more")
        with pytest.raises(RuntimeError, match=r"only write"):
            await uow.run_alone(ADD, uuid4(), "more")

    assert await ask(committed, COUNT) == 1


async def test_a_statement_does_not_run_alone_beside_other_writes_or_events(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        await uow.write(ADD, uuid4(), "first")
        with pytest.raises(RuntimeError, match=r"only write"):
            await uow.run_alone(ADD, uuid4(), "second")
    async with committed(SYSTEM) as uow:
        uow.publish(NoteWritten(note_id=uuid4(), text="first"))
        with pytest.raises(RuntimeError, match=r"only write"):
            await uow.run_alone(ADD, uuid4(), "second")

    assert await ask(committed, COUNT) == 1


async def test_a_refused_statement_that_ran_alone_leaves_nothing(committed: WorkOpener) -> None:
    note = uuid4()
    async with ending_in(UniqueViolationError, committed) as uow:
        await uow.run_alone("INSERT INTO sample_note VALUES ($1, 'a'), ($1, 'b')", note)

    assert await ask(committed, COUNT) == 0


async def test_a_statement_written_apart_stays_when_the_work_is_undone(committed: WorkOpener) -> None:
    async with ending_in(ZeroDivisionError, committed) as uow:
        await uow.write_apart(ADD, uuid4(), "stays")
        await uow.write(ADD, uuid4(), "gone")
        fail()

    assert await ask(committed, "SELECT array_agg(text) FROM sample_note") == ["stays"]


async def test_nothing_is_written_apart_once_the_transaction_has_begun(uow: UnitOfWork) -> None:
    await uow.write(ADD, uuid4(), "first")

    with pytest.raises(RuntimeError, match=r"before the transaction"):
        await uow.write_apart(ADD, uuid4(), "apart")


async def test_a_part_that_fails_leaves_nothing_behind_and_the_rest_is_committed(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        for text in ("one", "two", "three"):
            with suppress(ZeroDivisionError):
                async with uow.part():
                    await uow.write(ADD, uuid4(), text)
                    uow.publish(NoteWritten(note_id=uuid4(), text=text))
                    uow.record(Entry("sample.noted", "sample.note", text))
                    if text == "two":
                        fail()

    assert await ask(committed, "SELECT array_agg(text ORDER BY text) FROM sample_note") == ["one", "three"]
    assert await ask(committed, EVENTS) == 2
    assert await ask(committed, "SELECT array_agg(object_id ORDER BY position) FROM audit_entry") == ["one", "three"]


async def test_a_released_connection_serves_others_until_the_next_statement(one_connection: WorkOpener) -> None:
    async with one_connection(SYSTEM) as uow:
        await uow.read(COUNT)
        await uow.release()
        assert await ask(one_connection, COUNT) == 0
        await uow.write(ADD, uuid4(), "kept")
        with pytest.raises(RuntimeError, match=r"before the transaction"):
            await uow.release()

    assert await ask(one_connection, COUNT) == 1


async def test_work_beside_is_the_same_actors_and_commits_by_itself(committed: WorkOpener) -> None:
    actor = Actor("person", id=UUID(int=7))
    async with ending_in(ZeroDivisionError, committed) as uow:
        uow.actor = actor
        await uow.write(ADD, uuid4(), "gone")
        async with uow.beside() as apart:
            assert apart.actor is actor
            await apart.write(ADD, uuid4(), "seen")
        assert await ask(committed, "SELECT array_agg(text) FROM sample_note") == ["seen"]
        fail()

    assert await ask(committed, "SELECT array_agg(text) FROM sample_note") == ["seen"]


async def test_a_unit_of_work_can_be_used_again_after_it_was_closed(committed: WorkOpener) -> None:
    uow = committed.unit(SYSTEM)
    for number in range(2):
        (await uow.session()).add(Note(id=UUID(int=number), text="kept"))
        await uow.commit()
        await uow.close()

    assert await ask(committed, COUNT) == 2


# -- the actor ---------------------------------------------------------------------------------------------------------


def test_a_person_may_what_they_hold_the_system_everything_and_nobody_nothing() -> None:
    sell = Permission("pos.sell", "Sell")
    person = Actor("person", id=uuid4(), permissions=frozenset({sell.name}))

    assert person.may("pos.sell")
    assert not person.may("pos.manage")
    assert SYSTEM.may("pos.manage")
    assert not ANONYMOUS.may("pos.sell")


async def test_a_unit_of_work_knows_the_programs_settings_and_roles(program: Program, uow: UnitOfWork) -> None:
    assert uow.setup.roles is program.roles
    assert uow.setup.settings.of(DatabaseSettings).pool_size == 10
