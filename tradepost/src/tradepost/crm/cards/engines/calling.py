"""One request to a service outside of this machine, from a process that reads cards and has no event loop."""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mainstay import clock
from mainstay.net.client import Client, Pace, spread
from mainstay.net.destination import Destination
from mainstay.net.exchange import Patience, Response, default_trust
from mainstay.net.exchange import Request as Call
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.observe.counters import Counters
from tradepost.crm.cards.engines.port import EngineFailed
from tradepost.crm.cards.limits import MEBI

TRIES: Final = 3
CONNECT_SECONDS: Final = 3.0
# An answer for a card full of print is some hundred kilobytes.
MOST_BYTES: Final = 4 * MEBI


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted where; headers may hold a key and the content a picture, so that neither is shown."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Posts within `seconds`, whatever comes in between: the tries, the pauses, an answer byte by byte.

    The owner's settings say where, so that a service in the owner's own network will do.
    """

    seconds: float
    now: Callable[[], float] = clock.monotonic
    pause: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = spread
    trust: ssl.SSLContext = field(default_factory=default_trust)

    def post(self, request: Request) -> bytes:
        """Return the content of a 200. Raises EngineFailed with the reason as its code."""
        return asyncio.run(self._post(request))

    async def _post(self, request: Request) -> bytes:
        async def pause(seconds: float) -> None:
            self.pause(seconds)

        call = Call("POST", request.url, request.headers, request.content, is_repeatable=True, most_bytes=MOST_BYTES)
        guard = Guard(Allowed(hosts=frozenset({Destination.of(request.url).host})))
        try:
            client = Client(guard, Counters(), trust=self.trust, pace=Pace(self.now, pause, self.chance))
            patience = Patience(self.seconds, CONNECT_SECONDS, self.seconds)
            return _content(await client.send(call, patience, tries=TRIES))
        except CallFailed as failure:
            raise EngineFailed(str(failure), failure.code) from failure
        finally:
            guard.close()


def _content(answer: Response) -> bytes:
    """Return what a 200 holds that is sent as it is. Raises EngineFailed."""
    if answer.status != 200:
        raise EngineFailed(f"it answered {answer.status}", f"status_{answer.status}")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise EngineFailed("its answer is packed, which was not asked for", "bad_answer")
    return answer.content
