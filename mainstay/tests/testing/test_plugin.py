"""A run with the plugin: what tests leave behind fails them, and the run leaves nothing behind itself."""

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.testing import plugin
from mainstay.testing.process import make_folder

ROOT = Path(__file__).parents[3]
# The folders of other runs.
KILLED, BUSY = "mainstay-tests-left", "mainstay-tests-busy"

# The sample program with a route that asks for each row of a list by itself.
CONFTEST = """
from dataclasses import replace
from typing import Annotated
import pytest
from fastapi import APIRouter
from mainstay.module import Module
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from sample.main import make_program
from sample.notes import OPEN

router = APIRouter(prefix="/planted")

@router.get("/rows", operation_id="planted_rows")
async def rows(uow: Annotated[UnitOfWork, work(OPEN)], count: int) -> list[int]:
    return [await uow.read_value("SELECT $1::int", number) for number in range(count)]

@pytest.fixture(scope="session")
def program():
    sample = make_program()
    return replace(sample, modules=(*sample.modules, Module(name="planted", routers=(router,))))
"""

BAD_TESTS = """
import asyncio, socket, warnings

async def test_leaves_a_task():
    test_leaves_a_task.task = asyncio.create_task(asyncio.sleep(60))

async def test_leaves_a_connection(engine):
    test_leaves_a_connection.connection = await engine.connect()

def test_warns():
    warnings.warn("mind the step")

async def test_asks_for_each_of_many_rows(api):
    answer = await api.get("/api/v1/planted/rows?count=21")
    assert answer.json() == list(range(21))

def test_leaves_a_socket_open():
    socket.socket()

def test_goes_outside():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

async def test_is_fine_after_all_that(uow):
    assert await uow.read_value("SELECT 1") == 1
"""

GOOD_TESTS = """
import asyncio, uuid
import pytest
from mainstay.work import SYSTEM

ADD = "INSERT INTO sample_note (id, text) VALUES ($1, 'x')"
COUNT = "SELECT count(*) FROM sample_note"

@pytest.mark.parametrize("number", range(6))
async def test_everything_is_undone(uow, open_work, number):
    assert await uow.read_value(COUNT) == 0
    async with open_work(SYSTEM) as work:
        await work.write(ADD, uuid.uuid4())
    await uow.write(ADD, uuid.uuid4())
    assert await uow.read_value(COUNT) == 2

@pytest.mark.parametrize("number", range(2))
async def test_a_database_of_ones_own_keeps_what_is_committed(committed, number):
    async with committed(SYSTEM) as work:
        await work.write(ADD, uuid.uuid4())
    async with committed(SYSTEM) as work:
        assert await work.read_value(COUNT) == 1

async def test_asks_for_each_of_a_few_rows(api):
    assert (await api.get("/api/v1/planted/rows?count=20")).json() == list(range(20))

async def numbers(source=None):
    try:
        while True:
            yield await anext(source) if source else 1
    finally:
        await asyncio.sleep(0)

async def test_a_generator_that_is_left_half_way_is_closed_behind_it():
    assert await anext(numbers(numbers(numbers()))) == 1

def test_the_server_is_one_for_all(database_server, pytestconfig):
    print("SERVER", database_server)

def test_the_server_is_one_for_all_again(database_server):
    print("SERVER", database_server)
"""


def run(folder: Path, tests: str, *arguments: str) -> tuple[str, set[Path]]:
    """Run pytest on `tests` in `folder`; return what it prints and which folders it left in the temporary one."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_them.py").write_text(tests)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    # The server's account has to pass through.
    scratch.chmod(0o711)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-rA", *arguments, str(folder / "test_them.py")],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr, set(scratch.glob("mainstay-*"))


def test_the_garbage_collector_looks_at_what_tests_make_and_not_at_what_was_loaded() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000


def test_a_run_is_in_memory_where_there_is_room_and_nobody_says_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(plugin, "MEMORY", tmp_path)
    monkeypatch.setattr(plugin, "ROOM", 1)
    assert plugin.place_of_run() == tmp_path

    monkeypatch.setattr(plugin, "ROOM", 2**62)
    assert plugin.place_of_run() is None
    monkeypatch.setattr(plugin, "ROOM", 1)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert plugin.place_of_run() is None
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(plugin, "MEMORY", tmp_path / "none")
    assert plugin.place_of_run() is None


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, which a server's socket needs."""
    folder = make_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def bad_run() -> Iterator[tuple[str, set[Path]]]:
    """What a run of bad tests prints and leaves that comes after a run that was killed and beside one that goes on."""
    folder = make_folder()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name, pid in ((KILLED, dead.pid), (BUSY, os.getpid())):
        (folder / "scratch" / name).mkdir(parents=True)
        (folder / "scratch" / name / "controller").write_text(str(pid))
    yield run(folder, BAD_TESTS, "-n", "0")
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ERROR .*::test_leaves_a_task", r"left tasks running: \['<coroutine object sleep"),
        ("ERROR .*::test_leaves_a_connection", r"did not give back every database connection"),
        ("FAILED .*::test_warns", r"UserWarning: mind the step"),
        ("FAILED .*::test_leaves_a_socket_open", r"unclosed <socket"),
        ("FAILED .*::test_goes_outside", r"do not reach other machines"),
        ("ERROR .*::test_asks_for_each_of_many_rows", r"GET /api/v1/planted/rows ran 21 times: SELECT"),
        ("PASSED .*::test_is_fine_after_all_that", r"1 passed|passed"),
    ],
    ids=["task", "connection", "warning", "socket", "network", "rows", "nothing"],
)
def test_what_a_test_must_not_leave_or_do_fails_it(bad_run: tuple[str, set[Path]], line: str, reason: str) -> None:
    output, _ = bad_run

    assert re.search(line, output), output[-6000:]
    assert re.search(reason, output)


def test_a_failing_run_leaves_no_server_and_no_folder(bad_run: tuple[str, set[Path]]) -> None:
    _, left = bad_run

    assert {path.name for path in left} <= {KILLED, BUSY}


def test_a_killed_runs_folder_is_removed_by_the_next_and_that_of_a_run_that_goes_on_is_not(
    bad_run: tuple[str, set[Path]],
) -> None:
    _, left = bad_run

    assert {path.name for path in left} & {KILLED, BUSY} == {BUSY}


@pytest.mark.practice(107)
def test_workers_share_one_server_and_every_test_leaves_nothing_behind(folder: Path) -> None:
    output, left = run(folder, GOOD_TESTS, "-n", "2", "--dist", "each")

    assert re.search(r"24 passed", output), output[-6000:]
    assert len(set(re.findall(r"SERVER (\S+)", output))) == 1
    assert left == set()
