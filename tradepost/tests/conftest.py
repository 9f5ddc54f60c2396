"""The program under test, and what every module's tests need: a shop, products, an open till and cards."""

import os
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from cards_read import ENGINES, MakeCards, SendPhoto, picture, reading
from shopfloor import ProductFactory, Till, TillFactory, product_factory, till_factory

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.hashes import cheap_hashes
from mainstay.work import SYSTEM, WorkOpener
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.repository.readings import Done
from tradepost.crm.service import card_reading
from tradepost.crm.service.card_reading import Read
from tradepost.main import make_program

# How long one example takes on a busy machine says nothing; what must be fast is measured by `make bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Before any program reads its settings; the processes that tests start take it over.
os.environ.update(cheap_hashes("tradepost"))

SignIn = Callable[[str], Awaitable[Client]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have journeys, which take longest, run first: in the end the processes share out short tests.

    Of them those first that look at one shop full of things, side by side, so that one process makes it for all.
    """
    items.sort(key=lambda item: (item.get_closest_marker("journey") is None, not _looks_at_the_walked(item)))


def _looks_at_the_walked(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "walked" in item.fixturenames


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


@pytest.fixture
def send_photo(owner: Client) -> SendPhoto:
    """Sends pictures through the front door, each another one."""
    numbers = count(1)

    async def send(*, batch_id: str | None = None, filename: str = "card.jpg") -> dict[str, Any]:
        params = {"id": str(ids.new_id()), "batch_id": batch_id or str(ids.new_id()), "filename": filename}
        content = picture((next(numbers), 100, 200))
        answer = await owner.post("/api/v1/crm/card-photos", params=params, content=content)
        assert answer.status_code == 201, answer.text
        photo: dict[str, Any] = answer.json()["photos"][0]
        return photo

    return send


@pytest.fixture
def make_cards(owner: Client, send_photo: SendPhoto, open_work: WorkOpener) -> MakeCards:
    """Makes drafts from readings."""

    async def make(*cards: CardReading, batch_id: str | None = None) -> list[dict[str, Any]]:
        photo = await send_photo(batch_id=batch_id)
        readings: Sequence[CardReading] = cards or (reading(),)
        done = Done(ENGINES, b"\xff\xd8 shown", 300, 200, clock.now())
        async with open_work(SYSTEM) as uow:
            await card_reading.keep(uow, UUID(photo["id"]), Read(list(readings), None, done))
        found = (await owner.get("/api/v1/crm/card-photos", params={"batch_id": photo["batch_id"]})).json()["items"]
        card_ids = next(one["card_ids"] for one in found if one["id"] == photo["id"])
        return [(await owner.get(f"/api/v1/crm/cards/{card_id}")).json() for card_id in card_ids]

    return make
