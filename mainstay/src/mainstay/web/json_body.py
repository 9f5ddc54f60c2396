"""JSON bodies, read by the letter of RFC 8259: UTF-8 only, no NaN, no Infinity; and no NUL character in any text."""

from collections.abc import Iterable
from typing import Any, Self

import orjson
from fastapi import Request
from pydantic_core import PydanticUndefined

from mainstay.errors import FieldProblem, InvalidInput
from mainstay.web.errors import MalformedJson, UnsupportedMediaType

# What an empty body is: a value is missing, which is not the same as null.
ABSENT = None
_NUL = "\x00"
# How deep lists and objects may be inside each other; the deepest input of any route has five levels.
MAX_DEPTH = 32


async def read_body(request: Request) -> bytes | None:
    """Return the bytes of a body, or ABSENT when there are none."""
    return await request.body() or ABSENT


def parse_body(request: Request, body: bytes | None) -> Any:  # noqa: ANN401  whatever the sender wrote
    """Return what `body` says; raises UnsupportedMediaType, MalformedJson and InvalidInput."""
    if body is ABSENT:
        return PydanticUndefined
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType("Send JSON with the header Content-Type: application/json.")
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError as failure:
        raise MalformedJson(f"The body is not valid JSON at line {failure.lineno}, column {failure.colno}.") from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _is_deep(value):
        raise MalformedJson(f"Lists and objects may be inside each other {MAX_DEPTH} deep.")
    if b"\\u0000" in body and (field := _nul(value, "")) is not None:
        problem = FieldProblem(field, "nul_character", "Text must not contain the NUL character.")
        raise InvalidInput("A text contains the NUL character, which cannot be stored.", errors=[problem])
    return value


class JsonRequest(Request):
    """A request whose body has been read and parsed already, for FastAPI's own handler."""

    _raw: bytes
    _value: Any

    @classmethod
    async def read(cls, request: Request) -> Self:
        """Read the body; raises what `parse_body` raises."""
        strict = cls(request.scope, request.receive)
        body = await read_body(request)
        strict._raw = body or b""
        strict._value = parse_body(request, body)
        return strict

    async def body(self) -> bytes:
        """Return the body that was read."""
        return self._raw

    async def json(self) -> Any:  # noqa: ANN401  Starlette's own signature
        """Return what the body says."""
        return self._value


def _is_deep(value: object) -> bool:
    """Whether lists and objects are inside each other deeper than anybody needs; looks level by level."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [one for one in level if isinstance(one, dict | list)]
        if not containers:
            return False
        level = [part for one in containers for part in (one.values() if isinstance(one, dict) else one)]
    return True


def _nul(value: object, path: str) -> str | None:
    """Return the path of the first text with a NUL character, or None."""
    if isinstance(value, str):
        return path or "body" if _NUL in value else None
    parts: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict):
        if any(_NUL in key for key in value):
            return path or "body"
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    return next(
        (found for name, part in parts if (found := _nul(part, f"{path}.{name}".lstrip("."))) is not None), None
    )
