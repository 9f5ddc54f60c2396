"""The limiter of one process: exact over all processes while Redis is there, by itself while it is not."""

from collections import OrderedDict
from typing import Protocol

from mainstay.observe.counters import Counters
from mainstay.web.limits.rates import Rate
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.windows import Verdict, Windows

# Credentials whose owners are remembered.
MOST_CREDENTIALS = 10_000
REFUSED = "mainstay_requests_limited_total"
LOCAL = "mainstay_limits_counted_locally_total"


class Shared(Protocol):
    """Where all processes count together; answers are None when it is away. See `mainstay.web.limits.shared`."""

    async def charge(self, key: str, size: int) -> Verdict | None:
        """Count a request, if it is within the allowance."""
        ...

    async def note(self, key: str, size: int) -> None:
        """Count a request that has been let pass already."""
        ...

    async def give_back(self, key: str, stamp: float) -> None:
        """Forget a request."""
        ...

    async def owner_of(self, credential: str) -> str | None:
        """Return whose a credential is."""
        ...

    async def remember(self, credential: str, owner: str) -> None:
        """Tell the others whose a credential is."""
        ...

    async def forget(self, credential: str) -> None:
        """Tell the others that a credential is nobody's any more."""
        ...


class Limiter:
    """Counts requests by class and caller, and knows whose the credentials are that have been seen to be good.

    What passes is always counted here too: when Redis goes away, nobody begins with a fresh allowance.
    """

    def __init__(self, sizes: LimitSettings, counters: Counters, shared: Shared | None = None) -> None:
        self._sizes = sizes
        self._counters = counters
        self._shared = shared
        self._windows = Windows()
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def charge(self, rate: Rate, caller: str) -> Verdict:
        """Count a request of `caller` if it is within the allowance of its class, and say whether it is."""
        key, size = f"{rate.name}:{caller}", self._sizes.size_of(rate)
        verdict = await self._shared.charge(key, size) if self._shared is not None else None
        if verdict is None:
            verdict = self._windows.charge(key, size)
            if self._shared is not None:
                self._counters.add(LOCAL)
        elif verdict.is_within:
            self._windows.note(key, size)
        if not verdict.is_within:
            self._counters.add(REFUSED, rate=rate.name)
        return verdict

    async def give_back(self, rate: Rate, caller: str, verdict: Verdict) -> None:
        """Forget a request that has turned out to cost nothing."""
        key = f"{rate.name}:{caller}"
        self._windows.give_back(key)
        if self._shared is not None:
            await self._shared.give_back(key, verdict.stamp)

    async def owner_of(self, credential: str) -> str | None:
        """Return whose a credential was when it was last seen to be good, by any process."""
        owner = self._owners.get(credential)
        if owner is not None:
            self._owners.move_to_end(credential)
        elif self._shared is not None:
            owner = await self._shared.owner_of(credential)
            if owner is not None:
                self._keep(credential, owner)
        return owner

    async def learn(self, credential: str, owner: str, rate: Rate) -> None:
        """Remember whose a credential is, and count the request that has shown it as its owner's too."""
        self._keep(credential, owner)
        key, size = f"{rate.name}:{owner}", self._sizes.size_of(rate)
        self._windows.note(key, size)
        if self._shared is not None:
            await self._shared.note(key, size)
            await self._shared.remember(credential, owner)

    async def forget(self, credential: str) -> None:
        """Know no owner of a credential any more: it has just been refused."""
        self._owners.pop(credential, None)
        if self._shared is not None:
            await self._shared.forget(credential)

    def _keep(self, credential: str, owner: str) -> None:
        self._owners[credential] = owner
        self._owners.move_to_end(credential)
        if len(self._owners) > MOST_CREDENTIALS:
            self._owners.popitem(last=False)
