"""The program under test, and what every module's tests need: a shop, products and an open till."""

import os
from collections.abc import Awaitable, Callable

import hypothesis
import pytest
from shopfloor import ProductFactory, Till, TillFactory, product_factory, till_factory

from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.hashes import cheap_hashes
from tradepost.main import make_program

# How long one example takes on a busy machine says nothing; what must be fast is measured by `make bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Before any program reads its settings; the processes that tests start take it over.
os.environ.update(cheap_hashes("tradepost"))

SignIn = Callable[[str], Awaitable[Client]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have journeys, which take longest, run first: in the end the processes share out short tests."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return make_program()


@pytest.fixture
def open_till(owner: Client) -> TillFactory:
    """Sets up a business with one store and opens a register there; keywords change the store."""
    return till_factory(owner)


@pytest.fixture
async def till(open_till: TillFactory) -> Till:
    """An open register."""
    return await open_till()


@pytest.fixture
def make_product(owner: Client, till: Till) -> ProductFactory:
    """Makes products, with stock in the till's store when given."""
    return product_factory(owner, till)
