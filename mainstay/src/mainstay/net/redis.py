"""The way to Redis (or Valkey): never waited for longer than a moment, and left alone while it is away.

What must last never depends on it; whoever asks here does without when the answer is None.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import hiredis
import structlog

from mainstay.net.resp import Argument, Line, Place
from mainstay.observe.counters import Counters

logger = structlog.stdlib.get_logger(__name__)

# Seconds that an answer may take. Where Redis is near it takes a thousandth of one.
PATIENCE = 0.025
# Seconds between two tries to reach it again.
REST = 0.5
# How much longer than an answer it may take to connect.
CONNECTING = 10

AWAY = "mainstay_redis_away"
FAILURES = "mainstay_redis_failures_total"


@dataclass(frozen=True)
class Script:
    """A program that Redis runs as one step."""

    text: str

    @cached_property
    def name(self) -> str:
        """The name under which Redis keeps it."""
        return hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class RedisLink:
    """One process's way to the Redis at `url`.

    The first call that fails or takes too long opens the breaker: all that wait are told at once, and no other waits.
    A task of its own then tries until Redis answers again, so that no request pays for the trial.
    """

    def __init__(self, url: str, counters: Counters, *, patience: float = PATIENCE) -> None:
        self._place = Place.of(url)
        self._patience = patience
        self._counters = counters
        self._line: Line | None = None
        self._reaching: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self.is_away = False
        counters.set(AWAY, 0)
        counters.add(FAILURES, 0)

    async def call(self, *command: Argument) -> object | None:
        """Return what a command answers, or None when Redis is away or refuses it."""
        answer = await self._ask(command)
        if isinstance(answer, hiredis.ReplyError):
            logger.warning("redis refused a command", command=command[0], reason=str(answer))
            return None
        return answer

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> object | None:
        """Return what a script answers, or None when Redis is away; one that has restarted is given it anew."""
        given = (len(keys), *keys, *arguments)
        answer = await self._ask(("EVALSHA", script.name, *given))
        if isinstance(answer, hiredis.ReplyError) and str(answer).startswith("NOSCRIPT"):
            return await self.call("EVAL", script.text, *given)
        if isinstance(answer, hiredis.ReplyError):
            logger.warning("redis refused a script", reason=str(answer))
            return None
        return answer

    async def close(self) -> None:
        """Close its connection."""
        if self._reaching is not None:
            self._reaching.cancel()
            await asyncio.gather(self._reaching, return_exceptions=True)
            self._reaching = None
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _ask(self, command: Sequence[Argument]) -> object | None:
        line = await self._open_line()
        if line is None:
            return None
        future = line.ask(command)
        # Not `timeout`, which would call an answer late that came while the loop was busy with something else.
        await asyncio.wait({future}, timeout=self._patience)
        if not future.done():
            self._leave(line, TimeoutError(f"no answer within {self._patience:g} seconds"))
            return None
        failure = future.exception()
        if failure is not None:
            self._leave(line, failure)
            return None
        return future.result()

    async def _open_line(self) -> Line | None:
        """Return the connection, made when it is not there; None when Redis is away."""
        if self._line is not None and self._line.is_open:
            return self._line
        if self.is_away:
            return None
        if self._reaching is None:
            self._tried.clear()
            self._reaching = asyncio.create_task(self._reach(0), name="reach redis")
        try:
            async with asyncio.timeout(self._patience):
                await self._tried.wait()
        except TimeoutError as failure:
            self._say_away(failure)  # it may still come; nobody else waits for it
        return self._line if self._line is not None and self._line.is_open else None

    async def _reach(self, rest: float) -> None:
        while True:
            await asyncio.sleep(rest)
            try:
                async with asyncio.timeout(self._patience * CONNECTING):
                    self._line = await Line.connect(self._place)
            except (OSError, TimeoutError, hiredis.HiredisError) as failure:
                self._say_away(failure)
                rest = REST
            else:
                break
            finally:
                self._tried.set()
        self._reaching = None
        if self.is_away:
            self.is_away = False
            self._counters.set(AWAY, 0)
            logger.info("redis is back")

    def _leave(self, line: Line, failure: BaseException) -> None:
        if self._line is not line:
            return  # another request has said so already
        self._line = None
        line.close()
        self._say_away(failure)
        self._reaching = asyncio.create_task(self._reach(REST), name="reach redis again")

    def _say_away(self, failure: BaseException) -> None:
        self._counters.add(FAILURES)
        if not self.is_away:
            self.is_away = True
            self._counters.set(AWAY, 1)
            logger.warning("redis is away; every process goes on by itself", reason=repr(failure)[:300])
