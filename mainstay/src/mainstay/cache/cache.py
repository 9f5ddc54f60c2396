"""Cache: what a process asks for an answer before it works one out; of many that ask at once, one does."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic

from mainstay import clock
from mainstay.cache.kind import Answer, Kind
from mainstay.cache.memory import Memory
from mainstay.cache.settings import CacheSettings
from mainstay.cache.shared import Shared
from mainstay.cache.turn import Turn
from mainstay.observe.counters import Counters
from mainstay.observe.traces import current, span

TOTAL = "mainstay_cache_total"
BYTES = "mainstay_cache_bytes"


async def _at_once() -> None:
    """Wait for nothing."""


@dataclass(frozen=True, slots=True)
class Wanted(Generic[Answer]):
    """An answer that is asked for: its kind, which of the kind, and the version of its tables for whoever asks.

    `look_again` returns the version as it is then, and `release` gives back what others need while this one waits.
    """

    kind: Kind[Answer]
    key: str
    version: str
    look_again: Callable[[], Awaitable[str | None]] | None = None
    release: Callable[[], Awaitable[None]] = _at_once

    @property
    def name(self) -> str:
        """What it is kept under."""
        return f"{self.kind.name}:{self.kind.form}:{self.key}"

    @property
    def seconds(self) -> float:
        """How long it is kept: the time of its kind, less up to a tenth, so that not all end at once."""
        return self.kind.seconds * (1 - hashlib.sha256(self.name.encode()).digest()[0] / 2560)


class Cache:
    """Keeps answers in this process and, where there is one, in a store that processes share.

    An answer is shown only under the version of its tables that it was read under, and whoever asks has just read that
    version: what is stale is not found. So a store that is away, empty or late costs time and nothing else.
    """

    def __init__(self, settings: CacheSettings, counters: Counters, shared: Shared | None = None) -> None:
        self._memory = Memory(settings.megabytes * 1024 * 1024)
        self._is_on = settings.megabytes > 0
        self._patience = settings.wait_ms / 1000
        self._counters = counters
        self._shared = shared
        self._running: dict[tuple[str, str], asyncio.Future[bytes | None]] = {}

    async def get(self, wanted: Wanted[Answer], work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return an answer, kept or worked out now; what `work_out` raises is passed on and keeps nothing."""
        if not self._is_on:
            return await work_out()
        with span(f"cache {wanted.kind.name}"):
            return await self._got(wanted, work_out)

    async def _got(self, wanted: Wanted[Answer], work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        found = self._unpacked(wanted, self._memory.get(wanted.name, wanted.version))
        if found is not None:
            self._count(wanted, "hit")
            return found
        await wanted.release()
        place = (wanted.name, wanted.version)
        found = await self._of_another(wanted, place)
        if found is not None:
            self._count(wanted, "hit")
            return found
        if place in self._running:
            self._count(wanted, "late")
            return await work_out()
        return await self._found_or_made(wanted, place, work_out)

    async def _of_another(self, wanted: Wanted[Answer], place: tuple[str, str]) -> Answer | None:
        """Return what another works out at present; None when nobody does, has failed, or takes too long.

        When nobody does, the turn is the caller's, who must take it before anything else runs.
        """
        deadline = clock.monotonic() + self._patience
        while (running := self._running.get(place)) is not None and (left := deadline - clock.monotonic()) > 0:
            await asyncio.wait({running}, timeout=left)
            found = self._unpacked(wanted, running.result()) if running.done() else None
            if found is not None:
                return found
        return None

    async def _found_or_made(
        self, wanted: Wanted[Answer], place: tuple[str, str], work_out: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        running, turn = asyncio.get_running_loop().create_future(), Turn(self._shared, wanted.name, wanted.version)
        self._running[place] = running
        try:
            # Another may have been ready while this request waited for its turn.
            kept = self._memory.get(wanted.name, wanted.version) or await turn.taken(self._patience)
            answer = self._unpacked(wanted, kept)
            self._count(wanted, "hit" if answer is not None else "late" if turn.is_late else "miss")
            if kept is not None and answer is not None:
                running.set_result(kept)
                self._memory.put(wanted.name, wanted.version, kept, wanted.seconds)
            else:
                answer = await work_out()
                packed = wanted.kind.pack(answer)
                # Those who wait read their version before this answer: it holds for them, also if it is not kept.
                running.set_result(packed)
                await self._keep(wanted, packed)
        finally:
            # Also when this request was cancelled: the next one who waits takes its turn at once.
            if not running.done():
                running.set_result(None)
            del self._running[place]
            self._counters.set(BYTES, self._memory.used)
            await turn.ended()
        return answer

    async def _keep(self, wanted: Wanted[Answer], packed: bytes) -> None:
        """Keep an answer that was worked out, unless its tables have changed meanwhile.

        It might be newer than its version says, or of two states. Whoever asks has a newer version, so nobody would be
        shown it; but in a database that is restored to the time before, the old version holds again.
        """
        if wanted.look_again is not None and await wanted.look_again() != wanted.version:
            return
        self._memory.put(wanted.name, wanted.version, packed, wanted.seconds)
        if self._shared is not None:
            await self._shared.put(wanted.name, wanted.version, packed, wanted.seconds)

    def _unpacked(self, wanted: Wanted[Answer], packed: bytes | None) -> Answer | None:
        if packed is None:
            return None
        try:
            return wanted.kind.unpack(packed)
        except ValueError:
            # Somebody else's writing in the shared store.
            self._count(wanted, "broken")
            return None

    def _count(self, wanted: Wanted[Answer], outcome: str) -> None:
        self._counters.add(TOTAL, kind=wanted.kind.name, outcome=outcome)
        if (step := current.get()) is not None:
            step.attributes["mainstay.cache.outcome"] = outcome
