"""The fixtures for the program as a process: one that all tests share, and as many more as a test wants."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mainstay.bootstrap.program import Program
from mainstay.testing.process import ProgramProcess, make_folder

ProgramStarter = Callable[..., ProgramProcess]
# Reads the numbers of the program that is shared.
SCRAPERS_TOKEN = "the token of the tests' scraper"  # noqa: S105  # pragma: allowlist secret


def _started(stack: ExitStack, process: ProgramProcess) -> ProgramProcess:
    stack.callback(shutil.rmtree, process.folder, ignore_errors=True)
    stack.callback(process.stop)
    process.start()
    return process


@pytest.fixture(scope="session")
def _shared_processes() -> Iterator[Callable[[str], ProgramProcess]]:
    """One running program per package, started when the first test wants it."""
    running: dict[str, ProgramProcess] = {}
    with ExitStack() as stack:

        def of(package: str) -> ProgramProcess:
            if package not in running:
                token = {f"{package}_METRICS_TOKEN".upper(): SCRAPERS_TOKEN}
                running[package] = _started(stack, ProgramProcess(package, make_folder(), **token))
            return running[package]

        yield of


@pytest.fixture
def program_process(program: Program, _shared_processes: Callable[[str], ProgramProcess]) -> ProgramProcess:
    """The program as it is run, with its own database; shared, so do not kill it, and make names of your own."""
    return _shared_processes(program.name)


@pytest.fixture
def start_program(program: Program) -> Iterator[ProgramStarter]:
    """Starts the program for this test alone; takes further arguments of `serve`, and settings as keywords."""
    with ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> ProgramProcess:
            return _started(stack, ProgramProcess(program.name, make_folder(), *arguments, **environment))

        yield start


@pytest.fixture
def start_first(program: Program) -> Iterator[ProgramStarter]:
    """Starts the program as `start_program` does, and has it make its database: for tests that are about that."""
    with ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> ProgramProcess:
            process = ProgramProcess(program.name, make_folder(), *arguments, **environment)
            process.from_nothing = True
            return _started(stack, process)

        yield start
