"""Counting in Redis, for all processes as one: each step is one script there, by the clock that is there."""

from dataclasses import dataclass

from mainstay.net.redis import RedisLink, Script
from mainstay.web.limits.settings import WINDOW
from mainstay.web.limits.windows import Verdict, seconds

_MICRO = 1_000_000
# Seconds for which processes tell each other whose credentials are whose.
_KNOWN_SECONDS = 3600

# A list of times in microseconds, the oldest first. KEYS[1] the list; ARGV: its size, the window, 1 to count anyway.
# Numbers are written out: Lua's own way of turning them into text rounds to 14 digits.
_CHARGE = Script("""
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local size, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest and tonumber(oldest) <= now - window do
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end
local count = redis.call('LLEN', KEYS[1])
if count >= size then
  if ARGV[3] ~= '1' then
    return {0, 0, string.format('%.0f', oldest + window - now), '0'}
  end
  redis.call('LPOP', KEYS[1])
  count = count - 1
end
local stamp = string.format('%.0f', now)
redis.call('RPUSH', KEYS[1], stamp)
redis.call('PEXPIRE', KEYS[1], window / 1000)
return {1, size - count - 1, string.format('%.0f', (oldest or stamp) + window - now), stamp}
""")


@dataclass(frozen=True, slots=True)
class SharedWindows:
    """The windows of a program (`prefix`) in Redis; every answer is None when Redis is away."""

    link: RedisLink
    prefix: str

    async def charge(self, key: str, size: int) -> Verdict | None:
        """Count a request under `key` if it is within the allowance, and say whether it is."""
        found = await self.link.run(_CHARGE, (self._name(key),), (size, WINDOW * _MICRO, 0))
        if not isinstance(found, list):
            return None
        is_within, remaining, wait, stamp = (int(part) for part in found)
        return Verdict(bool(is_within), size, remaining, seconds(wait / _MICRO), float(stamp))

    async def note(self, key: str, size: int) -> None:
        """Count a request that has been let pass already."""
        await self.link.run(_CHARGE, (self._name(key),), (size, WINDOW * _MICRO, 1))

    async def give_back(self, key: str, stamp: float) -> None:
        """Forget the request that was counted at `stamp`."""
        await self.link.call("LREM", self._name(key), -1, f"{stamp:.0f}")

    async def owner_of(self, credential: str) -> str | None:
        """Return whose a credential is, as another process has learned."""
        found = await self.link.call("GET", self._credential(credential))
        return found.decode() if isinstance(found, bytes) else None

    async def remember(self, credential: str, owner: str) -> None:
        """Tell the other processes whose a credential is."""
        await self.link.call("SET", self._credential(credential), owner, "EX", _KNOWN_SECONDS)

    async def forget(self, credential: str) -> None:
        """Tell the other processes that a credential is nobody's any more."""
        await self.link.call("DEL", self._credential(credential))

    def _name(self, key: str) -> str:
        return f"{self.prefix}:limit:{key}"

    def _credential(self, credential: str) -> str:
        return f"{self.prefix}:limit:who:{credential}"
