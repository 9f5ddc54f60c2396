"""Sessions that end, and a real Valkey."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kiosk import ended
from valkey_server import Valkey, valkey_in


@pytest.fixture
def end_session() -> Callable[[str], None]:
    """Ends the session of a token."""
    return ended.add


@pytest.fixture(scope="session")
def _valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey_in(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def valkey_url(_valkey: Valkey) -> str:
    """The address of a Valkey that is always there; make keys of your own."""
    return _valkey.url


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of this test's own, to be killed and frozen."""
    with valkey_in(tmp_path) as server:
        yield server
