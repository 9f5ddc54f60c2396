"""Reading headers and the session cookie from an ASGI scope, without parsing what nobody asks for."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the first header called `name` (lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return None


def cookie(scope: Scope, name: bytes) -> str | None:
    """Return the value of the first cookie called `name`, or None when it is absent or empty.

    Every part of the program that looks at a cookie takes it from here: two readers that disagree about doubled
    cookies would be a hole.
    """
    start = name + b"="
    for key, value in scope["headers"]:
        if key == b"cookie" and start in value:
            for pair in map(bytes.strip, value.split(b";")):
                if pair.startswith(start):
                    return pair[len(start) :].decode("latin-1") or None
    return None
