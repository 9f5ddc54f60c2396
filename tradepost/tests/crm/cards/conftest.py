"""What the tests of cards share: the installed engines, loaded once."""

from pathlib import Path

import pytest

from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.engines.installed import installed_chain

PHOTOS = Path(__file__).parent / "photos"


@pytest.fixture(scope="session")
def chain() -> Chain:
    """The engines as a worker process has them."""
    return installed_chain()


@pytest.fixture(scope="session")
def russian_photo() -> bytes:
    """A photo of an invented Russian card, tilted on a table."""
    return (PHOTOS / "prichal.jpg").read_bytes()
