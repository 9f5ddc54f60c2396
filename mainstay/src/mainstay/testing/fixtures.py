"""The fixtures: database, units of work, clients, jobs, time and ids; what a test writes through them is undone.

`program` comes from the distribution's own conftest; everything else follows from it.
"""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import Pool

from mainstay import clock as clocks
from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.observe.counters import Counters
from mainstay.resources import Resources
from mainstay.settings import Configuration
from mainstay.testing import database
from mainstay.testing.frozen import CountingIds, FrozenClock
from mainstay.testing.plugin import RUN_FOLDER
from mainstay.testing.server import server_url
from mainstay.testing.shared import SharedDatabase
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.inline import run_deferred

# Turns of the event loop that a task without anything to wait for has to end after its test.
TURNS = 20
# Where pytest says which test runs.
CURRENT_TEST = "PYTEST_CURRENT_TEST"


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test; the distribution's conftest overrides this."""
    raise pytest.UsageError("Define a session fixture `program` in your tests/conftest.py; it returns your Program.")


# -- database ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def database_server(pytestconfig: pytest.Config) -> str:
    """The address of the run's PostgreSQL server."""
    server = server_url(pytestconfig.stash[RUN_FOLDER])
    database.make_role(server)
    return server


@pytest.fixture(scope="session")
async def _shared_databases(database_server: str) -> AsyncIterator[Callable[[Program], SharedDatabase]]:
    """One migrated database and one connection per program, for all tests of this process."""
    present: dict[tuple[str, ...], SharedDatabase] = {}
    with ExitStack() as stack:

        def of(program: Program) -> SharedDatabase:
            if program.migrations not in present:
                source = database.template(database_server, program.migrations)
                url = stack.enter_context(database.clone(database_server, source))
                present[program.migrations] = SharedDatabase(url)
            return present[program.migrations]

        yield of
        for shared in present.values():
            await shared.close()


@pytest.fixture
def database_url(program: Program, _shared_databases: Callable[[Program], SharedDatabase]) -> str:
    """The address of this process's migrated database; what tests commit there by themselves stays for later tests."""
    return _shared_databases(program).url


@pytest.fixture
async def engine(
    program: Program, _shared_databases: Callable[[Program], SharedDatabase]
) -> AsyncIterator[AsyncEngine]:
    """An engine whose one connection is inside a transaction that is rolled back after the test."""
    async with _shared_databases(program).undone() as engine:
        yield engine


@pytest.fixture
def statements(
    program: Program, engine: AsyncEngine, _shared_databases: Callable[[Program], SharedDatabase]
) -> Callable[[], AbstractAsyncContextManager[list[str]]]:
    """For counting round trips: a context that yields a list and fills it with the statements inside its block.

    Savepoints stand for BEGIN and COMMIT, which they are outside of tests.
    """
    shared = _shared_databases(program)
    assert shared.engine is engine
    return shared.seen


@pytest.fixture
def fresh_database_url(program: Program, database_server: str) -> Iterator[str]:
    """A migrated database for this test alone, for tests that commit, use many connections or migrate."""
    with database.clone(database_server, database.template(database_server, program.migrations)) as url:
        yield url


@pytest.fixture
def empty_database_url(database_server: str) -> Iterator[str]:
    """A database without a single table, for this test alone."""
    with database.clone(database_server) as url:
        yield url


# -- work --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _configurations() -> Callable[[Program], Configuration]:
    """The settings of each program, read once for each environment: reading them takes longer than many a test."""
    present: dict[object, tuple[Program, Configuration]] = {}

    def of(program: Program) -> Configuration:
        environment = frozenset((name, value) for name, value in os.environ.items() if name != CURRENT_TEST)
        key = (id(program), environment)
        if key not in present:
            # The program is kept, so that no other one gets its id.
            present[key] = program, program.configuration()
        return present[key][1]

    return of


@pytest.fixture(scope="session")
async def _shared_resources(
    _configurations: Callable[[Program], Configuration],
) -> AsyncIterator[Callable[[Program], Resources]]:
    """What each program keeps open, for all tests of this process: opening it may take long."""
    present: dict[int, tuple[Program, Resources]] = {}

    def of(program: Program) -> Resources:
        if id(program) not in present:
            present[id(program)] = program, program.open_resources(_configurations(program), Counters())
        return present[id(program)][1]

    yield of
    for _, resources in present.values():
        await resources.close()


@pytest.fixture
def open_work(
    program: Program,
    engine: AsyncEngine,
    _configurations: Callable[[Program], Configuration],
    _shared_resources: Callable[[Program], Resources],
) -> WorkOpener:
    """Opens units of work inside the test's transaction, one after the other, never side by side."""
    return program.opener(engine, _configurations(program), _shared_resources(program))


@pytest.fixture
async def uow(open_work: WorkOpener) -> AsyncIterator[UnitOfWork]:
    """The system's unit of work inside the test's transaction; the clients see what it wrote."""
    work = open_work.unit(SYSTEM)
    yield work
    await work.close()


@pytest.fixture
async def committed(
    program: Program, fresh_database_url: str, _shared_resources: Callable[[Program], Resources]
) -> AsyncIterator[WorkOpener]:
    """Opens units of work that really commit, side by side, on a database of this test's own."""
    configuration = program.configuration()
    engine = create_engine(configuration.of(DatabaseSettings), fresh_database_url, name="mainstay-tests")
    yield program.opener(engine, configuration, _shared_resources(program))
    await engine.dispose()


@pytest.fixture
def run_jobs(program: Program, open_work: WorkOpener) -> Callable[[], Awaitable[int]]:
    """Runs the jobs that were deferred up to now, and those that they defer, and returns how many ran."""

    async def run_jobs() -> int:
        return await run_deferred(program, open_work)

    return run_jobs


@pytest.fixture
def settle(uow: UnitOfWork) -> Callable[[], Awaitable[None]]:
    """Ends what the test did through `uow` and forgets its ORM objects, so that nothing is loaded lazily later."""

    async def settle() -> None:
        await uow.commit()
        await uow.close()

    return settle


# -- time and ids ------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """The program's clock, standing still until it is moved; the database's clock runs on."""
    frozen = FrozenClock()
    with clocks.use_clock(frozen):
        yield frozen


@pytest.fixture
def frozen_time(clock: FrozenClock) -> FrozenClock:
    """`clock` by another name."""
    return clock


@pytest.fixture
def fixed_ids() -> Iterator[CountingIds]:
    """Identifiers that count from one."""
    counting = CountingIds()
    with ids.use_ids(counting):
        yield counting


# -- nothing is left behind --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture(scope="session")
def _taken_connections() -> Iterator[list[int]]:
    """The connections that are out of their pools at the moment, whichever engine they belong to."""
    taken: list[int] = []

    def take(_connection: object, record: object, _proxy: object) -> None:
        taken.append(id(record))

    def give_back(_connection: object, record: object) -> None:
        # One whose opening was broken off comes back without having been taken.
        if id(record) in taken:
            taken.remove(id(record))

    event.listen(Pool, "checkout", take)
    event.listen(Pool, "checkin", give_back)
    yield taken
    event.remove(Pool, "checkout", take)
    event.remove(Pool, "checkin", give_back)


@pytest.fixture(autouse=True)
def _nothing_is_left(request: pytest.FixtureRequest, _taken_connections: list[int]) -> Iterator[None]:
    """Fail a test that leaves a running task or a connection that was not given back."""
    if not inspect.iscoroutinefunction(getattr(request.node, "obj", None)):
        yield
        return
    loop: asyncio.AbstractEventLoop = request.getfixturevalue("_loop")
    tasks, connections = asyncio.all_tasks(loop), len(_taken_connections)
    yield
    left = loop.run_until_complete(_end(tasks))
    assert not left, f"The test left tasks running: {left}"
    assert len(_taken_connections) == connections, "The test did not give back every database connection."


async def _end(known: set[asyncio.Task[object]]) -> list[str]:
    """Cancel the tasks that are not `known` and return their names; those that are about to end are let go.

    A generator that was left half way is closed by a task of the loop's own, one more for each that it reads from.
    """
    await asyncio.sleep(0)
    for _ in range(TURNS):
        if not asyncio.all_tasks() - known - {asyncio.current_task()}:
            break
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - known - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return [str(task.get_coro()) for task in left]
