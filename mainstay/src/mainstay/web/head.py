"""Reading the head of a request: headers and cookies from an ASGI scope, without parsing what nobody asks for."""

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


def bearer(scope: Scope) -> str | None:
    """Return what `Authorization: Bearer` carries (RFC 6750), perhaps nothing; None without such a header.

    Whoever decides by it whether a request has a bearer takes it from here, for the reason that cookies have.
    """
    given = header(scope, b"authorization")
    if given is None or given[:6].lower() != b"bearer" or given[6:7] not in {b"", b" "}:
        return None
    return given[7:].strip().decode("latin-1")


def has_body(scope: Scope) -> bool:
    """Whether a body may follow: HTTP/1.1 says so by one of two headers (RFC 9112, 6.3), later versions need not."""
    if scope["http_version"] not in {"1.0", "1.1"}:
        return True
    said = [(name, value) for name, value in scope["headers"] if name in {b"content-length", b"transfer-encoding"}]
    return any(value != b"0" for _, value in said)
