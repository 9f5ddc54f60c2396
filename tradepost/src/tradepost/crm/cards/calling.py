"""One request to a service outside of this machine, through the program's one client, to one host alone."""

from dataclasses import dataclass, field, replace
from typing import Final

from mainstay.net.client import Client
from mainstay.net.destination import Destination
from mainstay.net.exchange import Patience, Response
from mainstay.net.exchange import Request as Call
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
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

    The owner's settings say where, so that a service in the owner's own network will do. It is used inside of a call to
    a partner, which tells of it and may leave the service alone.
    """

    client: Client
    seconds: float

    async def post(self, request: Request) -> bytes:
        """Return the content of a 200. Raises CallFailed with the reason as its code."""
        call = Call("POST", request.url, request.headers, request.content, is_repeatable=True, most_bytes=MOST_BYTES)
        guard = Guard(Allowed(hosts=frozenset({Destination.of(request.url).host})))
        try:
            client = replace(self.client, guard=guard, breakers=None)
            patience = Patience(self.seconds, CONNECT_SECONDS, self.seconds)
            return _content(await client.exchange(call, patience, tries=TRIES))
        finally:
            guard.close()


def _content(answer: Response) -> bytes:
    """Return what a 200 holds that is sent as it is. Raises CallFailed."""
    if answer.status != 200:
        raise CallFailed(f"it answered {answer.status}", f"status_{answer.status}")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise CallFailed("its answer is packed, which was not asked for", "bad_answer")
    return answer.content
