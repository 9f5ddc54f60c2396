"""What the tests of contacts need."""

from typing import Any, Protocol

import pytest
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.client import Client


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


@pytest.fixture
async def in_france(owner: Client) -> None:
    """A business in France, whose phone numbers need no country code."""
    await created(owner, "/api/v1/shop", business_in(store_in()))


@pytest.fixture
def make_contact(owner: Client) -> ContactFactory:
    """Makes contacts through the front door."""

    async def make(name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        return await created(owner, "/api/v1/crm/contacts", {"id": str(ids.new_id()), "name": name} | fields)

    return make
