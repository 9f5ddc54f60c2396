"""The stores of answers that the same tests are run on: a process's memory, and a real Valkey that processes share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import isawaitable

import pytest
from valkey_server import valkey_in

from mainstay import ids
from mainstay.cache.memory import Memory
from mainstay.cache.shared import Shared
from mainstay.net.redis import RedisLink
from mainstay.observe.counters import Counters

# What is by design not alike: `test_memory.py` has how much the memory keeps and what goes first, `test_shared.py`
# what is too large to send, the time by the server's clock, and the rest after a refused write.


class Store:
    """One of them, asked alike: the memory answers at once, Valkey is waited for."""

    def __init__(self, inner: Memory | Shared) -> None:
        self._inner = inner

    async def get(self, key: str, version: str) -> bytes | None:
        found: bytes | Awaitable[bytes | None] | None = self._inner.get(key, version)
        return await found if isawaitable(found) else found

    async def put(self, key: str, version: str, packed: bytes, seconds: float) -> None:
        done: Awaitable[None] | None = self._inner.put(key, version, packed, seconds)
        if isawaitable(done):
            await done


@pytest.fixture(scope="module")
async def link(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RedisLink]:
    """The way to a Valkey of this file's."""
    with valkey_in(tmp_path_factory.mktemp("valkey")) as valkey:
        link = RedisLink(valkey.url, Counters(), patience=5)
        yield link
        await link.close()


@pytest.fixture(params=["memory", "valkey"])
def make_store(request: pytest.FixtureRequest) -> Callable[[], Store]:
    """Makes stores of each kind, that know nothing of one another."""
    if request.param == "memory":
        return lambda: Store(Memory(1_000_000))
    link: RedisLink = request.getfixturevalue("link")
    return lambda: Store(Shared(link, f"{ids.new_id()}:"))


@pytest.fixture
def store(make_store: Callable[[], Store]) -> Store:
    """One of each kind."""
    return make_store()
