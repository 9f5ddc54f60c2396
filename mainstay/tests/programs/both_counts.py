"""Counts requests in this process's memory or in a real Valkey, asked alike, and lets time pass in either."""

from dataclasses import dataclass, field
from typing import Protocol

from mainstay.web.limits.shared import SharedWindows
from mainstay.web.limits.windows import Verdict, Windows


class Counting(Protocol):
    """The windows of one program."""

    async def charge(self, key: str, size: int) -> Verdict: ...

    async def note(self, key: str, size: int) -> None: ...

    async def give_back(self, key: str, stamp: float) -> None: ...

    async def age(self, key: str, seconds: float) -> None:
        """Make all that was counted under `key` older."""


@dataclass
class InMemory:
    """A process by itself, whose clock is moved."""

    present: float = 1000.0
    windows: Windows = field(init=False)

    def __post_init__(self) -> None:
        self.windows = Windows(lambda: self.present)

    async def charge(self, key: str, size: int) -> Verdict:
        return self.windows.charge(key, size)

    async def note(self, key: str, size: int) -> None:
        self.windows.note(key, size)

    async def give_back(self, key: str, stamp: float) -> None:
        del stamp  # the newest is meant: nobody else has counted meanwhile
        self.windows.give_back(key)

    async def age(self, key: str, seconds: float) -> None:
        del key
        self.present += seconds


@dataclass
class InValkey:
    """A process that shares its windows; the server has its own clock, so what it wrote down is made older."""

    windows: SharedWindows

    async def charge(self, key: str, size: int) -> Verdict:
        verdict = await self.windows.charge(key, size)
        assert verdict is not None
        return verdict

    async def note(self, key: str, size: int) -> None:
        await self.windows.note(key, size)

    async def give_back(self, key: str, stamp: float) -> None:
        await self.windows.give_back(key, stamp)

    async def age(self, key: str, seconds: float) -> None:
        name = f"{self.windows.prefix}:limit:{key}"
        found = await self.windows.link.call("LRANGE", name, 0, -1)
        assert isinstance(found, list)
        await self.windows.link.call("DEL", name)
        await self.windows.link.call("RPUSH", name, *(int(one) - int(seconds * 1_000_000) for one in found))
