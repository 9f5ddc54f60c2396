"""What journeys through the running program share."""

from collections.abc import AsyncIterator

import pytest
from browsing import open_browser
from playwright.async_api import Browser
from shopfloor.busy import BusyShop, open_busy_shop

from mainstay.testing.process import ProgramProcess


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
