"""Files kept in memory and sent quickly: with their type, an entity tag, and a compressed form where there is one."""

import hashlib
import mimetypes
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from starlette.types import Scope, Send

from mainstay.web.encodings import choose, packed_for_ever
from mainstay.web.head import header

REVALIDATE = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
# The system's table of types differs between machines.
_TYPES = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".webp": "image/webp",
        ".woff2": "font/woff2",
    }
)
Headers = list[tuple[bytes, bytes]]


def media_type(name: str) -> str:
    """Return the type of a file by its name."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to send a file: as it is, or compressed (`encoding`)."""

    body: bytes
    encoding: bytes = b""
    headers: Headers = field(default_factory=list)
    tag: bytes = b""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its forms, the best first; the last is always the plain one."""

    forms: tuple[Form, ...]

    @classmethod
    def of(cls, body: bytes, kind: str, cache: str, compressed: dict[str, bytes] | None = None) -> Self:
        """Make a file from its content, its type and its Cache-Control; `compressed` by encoding, the best first."""
        bodies = {**(compressed or {}), "": body}
        digest = hashlib.sha256(body).hexdigest()[:20]
        forms = []
        for encoding, data in bodies.items():
            tag = f'"{digest}{"-" if encoding else ""}{encoding}"'.encode()
            headers = [(b"content-type", kind.encode()), (b"cache-control", cache.encode()), (b"etag", tag)]
            if encoding:
                headers.append((b"content-encoding", encoding.encode()))
            if len(bodies) > 1:
                headers.append((b"vary", b"accept-encoding"))
            forms.append(Form(data, encoding.encode(), headers, tag))
        return cls(tuple(forms))

    @classmethod
    def packed(cls, body: bytes, kind: str, cache: str) -> Self:
        """Make a file and its compressed forms, which takes a second for a megabyte."""
        return cls.of(body, kind, cache, packed_for_ever(body))

    async def send(self, scope: Scope, send: Send, status: int = 200) -> None:
        """Answer GET or HEAD with the file, or with 304 when the caller has it already."""
        form = self._form_for(header(scope, b"accept-encoding") or b"")
        known = header(scope, b"if-none-match")
        if status == 200 and known is not None and matches(known, form.tag):
            kept = [(name, value) for name, value in form.headers if name != b"content-type"]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send({"type": "http.response.body", "body": b""})
            return
        headers = [*form.headers, (b"content-length", str(len(form.body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else form.body})

    def _form_for(self, accepted: bytes) -> Form:
        if len(self.forms) == 1:
            return self.forms[0]
        chosen = choose(accepted, tuple(form.encoding.decode() for form in self.forms[:-1])).encode()
        return next(form for form in self.forms if form.encoding == chosen)


def matches(known: bytes, tag: bytes) -> bool:
    """Whether an If-None-Match header names `tag` (RFC 9110, 13.1.2: compared weakly)."""
    return known.strip() == b"*" or any(each.strip().removeprefix(b"W/") == tag for each in known.split(b","))
