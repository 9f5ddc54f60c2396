"""What journeys through the running program share."""

from collections.abc import AsyncIterator

import pytest
from shopfloor.busy import BusyShop, open_busy_shop

from mainstay.testing.process import ProgramProcess


@pytest.fixture
async def busy_shop(program_process: ProgramProcess) -> AsyncIterator[BusyShop]:
    """A running program with a store of this test's own."""
    async with open_busy_shop(program_process) as shop:
        yield shop
