"""Operation: a route as it is served, flat, with its right, its limits and strict JSON."""

import inspect
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack
from typing import Any, Self

from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.sse import EventSourceResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.errors import ConfigurationError
from mainstay.permission import Permission, Public, Records, SignedIn
from mainstay.web.asking import Words, grammar_of, names_of
from mainstay.web.fields import NAME as FIELDS
from mainstay.web.fields import PartialAnswers, takes_fields
from mainstay.web.handler import PlainHandler, is_plain
from mainstay.web.json_body import JsonRequest
from mainstay.web.keeping import is_unkept
from mainstay.web.limits.rates import Limit, limit_of
from mainstay.web.outdated import OutdatedOperation
from mainstay.web.overload.urgency import Urgency, urgency_of
from mainstay.web.paging import is_list
from mainstay.web.repeats import is_repeatable
from mainstay.web.routing import also_of, right_of
from mainstay.web.versions import Outdated, outdated_of, prefix_of

_TAKEN_OVER = frozenset({"self", "path", "endpoint", "operation_id", "max_body_size", "form_limits"})
_OPTIONS = [name for name in inspect.signature(APIRoute).parameters if name not in _TAKEN_OVER]


class Operation(APIRoute):
    """One path and its methods; `right` is what it demands, `also` what besides.

    `answers` are the methods that it answers: monitors ask what stands beside the API, such as health, by HEAD too.

    `max_body_size` (bytes) is what it takes at most, `limit` says how often one caller may ask, and `is_kept` whether
    callers may keep its answers until they are outdated: those of the API that hold no secrets. `is_list` says that it
    is given in pages, `words` what its query may say, `is_partial` that callers may choose fields of its answer,
    `is_repeatable` that its calls may be made again with a key, `outdated` how it is itself going away.
    `urgency` says what it gives way to when there is too much to do, None that it never does, and
    `is_stream` that its answers have no end, `is_in_pieces` that they may be sent while they are made, as files are.

    Modules write plain FastAPI routes. Nested routers cost a search through all routes at every level for every
    request, so each route is served by one of these instead, found by `mainstay.web.table`.
    """

    right: Permission | Public | SignedIn | None
    also: tuple[Permission | Records, ...]
    module: str
    limit: Limit
    verbs: frozenset[str]
    answers: frozenset[str]
    is_kept: bool
    is_list: bool
    words: Words | None
    is_repeatable: bool
    is_partial: bool
    outdated: Outdated | None
    urgency: Urgency | None
    is_stream: bool
    is_in_pieces: bool

    @property
    def title(self) -> str:
        """Its method and path, as it is called in logs, numbers and lists."""
        return f"{'/'.join(sorted(self.verbs))} {self.path_format}"

    @classmethod
    def of(cls, route: RouteContext, prefix: str, module: str) -> Self:
        """Return the operation for a `route` that `module` declares, served under `prefix`.

        Raises ConfigurationError when it is something else than a route of FastAPI.
        """
        if not isinstance(route.original_route, APIRoute) or route.endpoint is None:
            raise ConfigurationError(f"The module {module} may declare FastAPI routes only, not {route.path}.")
        options = {name: getattr(route, name) for name in _OPTIONS}
        name = route.operation_id or f"{module}_{route.endpoint.__name__}"
        outdated = outdated_of(route.endpoint)
        options["deprecated"] = outdated is not None or options["deprecated"]
        path = f"{prefix_of(route.endpoint, prefix)}{route.path}"
        operation = cls(path, route.endpoint, operation_id=name, **options)
        operation.module = module
        operation.right = right_of(operation)
        operation.also = also_of(operation)
        operation.verbs = frozenset(operation.methods or ())
        operation.answers = operation.verbs | ({"HEAD"} if not prefix and "GET" in operation.verbs else set())
        # Not given to FastAPI, whose own limit would answer in another shape: `mainstay.web.body_limit` keeps it.
        operation.max_body_size = route.max_body_size
        operation.limit = limit_of(operation, route.max_body_size)
        operation.is_list = is_list(operation)
        operation.urgency = urgency_of(operation, operation.limit)
        operation.is_stream = operation.response_class is EventSourceResponse
        operation.is_in_pieces = not isinstance(operation.response_class, DefaultPlaceholder)
        operation.is_kept = bool(prefix) and not is_unkept(operation.endpoint)
        operation.app = PlainHandler(operation) if is_plain(operation) else GeneralHandler(operation.app)
        operation.is_repeatable = _checked_repeatable(operation)
        operation.is_partial = bool(prefix) and takes_fields(operation)
        operation.words = _words_of(operation)
        if operation.is_partial:
            operation.app = PartialAnswers(operation.app, operation.response_model)
        operation.outdated = outdated
        if outdated is not None:
            operation.app = OutdatedOperation(operation.app, operation.title, outdated)
        return operation

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, for JSON bodies behind a strict reader."""
        handle = super().get_route_handler()
        if self.body_field is None or isinstance(self.body_field.field_info, params.Form):
            return handle

        async def handle_json(request: Request) -> Response:
            return await handle(await JsonRequest.read(request))

        return handle_json


def _checked_repeatable(operation: Operation) -> bool:
    """Say whether an operation is repeatable. Raises ConfigurationError when it is marked so and cannot be."""
    if not is_repeatable(operation.endpoint):
        return False
    is_whole = isinstance(operation.app, PlainHandler) and operation.app.has_work
    if not is_whole or isinstance(operation.right, Public) or operation.verbs != {"POST"}:
        raise ConfigurationError(
            f"The route {operation.title} cannot be repeatable: it must be a plain POST of somebody who is known, "
            "all in one UnitOfWork."
        )
    return True


def _words_of(operation: Operation) -> Words | None:
    """Return what the query of a read may say, or of what gives a list as a file; None for other operations."""
    grammar = grammar_of(operation)
    if grammar is None and not operation.is_list and not operation.is_partial:
        return None
    return Words(names_of(operation.dependant) | {FIELDS}, grammar)


class GeneralHandler:
    """FastAPI's own way of running an operation, with what its own middleware would bring: it closes forms' files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        async with AsyncExitStack() as files:
            scope["fastapi_middleware_astack"] = files
            await self._app(scope, receive, send)


def operations(routers: Iterable[APIRouter], prefix: str, module: str) -> Iterator[Operation]:
    """Yield the operations of a module's routers."""
    for router in routers:
        for route in iter_route_contexts(router.routes):
            yield Operation.of(route, prefix, module)


def operations_of(app: FastAPI) -> list[Operation]:
    """Return the operations that `app` has for routes."""
    return [route for route in app.routes if isinstance(route, Operation)]
