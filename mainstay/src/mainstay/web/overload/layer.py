"""The layer that lets requests in, or refuses them before anything is done for them: with little work, and at once."""

import asyncio
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import clock
from mainstay.observe.counters import Counter, Counters
from mainstay.web.access_log import ELSEWHERE, REQUESTS, WAITED
from mainstay.web.errors import Overloaded
from mainstay.web.head import has_body
from mainstay.web.metrics import PATH as METRICS_PATH
from mainstay.web.overload.gate import Gate
from mainstay.web.overload.urgency import USUAL, Urgency
from mainstay.web.place import place_of
from mainstay.web.problems import ReadyReply
from mainstay.web.shield import linger
from mainstay.web.table import MAX_ADDRESS, OperationTable

REFUSED: Final = "mainstay_overload_refused_total"
WAIT: Final = "mainstay_overload_wait_seconds"
# Seconds after which those who were refused may try again, one after the other, so that they do not come all at once.
RETRY_AFTER: Final = (1, 2, 3)
# Seconds for a body to come, or for a piece of an answer to be taken, while a request keeps its place: that of whoever
# is slower is given to others meanwhile.
BODY_SECONDS: Final = 0.05
# Seconds that are told of in one line of the log; a line for each refusal would cost more than refusing.
TELL_SECONDS: Final = 1.0
DETAIL: Final = "More is being asked than can be done at the moment, and this was not begun; try again shortly."
_LEFT: Final[Message] = {"type": "http.disconnect"}
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})

logger = structlog.stdlib.get_logger(__name__)


class Admission:
    """Finds a request's operation, and lets it through the gate by its urgency; `refuse` answers what is not let in.

    Health and numbers pass by. What is no operation, and what streams events, is inside only until its answer begins.
    """

    def __init__(self, app: ASGIApp, table: OperationTable, door: "Door", refuse: ASGIApp) -> None:
        self._app = app
        self._locate = table.locate
        self._gate = door.gate
        self._door = door
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path: str = scope["path"]
        if len(path) + len(scope["query_string"]) <= MAX_ADDRESS:
            self._locate(scope)
        operation = place_of(scope).operation
        urgency = USUAL if operation is None else operation.urgency
        if urgency is None or path == METRICS_PATH:
            await self._app(scope, receive, send)
        elif not self._gate.enter(urgency) and not await self._door.wait(scope, urgency):
            await self._refuse(scope, receive, send)
        elif operation is not None and not operation.is_in_pieces and scope["method"] in _BODILESS:
            try:
                await self._app(scope, receive, send)
            finally:
                self._gate.leave(urgency)
        else:
            stay = Stay(self._door, scope, urgency)
            is_short = operation is None or operation.is_stream
            try:
                await self._app(
                    scope, stay.receiving(receive), stay.until_it_begins(send) if is_short else stay.sending(send)
                )
            finally:
                stay.end()


class Door:
    """The gate with its numbers: how long was waited, what was refused, and once a second a line in the log of it."""

    def __init__(self, gate: Gate, counters: Counters) -> None:
        self.gate = gate
        self.refused = 0
        self._counters = counters
        self._refusals = Kept(counters, REFUSED)
        self._answers = Kept(counters, REQUESTS)
        self._untold: dict[str, int] = {}

    async def wait(self, scope: Scope, urgency: Urgency) -> bool:
        """Wait for room and go in; False when the request is to be refused."""
        began = clock.monotonic()
        is_let_in = await self.gate.wait(urgency)
        if is_let_in:
            scope[WAITED] = clock.monotonic() - began
            self._counters.observe(WAIT, scope[WAITED], urgency=urgency.title)
        else:
            self._note(scope, urgency)
        return is_let_in

    def count(self, scope: Scope) -> None:
        """Count a refusal among the answers, as the access log does those that pass it."""
        self._answers.of(scope, status="503").add()

    def _note(self, scope: Scope, urgency: Urgency) -> None:
        self.refused += 1
        self._refusals.of(scope, urgency=urgency.title).add()
        if not self._untold:
            asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)
        self._untold[urgency.title] = self._untold.get(urgency.title, 0) + 1

    def _tell(self) -> None:
        told, self._untold = self._untold, {}
        logger.warning("more was asked than could be done", seconds=TELL_SECONDS, **told)


class Kept:
    """The counters of one name, each looked up once: refusing must cost next to nothing."""

    def __init__(self, counters: Counters, name: str) -> None:
        self._counters = counters
        self._name = name
        self._found: dict[tuple[str, ...], Counter] = {}

    def of(self, scope: Scope, **label: str) -> Counter:
        """Return the counter of a request's route, with one more label."""
        route = place_of(scope).route
        method: str = scope["method"] if route else ELSEWHERE
        key = (method, route or ELSEWHERE, *label.values())
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._counters.counter(self._name, method=key[0], route=key[1], **label)
        return found


class Stay:
    """The place that one request has inside, which it may give away before its end."""

    __slots__ = ("_door", "_is_inside", "_scope", "_urgency")

    def __init__(self, door: Door, scope: Scope, urgency: Urgency) -> None:
        self._door = door
        self._scope = scope
        self._urgency = urgency
        self._is_inside = True

    def end(self) -> None:
        """Give the place away, once."""
        if self._is_inside:
            self._is_inside = False
            self._door.gate.leave(self._urgency)

    def until_it_begins(self, send: Send) -> Send:
        """Return a `send` that gives the place away as soon as the answer begins."""

        async def send_and_end(message: Message) -> None:
            self.end()
            await send(message)

        return send_and_end

    def sending(self, send: Send) -> Send:
        """Return a `send` that gives the place away while a piece of an answer is slow to be taken.

        An answer that has begun is not refused any more: where there is no place in time it goes on, and counts.
        """

        async def send_aside(message: Message) -> None:
            if not message.get("more_body", False):
                await send(message)
                return
            timer = asyncio.get_running_loop().call_later(BODY_SECONDS, self.end)
            try:
                await send(message)
            finally:
                timer.cancel()
            if not self._is_inside:
                await self._door.gate.come_back(self._urgency)
                self._is_inside = True

        return send_aside

    def receiving(self, receive: Receive) -> Receive:
        """Return a `receive` that gives the place away while a body is slow to come, and waits for one again then.

        It raises Overloaded when there is none in time.
        """
        if not has_body(self._scope):
            return receive
        is_whole = False

        async def receive_aside() -> Message:
            nonlocal is_whole
            if is_whole:  # what comes now is the caller's leaving; whoever was refused is waited for no more
                return await receive() if self._is_inside else _LEFT
            timer = asyncio.get_running_loop().call_later(BODY_SECONDS, self.end)
            try:
                message = await receive()
            finally:
                timer.cancel()
            is_whole = not message.get("more_body", False)
            if not self._is_inside:
                await self._enter_again()
            return message

        return receive_aside

    async def _enter_again(self) -> None:
        door = self._door
        if not door.gate.enter(self._urgency) and not await door.wait(self._scope, self._urgency):
            raise Overloaded(DETAIL, headers={"Retry-After": str(RETRY_AFTER[-1])})
        self._is_inside = True


class Refusal:
    """Answers what is not let in, as an ASGI application."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._replies = [ReadyReply(Overloaded(DETAIL, headers={"Retry-After": str(wait)})) for wait in RETRY_AFTER]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse one request."""
        self._door.count(scope)
        await self._replies[self._door.refused % len(RETRY_AFTER)](scope, receive, send)
        if has_body(scope):
            await linger(receive)
