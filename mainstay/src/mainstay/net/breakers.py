"""Breakers: one for each destination, shared by all processes through Redis when there is one, with their figures."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from mainstay import clock
from mainstay.net.breaker import Breaker, State
from mainstay.net.redis import RedisLink, Script
from mainstay.observe.counters import Counters

STATE: Final = "mainstay_breaker_state"
OPENED: Final = "mainstay_breaker_opened_total"
FIGURES: Final[dict[State, int]] = {"closed": 0, "half_open": 1, "open": 2}
# Destinations that are remembered, so that nobody fills the memory with names.
MOST: Final = 500

logger = structlog.stdlib.get_logger(__name__)

# A hash for each destination: failures in a row (f), when it opened (o), until when a trial is under way (t); in ms by
# the clock of Redis. It is forgotten by itself when nobody has called for long.
_NOW = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
"""
ADMIT = Script(
    _NOW
    + """
local opened = redis.call('HGET', KEYS[1], 'o')
if not opened then return 0 end
-- The clock of Redis was ahead then: it rests from now on, and not until that moment.
if now < tonumber(opened) then
    redis.call('HSET', KEYS[1], 'o', now)
    redis.call('HDEL', KEYS[1], 't')
    return 2
end
if now - opened < tonumber(ARGV[1]) then return 2 end
local trial = redis.call('HGET', KEYS[1], 't')
if trial and now < tonumber(trial) then return 2 end
redis.call('HSET', KEYS[1], 't', now + tonumber(ARGV[2]))
return 1
"""
)
RECORD = Script(
    _NOW
    + """
if ARGV[1] == '1' then redis.call('DEL', KEYS[1]) return 0 end
if ARGV[1] == '-1' then
    redis.call('HDEL', KEYS[1], 't')
    return redis.call('HEXISTS', KEYS[1], 'o') * 2
end
local failures = redis.call('HINCRBY', KEYS[1], 'f', 1)
redis.call('HDEL', KEYS[1], 't')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if redis.call('HEXISTS', KEYS[1], 'o') == 1 or failures >= tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], 'o', now)
    return 2
end
return 0
"""
)
_STATES: Final[tuple[State, ...]] = ("closed", "half_open", "open")


class Rule(NamedTuple):
    """After how many failures in a row a destination is left alone, and for how many seconds."""

    failures: int
    rest: float


class Breakers:
    """Says which destinations may be called.

    After `failures` in a row one is left alone for `rest` seconds, then one call is the trial. Without Redis, or while
    it is away, each process knows what it has seen itself.
    """

    def __init__(
        self,
        counters: Counters,
        link: RedisLink | None = None,
        *,
        failures: int = 5,
        rest: float = 30.0,
        now: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._counters, self._link, self._now = counters, link, now
        self._rule = Rule(failures, rest)
        self._rules: dict[str, Rule] = {}
        self._own: OrderedDict[str, Breaker] = OrderedDict()

    def agree(self, name: str, rule: Rule) -> None:
        """Have `name` go by a rule of its own."""
        self._rules[name] = rule

    async def admit(self, name: str, trial: float) -> bool:
        """Say whether `name` may be called now; if so, `record` must follow, within `trial` seconds."""
        shared = await self._shared(ADMIT, name, (round(self._rule_of(name).rest * 1000), round(trial * 1000)))
        if shared is not None:
            self._show(name, shared)
            return shared != "open"
        own = self._breaker(name)
        is_admitted = own.admit()
        self._show(name, own.state)
        return is_admitted

    async def record(self, name: str, *, is_well: bool | None) -> None:
        """Take notice of how a call went that was admitted; None when it says nothing about the destination."""
        own = self._breaker(name)
        was_open = own.state != "closed"
        own.record(is_well=is_well)
        rule = self._rule_of(name)
        kept = round(rule.rest * 1000) * 10 + 3_600_000
        shared = await self._shared(RECORD, name, (-1 if is_well is None else int(is_well), rule.failures, kept))
        state = shared or own.state
        if state == "open" and not was_open:
            self._counters.add(OPENED, destination=name)
            logger.warning("breaker", destination=name, outcome="opened", rest_s=rule.rest)
        elif was_open and is_well:
            logger.info("breaker", destination=name, outcome="closed")
        self._show(name, state)

    async def _shared(self, script: Script, name: str, arguments: tuple[int, ...]) -> State | None:
        if self._link is None:
            return None
        answer = await self._link.run(script, (f"mainstay:breaker:{name}",), arguments)
        return _STATES[answer] if isinstance(answer, int) else None

    def _rule_of(self, name: str) -> Rule:
        return self._rules.get(name, self._rule)

    def _show(self, name: str, state: State) -> None:
        self._counters.set(STATE, FIGURES[state], destination=name)

    def _breaker(self, name: str) -> Breaker:
        found = self._own.pop(name, None) or Breaker(*self._rule_of(name), self._now)
        self._own[name] = found
        if len(self._own) > MOST:
            gone, _ = self._own.popitem(last=False)
            self._counters.forget(STATE, destination=gone)
        return found
