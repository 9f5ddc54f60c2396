"""What journeys through the running program share."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browsing import open_browser
from browsing.walk import Walked, prepare
from playwright.async_api import Browser
from shopfloor.busy import BusyShop, open_busy_shop
from unmeasured import unmeasured_below

from mainstay.bootstrap.program import Program
from mainstay.testing.process import ProgramProcess, make_folder

pytest_runtest_protocol = unmeasured_below(Path(__file__).parent)


@pytest.fixture
async def busy_shop(program_process: ProgramProcess) -> AsyncIterator[BusyShop]:
    """A running program with a store of this test's own."""
    async with open_busy_shop(program_process) as shop:
        yield shop


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser for all journeys of this process; each opens a window of its own."""
    async with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
async def walked(program: Program) -> AsyncIterator[Walked]:
    """A shop with the sample's products and something on every screen; only to be looked at."""
    folder = make_folder()
    # Its owner has signed in once, and is asked to confirm that by none of the tests, however late they come.
    process = ProgramProcess(program.name, folder, "--sample", TRADEPOST_IDENTITY_FACTOR_FRESH="86400")
    try:
        process.start()
        async with process.client() as owner:
            yield await prepare(owner, process)
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)
