"""A wire to a server that says everything back: what is held up, swallowed and cut is seen from the near end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from mainstay.testing.wire import Wire

LONG = 10.0
# Long enough for an answer on this machine, were there one.
SHORT = 0.2


@pytest.fixture
async def far() -> AsyncIterator[int]:
    """The port of a server that says back what it hears."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(100):
            writer.write(chunk)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def wire(far: int) -> Iterator[Wire]:
    """A wire to the server."""
    with Wire(lambda: asyncio.open_connection("127.0.0.1", far)) as wire:
        yield wire


class Caller:
    """One who calls through the wire and hears what comes back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def through(cls, wire: Wire, seconds: float = LONG) -> "Caller":
        return cls(*await asyncio.wait_for(asyncio.open_connection("127.0.0.1", wire.port), seconds))

    def say(self, text: bytes) -> None:
        self._writer.write(text)

    async def hears(self, text: bytes) -> bool:
        return await asyncio.wait_for(self._reader.readexactly(len(text)), LONG) == text

    async def hears_nothing(self) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self._reader.readexactly(1), SHORT)

    def leave(self) -> None:
        self._writer.transport.abort()


async def test_what_is_held_up_comes_when_it_is_mended(wire: Wire) -> None:
    caller = await Caller.through(wire)
    caller.say(b"one")
    assert await caller.hears(b"one")

    wire.hold()
    caller.say(b"two")
    await caller.hears_nothing()
    newcomer = await Caller.through(wire)
    newcomer.say(b"three")
    await newcomer.hears_nothing()

    wire.mend()
    assert await caller.hears(b"two")
    assert await newcomer.hears(b"three")
    caller.leave()
    newcomer.leave()


async def test_what_is_swallowed_is_acknowledged_by_nobody_and_lost_for_ever(wire: Wire) -> None:
    caller = await Caller.through(wire)
    caller.say(b"one")
    assert await caller.hears(b"one")
    caller._writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 300)

    wire.swallow()
    with pytest.raises(TimeoutError):
        await Caller.through(wire, SHORT)
    wire.mend()

    newcomer = await Caller.through(wire)
    newcomer.say(b"well")
    assert await newcomer.hears(b"well")
    caller.say(b"lost")
    # The caller's own system gives up, which it does of what nobody acknowledges alone.
    with pytest.raises(TimeoutError, match="timed out"):
        await asyncio.wait_for(caller._reader.readexactly(1), LONG)
    newcomer.leave()


@pytest.mark.parametrize("is_acknowledged", [True, False])
async def test_newcomers_may_get_through_while_the_others_are_lost(wire: Wire, *, is_acknowledged: bool) -> None:
    caller = await Caller.through(wire)
    caller.say(b"one")
    assert await caller.hears(b"one")

    wire.forget(is_acknowledged=is_acknowledged)

    caller.say(b"lost")
    await caller.hears_nothing()
    newcomer = await Caller.through(wire)
    newcomer.say(b"well")
    assert await newcomer.hears(b"well")
    caller.leave()
    newcomer.leave()


async def test_a_cut_is_heard_of_at_once_and_whoever_comes_is_cut_off(wire: Wire) -> None:
    caller = await Caller.through(wire)
    caller.say(b"one")
    assert await caller.hears(b"one")

    wire.cut()

    with pytest.raises(ConnectionResetError):
        await caller.hears(b"!")
    with pytest.raises(ConnectionResetError):
        await (await Caller.through(wire)).hears(b"!")
    wire.mend()
    again = await Caller.through(wire)
    again.say(b"two")
    assert await again.hears(b"two")
    again.leave()
