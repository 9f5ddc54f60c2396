"""What all processes keep together, in Redis; without it each goes on with its own memory."""

from collections.abc import Callable
from typing import Protocol

from mainstay import clock

# Seconds without writing, or asking for a turn, after that was refused: by one that is full, or copies another.
REST = 2.0
# Bytes of an answer from which the way to Redis costs more than the statement.
LARGEST = 128 * 1024
# Keys of such answers that are remembered.
MOST_LARGE = 1000

# One step: the answer if it is there, or 1 for whoever's turn it is from now on, or 0 while it is another's.
ASK = """
local kept = redis.call('GET', KEYS[1])
if kept and string.sub(kept, 1, #ARGV[1] + 1) == ARGV[1] .. '\\n' then return kept end
if redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return 1 end
return 0
"""
# One that took too long has lost its turn, which may be another's by now.
END = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Link(Protocol):
    """The way to Redis: never waited for longer than a moment; see `mainstay.net.redis`."""

    async def call(self, *command: str | bytes | int) -> object | None:
        """Return what a command answers, or None when Redis is away or refuses it."""
        ...


class Shared:
    """Answers by key, each with the version of its tables that it was read under."""

    def __init__(self, link: Link, prefix: str, now: Callable[[], float] = clock.monotonic) -> None:
        self._link, self._prefix, self._now = link, prefix, now
        self._rests_until = self._asks_again_at = 0.0
        # What was too large to be sent: waiting for another would be in vain.
        self._large: set[str] = set()

    async def get(self, key: str, version: str) -> bytes | None:
        """Return the answer under `key` if it was read under `version`."""
        found = await self._link.call("GET", self._prefix + key)
        if not isinstance(found, bytes):
            return None
        kept, _, packed = found.partition(b"\n")
        return packed if kept == version.encode() else None

    async def ask(self, key: str, version: str, token: str, seconds: float) -> bytes | bool | None:
        """Return the answer, or whether it is the turn of the one called `token` to work it out.

        The turn is theirs for some seconds, or until they end it. None when the store does not say whose turn it is.
        """
        if key in self._large or self._now() < self._asks_again_at:
            return await self.get(key, version)
        names = (self._prefix + key, self._turn(key, version))
        found = await self._link.call("EVAL", ASK, 2, *names, version, token, max(1, int(seconds * 1000)))
        if found is None:
            # Away, or full, or one that runs no scripts: what is there is given all the same.
            self._asks_again_at = self._now() + REST
            return await self.get(key, version)
        return found.partition(b"\n")[2] if isinstance(found, bytes) else found == 1

    async def end(self, key: str, version: str, token: str) -> None:
        """End the turn of `token`, if it still is."""
        await self._link.call("EVAL", END, 1, self._turn(key, version), token)

    async def put(self, key: str, version: str, packed: bytes, seconds: float) -> None:
        """Keep an answer for some seconds."""
        if len(packed) > LARGEST:
            self._large = {key, *list(self._large)[:MOST_LARGE]}
            return
        self._large.discard(key)
        if self._now() < self._rests_until:
            return
        value = version.encode() + b"\n" + packed
        if await self._link.call("SET", self._prefix + key, value, "PX", int(seconds * 1000)) is None:
            self._rests_until = self._now() + REST

    def _turn(self, key: str, version: str) -> str:
        # Of each version by itself: whoever works out what has changed since waits for nobody.
        return f"{self._prefix}{key}:turn:{version}"
