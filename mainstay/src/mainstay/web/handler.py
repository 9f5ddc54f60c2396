"""Running an operation of the plain kind, as nearly all are, at a fraction of the general machinery's cost.

FastAPI works out anew for every request what an operation depends on; on a barcode look-up that took more time than
the database. Here it is worked out once. Parameters, bodies and replies go through FastAPI's own functions and fields,
so that meaning, errors and description stay the same; `tests/web/test_handler.py` holds both ways against each other.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.params import Form
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from mainstay.web.asking import Asking
from mainstay.web.json_body import ABSENT, parse_body, read_body
from mainstay.web.parameters import QueryReader
from mainstay.web.repeats import Answer, Call, call_of, is_repeatable
from mainstay.web.routing import ActorFor, Edge, WorkFor
from mainstay.work import ANONYMOUS, UnitOfWork

_JSON = (b"content-type", b"application/json")
# The key of a right that a router demands for all its routes: no parameter of the function takes it.
_UNNAMED = ""


def is_plain(route: APIRoute) -> bool:
    """Whether `route` is an async function with our dependencies only, that takes JSON or nothing and gives JSON."""
    dependant = route.dependant
    rights = [part.call for part in dependant.dependencies]
    shapes_reply = (
        route.response_model_include
        or route.response_model_exclude
        or route.response_model_exclude_unset
        or route.response_model_exclude_defaults
        or route.response_model_exclude_none
    )
    wants_more = (
        dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.http_connection_param_name
        or dependant.websocket_param_name
    )
    return (
        inspect.iscoroutinefunction(route.endpoint)
        and all(isinstance(call, WorkFor | ActorFor | Asking) for call in rights)
        and sum(isinstance(call, WorkFor) for call in rights) <= 1
        and isinstance(route.response_class, DefaultPlaceholder)
        and not shapes_reply
        and not wants_more
        and not (route.body_field is not None and isinstance(route.body_field.field_info, Form))
    )


class PlainHandler:
    """Serves one plain route, as an ASGI application."""

    def __init__(self, route: APIRoute) -> None:
        dependant = route.dependant
        self._endpoint = route.endpoint
        self._status = route.status_code or 200
        self._field = route.response_field
        self._dependant = dependant
        self._call = f"{'/'.join(sorted(route.methods or ()))} {route.path_format}"
        self._is_repeatable = is_repeatable(route.endpoint)
        self._embeds = route._embed_body_fields  # noqa: SLF001  the only place where FastAPI keeps it
        parts = [(part.name or _UNNAMED, part.call) for part in dependant.dependencies]
        self._asking = next(
            ((part.name or _UNNAMED, part.call) for part in dependant.dependencies if isinstance(part.call, Asking)),
            None,
        )
        fields = [field for part in (dependant, *dependant.dependencies) for field in part.query_params]
        self._query = QueryReader(fields) if fields else None
        self._path = [(field, field.alias) for field in dependant.path_params]
        self._work = next(((name, call) for name, call in parts if isinstance(call, WorkFor)), None)
        self._actors = [(name, call) for name, call in parts if isinstance(call, ActorFor)]

    @property
    def has_work(self) -> bool:
        """Whether the route does what it does in a UnitOfWork of the request's."""
        return self._work is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request: who asks, what for, the answer, the commit, and only then the reply."""
        edge: Edge = scope["app"].state.edge
        request = Request(scope, receive, send)
        # Read before a connection is taken from the pool: a slow sender must not hold one.
        body = await read_body(request) if self._dependant.body_params else ABSENT
        values: dict[str, Any] = {}
        for name, actor in self._actors:
            values[name] = await actor.admit(edge, scope)
        if self._work is None:
            reply = await self._answer(request, body, values)
        else:
            name, work = self._work
            async with edge.open_work(ANONYMOUS) as uow:
                values[name] = uow
                await work.admit(edge, scope, uow)
                call = call_of(scope, self._call, body) if self._is_repeatable else None
                answer = partial(self._answer, request, body, values)
                reply = await (answer() if call is None else _once(uow, call, answer))
        await reply(scope, receive, send)

    async def _answer(self, request: Request, body: bytes | None, values: dict[str, Any]) -> "Response | Reply":
        dependant = self._dependant
        errors: list[Any] = []
        for field, name in self._path:
            values[field.name], wrong = field.validate(request.path_params[name], {}, loc=("path", name))
            errors += wrong
        if self._query is not None:
            _take(values, errors, self._query.read(request.scope["query_string"]))
        if dependant.header_params:
            _take(values, errors, request_params_to_args(dependant.header_params, request.headers))
        if dependant.cookie_params:
            _take(values, errors, request_params_to_args(dependant.cookie_params, request.cookies))
        if dependant.body_params:
            content = parse_body(request, body)
            fields = dependant.body_params
            found = await request_body_to_args(
                body_fields=fields, received_body=content, embed_body_fields=self._embeds
            )
            _take(values, errors, found)
        if errors:
            raise RequestValidationError(errors)
        if self._asking is not None:
            name, asking = self._asking
            values[name] = asking.take(values)
        if dependant.request_param_name:
            values[dependant.request_param_name] = request
        response: Response | None = None
        if dependant.response_param_name:
            values[dependant.response_param_name] = response = _blank()
        values.pop(_UNNAMED, None)
        return self._reply(await self._endpoint(**values), response)

    def _reply(self, result: object, shaped: Response | None) -> "Response | Reply":
        if isinstance(result, Response):
            return result
        status = shaped.status_code if shaped is not None and shaped.status_code else self._status
        if self._field is None:
            content = b"" if status in {204, 304} else bytes(JSONResponse(jsonable_encoder(result)).body)
        else:
            value, errors = self._field.validate(result, {}, loc=("response",))
            if errors:
                raise ResponseValidationError(errors, body=result)
            content = self._field.serialize_json(value)
        return Reply(status, content, shaped.headers.raw if shaped is not None else ())


class Reply:
    """A JSON reply that is ready to be sent."""

    __slots__ = ("_content", "_headers", "_status")

    def __init__(self, status: int, content: bytes, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._status = status
        self._content = content
        self._headers = headers

    @property
    def answer(self) -> Answer:
        """What it is going to say."""
        return Answer(self._status, tuple(self._headers), self._content)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        headers = [*self._headers]
        if self._status not in {204, 304}:
            headers += [(b"content-length", str(len(self._content)).encode()), _JSON]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": self._content})


async def _once(uow: UnitOfWork, call: Call, carry_out: Callable[[], Awaitable[Response | Reply]]) -> Response | Reply:
    """Return what a call was answered before, or have it carried out and keep the answer."""
    known = await call.begin(uow)
    if known is not None:
        return Reply(known.status, known.content, known.headers)
    reply = await carry_out()
    if isinstance(reply, Response):
        answer = Answer(reply.status_code, tuple(reply.raw_headers), bytes(reply.body))
    else:
        answer = reply.answer
    await call.keep(uow, answer)
    return reply


def _take(values: dict[str, Any], errors: list[Any], found: tuple[Mapping[str, Any], list[Any]]) -> None:
    values.update(found[0])
    errors.extend(found[1])


def _blank() -> Response:
    """Return the response on which a route sets headers and a status."""
    response = Response()
    del response.headers["content-length"]
    response.status_code = 0
    return response
