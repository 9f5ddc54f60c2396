"""Operation: a route as it is served, flat, with its right, its limit and strict JSON."""

import inspect
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any, Self

import orjson
from fastapi import APIRouter, FastAPI, Request, Response, params
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from mainstay.errors import ConfigurationError, FieldProblem, InvalidInput
from mainstay.permission import Permission, Public, SignedIn
from mainstay.web.errors import MalformedJson, UnsupportedMediaType
from mainstay.web.routing import right_of

_TAKEN_OVER = frozenset({"self", "path", "endpoint", "operation_id", "max_body_size", "form_limits"})
_OPTIONS = [name for name in inspect.signature(APIRoute).parameters if name not in _TAKEN_OVER]
_NUL = "\x00"


class Operation(APIRoute):
    """One path and its methods; `right` is what it demands, `max_body_size` (bytes) what it takes at most.

    Modules write plain FastAPI routes. Nested routers cost a search through all routes at every level for every
    request, so each route is served by one of these instead, found by `mainstay.web.table`.
    """

    right: Permission | Public | SignedIn | None
    module: str
    verbs: frozenset[str]

    @classmethod
    def of(cls, route: RouteContext, prefix: str, module: str) -> Self:
        """Return the operation for a `route` that `module` declares, served under `prefix`.

        Raises ConfigurationError when it is something else than a route of FastAPI.
        """
        if not isinstance(route.original_route, APIRoute) or route.endpoint is None:
            raise ConfigurationError(f"The module {module} may declare FastAPI routes only, not {route.path}.")
        options = {name: getattr(route, name) for name in _OPTIONS}
        name = route.operation_id or f"{module}_{route.endpoint.__name__}"
        operation = cls(f"{prefix}{route.path}", route.endpoint, operation_id=name, **options)
        operation.module = module
        operation.right = right_of(operation)
        operation.verbs = frozenset(operation.methods or ())
        # Not given to FastAPI, whose own limit would answer in another shape: `mainstay.web.body_limit` keeps it.
        operation.max_body_size = route.max_body_size
        return operation

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, for JSON bodies behind a strict reader."""
        handle = super().get_route_handler()
        if self.body_field is None or isinstance(self.body_field.field_info, params.Form):
            return handle

        async def handle_json(request: Request) -> Response:
            return await handle(await _JsonRequest.read(request))

        return handle_json


def operations(routers: Iterable[APIRouter], prefix: str, module: str) -> Iterator[Operation]:
    """Yield the operations of a module's routers."""
    for router in routers:
        for route in iter_route_contexts(router.routes):
            yield Operation.of(route, prefix, module)


def operations_of(app: FastAPI) -> list[Operation]:
    """Return the operations that `app` has for routes."""
    return [route for route in app.routes if isinstance(route, Operation)]


class _JsonRequest(Request):
    """A request whose JSON has been read by the letter of RFC 8259: no NaN, no Infinity, UTF-8 only, no NUL."""

    _raw: bytes
    _value: object

    @classmethod
    async def read(cls, request: Request) -> Self:
        """Read the body; raises UnsupportedMediaType, MalformedJson and InvalidInput."""
        strict = cls(request.scope, request.receive)
        strict._raw = await request.body()
        if strict._raw:
            strict._value = _parsed(strict._raw, request.headers.get("content-type", ""))
        return strict

    async def body(self) -> bytes:
        """Return the body that was read."""
        return self._raw

    async def json(self) -> Any:  # noqa: ANN401  Starlette's own signature
        """Return what the body says."""
        return self._value


def _parsed(body: bytes, content_type: str) -> object:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType("Send JSON with the header Content-Type: application/json.")
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as failure:
        raise MalformedJson(f"The body is not valid JSON at line {failure.lineno}, column {failure.colno}.") from None
    if b"\\u0000" in body and (field := _nul(value, "")) is not None:
        problem = FieldProblem(field, "nul_character", "Text must not contain the NUL character.")
        raise InvalidInput("A text contains the NUL character, which cannot be stored.", errors=[problem])
    return value


def _nul(value: object, path: str) -> str | None:
    """Return the path of the first text with a NUL character, or None."""
    if isinstance(value, str):
        return path if _NUL in value else None
    if isinstance(value, dict):
        parts: Iterable[tuple[object, object]] = value.items()
        if any(_NUL in key for key in value):
            return path or "body"
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        return None
    return next(
        (found for name, part in parts if (found := _nul(part, f"{path}.{name}".lstrip("."))) is not None), None
    )
