"""Partners: other services that this program depends on, each called in the same way whatever its protocol."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from mainstay.net import failures
from mainstay.net.breakers import Breakers, Rule
from mainstay.net.calls import OK, Call, told
from mainstay.net.failures import CallFailed
from mainstay.net.redis import RedisLink
from mainstay.net.settings import NetSettings, RedisSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration

logger = structlog.stdlib.get_logger(__name__)


class Judged(NamedTuple):
    """What a failure means: how the call ended, in one word, and whether the partner is well.

    It is well when it answered and refuses this one thing; None when the failure says nothing about it.
    """

    outcome: str
    is_well: bool | None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a partner is called: `total` are the seconds of a call, whatever happens in it; `judge` reads its failures.

    With a `rule` it is left alone by that one instead of by the settings of all.
    """

    total: float
    judge: Callable[[Exception], Judged]
    rule: Rule | None = None


class Partner:
    """Another service; every call to it is made inside of `calling`."""

    def __init__(self, name: str, manner: Manner, breakers: Breakers, counters: Counters) -> None:
        self.name, self.total = name, manner.total
        self._judge, self._breakers, self._counters = manner.judge, breakers, counters
        if manner.rule is not None:
            breakers.agree(name, manner.rule)

    @asynccontextmanager
    async def calling(self, what: str, *, total: float | None = None) -> AsyncIterator[Call]:
        """Make a call inside the block, which is over after `total` seconds.

        Raises CallFailed at once while the partner is left alone, and when its time is over; what the block raises
        comes through as it is.
        """
        limit = self.total if total is None else total
        with told(self._counters, self.name, what) as call:
            if not await self._breakers.admit(self.name, limit):
                call.outcome = failures.LEFT_ALONE
                raise CallFailed("It is left alone for a while, because it failed several times.", failures.LEFT_ALONE)
            is_well: bool | None = None
            call.deadline = deadline = asyncio.timeout(limit)
            try:
                async with deadline:
                    yield call
                is_well = not call.is_ill
                call.outcome = call.outcome if call.is_ill else OK
            except Exception as failure:
                if deadline.expired():
                    call.outcome, is_well = failures.TIMEOUT, False
                    raise CallFailed("It did not answer in time.", failures.TIMEOUT) from failure
                call.outcome, is_well = self._judge(failure)
                raise
            finally:
                await self._breakers.record(self.name, is_well=is_well)

    async def broke_off(self, outcome: str) -> None:
        """Take notice of a failure in what followed a call that went well, such as a long answer."""
        logger.warning("call", host=self.name, method="rest", outcome=outcome)
        await self._breakers.record(self.name, is_well=False)


@dataclass(frozen=True)
class Partners:
    """What all calls of a process share: their breakers, and what they are counted with."""

    breakers: Breakers
    counters: Counters

    def partner(self, name: str, manner: Manner) -> Partner:
        """Return the partner of this name, such as `smtp://mail.example:587`."""
        return Partner(name, manner, self.breakers, self.counters)


@asynccontextmanager
async def open_partners(configuration: Configuration, counters: Counters) -> AsyncIterator[Partners]:
    """Give what a process's calls share, by the settings; with Redis all processes know of each other's failures."""
    settings, redis = configuration.of(NetSettings), configuration.of(RedisSettings)
    link = None
    if redis.url is not None:
        link = RedisLink(redis.url.get_secret_value(), counters, patience=redis.patience_ms / 1000)
    try:
        yield Partners(Breakers(counters, link, failures=settings.failures, rest=settings.rest), counters)
    finally:
        if link is not None:
            await link.close()
