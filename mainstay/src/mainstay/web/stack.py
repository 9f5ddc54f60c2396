"""The ASGI stack: what every request passes on its way to an operation, from the outside in."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.observe.counters import Counters
from mainstay.observe.slowest import Slowest
from mainstay.observe.statements import Statements
from mainstay.observe.traces import Tracer
from mainstay.web.access_log import AccessLog
from mainstay.web.addresses import Addresses, HostCheck
from mainstay.web.body_limit import BodyLimit
from mainstay.web.body_pace import BodyPace
from mainstay.web.cors import Cors
from mainstay.web.csrf import CsrfGuard
from mainstay.web.delivery import Delivery
from mainstay.web.errors import MethodNotAllowed
from mainstay.web.files import File
from mainstay.web.head_limit import HeadLimit
from mainstay.web.https_only import HttpsOnly
from mainstay.web.limits.layer import LimitHeaders, RateLimit
from mainstay.web.limits.limiter import Limiter
from mainstay.web.metrics import PATH as METRICS_PATH
from mainstay.web.overload.gate import Bounds, Gate
from mainstay.web.overload.layer import Admission, Door, Refusal
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.pages import Pages
from mainstay.web.place import place_of
from mainstay.web.proxies import TrustedProxies
from mainstay.web.read_only import ReadOnlyGuard
from mainstay.web.request_id import RequestId
from mainstay.web.routing import Edge
from mainstay.web.security_headers import SecurityHeaders
from mainstay.web.shield import ErrorShield
from mainstay.web.table import AddressCheck, OperationTable
from mainstay.web.tracing import Tracing
from mainstay.web.transport import Transport

# Of a program that does not say how many connections its database has.
CONNECTIONS = 15

Layer = Callable[[ASGIApp], ASGIApp]


class Dispatch:
    """Hands a request to its operation, else to a document that is made when first asked for, else to the web app."""

    def __init__(self, files: Mapping[str, Callable[[], File]], pages: Pages, metrics: ASGIApp) -> None:
        self._files = files
        self._pages = pages
        self._metrics = metrics
        self._made: dict[str, File] = {}
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises MethodNotAllowed and NotFound."""
        place = place_of(scope)
        operation = place.operation
        if operation is not None:
            scope["path_params"] = place.path_params
            scope["endpoint"], scope["route"] = operation.endpoint, operation
            await operation.app(scope, receive, send)
        elif place.allowed:
            _refuse_method(place.allowed)
        elif scope["path"] == METRICS_PATH:
            _allow_reading(scope)
            await self._metrics(scope, receive, send)
        elif scope["path"] in self._files:
            _allow_reading(scope)
            file = self._made.get(scope["path"]) or await self._make(scope["path"])
            await file.send(scope, send)
        else:
            await self._pages(scope, receive, send)

    async def _make(self, path: str) -> File:
        """Make a document, one at a time: it takes most of a second of a processor, and anybody may ask."""
        async with self._making:
            if path not in self._made:
                self._made[path] = await asyncio.to_thread(self._files[path])
            return self._made[path]


def _allow_reading(scope: Scope) -> None:
    if scope["method"] not in {"GET", "HEAD"}:
        _refuse_method(frozenset({"GET", "HEAD"}))


def _refuse_method(allowed: frozenset[str]) -> None:
    names = ", ".join(sorted(allowed))
    raise MethodNotAllowed(f"This address is for {names} only.", headers={"Allow": names})


class Entrance:
    """Sends requests into the stack, the server's start and stop to the router, and turns web sockets away."""

    def __init__(self, stack: ASGIApp, router: ASGIApp) -> None:
        self._stack = stack
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection or the server's lifespan."""
        if scope["type"] == "http":
            await self._stack(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._router(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})


@dataclass(frozen=True, slots=True)
class Front:
    """The way to this program: its own addresses, how requests reach it, where they are counted and traced.

    `bounds` say how many it takes in at once.
    """

    addresses: Addresses
    transport: Transport = field(default_factory=Transport)
    counters: Counters = field(default_factory=Counters)
    statements: Statements = field(default_factory=Statements.of_nobody)
    tracer: Tracer | None = None
    slowest: Slowest = field(default_factory=Slowest)
    bounds: Bounds = field(default_factory=lambda: Bounds.of(OverloadSettings.model_construct(), CONNECTIONS))


def build_stack(table: OperationTable, edge: Edge, front: Front, limiter: Limiter, dispatch: ASGIApp) -> ASGIApp:
    """Put the layers around `dispatch`; the shield is inside those that complete its replies.

    What is too much is refused before anything else is done: nothing but the way out is behind that.
    """
    door = Door(Gate(front.bounds), front.counters)
    refuse = SecurityHeaders(Cors(Refusal(door), origins=front.transport.cors_origins))
    layers: tuple[Layer, ...] = (
        partial(TrustedProxies, proxies=front.transport.proxies),
        RequestId,
        partial(Admission, table=table, door=door, refuse=refuse),
        *((partial(Tracing, tracer=front.tracer),) if front.tracer is not None else ()),
        partial(AccessLog, counters=front.counters, statements=front.statements, slowest=front.slowest),
        SecurityHeaders,
        partial(Cors, origins=front.transport.cors_origins),
        LimitHeaders,
        ErrorShield,
        HeadLimit,
        AddressCheck,
        partial(HostCheck, addresses=front.addresses),
        partial(HttpsOnly, transport=front.transport),
        partial(CsrfGuard, edge=edge, addresses=front.addresses),
        partial(ReadOnlyGuard, flags=edge.open_work.setup.flags),
        BodyLimit,
        partial(BodyPace, seconds=front.transport.body_seconds),
        partial(RateLimit, limiter=limiter, edge=edge),
        Delivery,
    )
    for layer in reversed(layers):
        dispatch = layer(dispatch)
    return dispatch
