"""How answers of the API reach who asked: compressed if they are large, and not at all if they are known already."""

import asyncio
import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.encodings import PACKERS, WORTH_PACKING, choose
from mainstay.web.files import matches
from mainstay.web.head import header
from mainstay.web.place import place_of

# Bytes from which hashing and packing would hold up everybody else: they go to a thread.
LARGE = 64 * 1024
_JSON = b"application/json"
# A reply that states one of these has its own way.
_OWN_WAY = frozenset({b"cache-control", b"content-disposition", b"content-encoding", b"etag", b"set-cookie"})
_OF_THE_PLAIN_BODY = frozenset({b"content-length"})
_OF_A_BODY = frozenset({b"content-length", b"content-type"})
_PRIVATE = (b"cache-control", b"private, no-cache")
# For a browser with a session: the next person at it could look at what it keeps.
_UNSTORED = (b"cache-control", b"no-store")
# The same address gives other people other things.
_VARY = (b"vary", b"Accept-Encoding, Authorization, Cookie")


class Delivery:
    """Gives answers to reads an entity tag, and sends 304 in place of an answer that the caller has already.

    For JSON that was made as a whole and is good (200). Streams, files to be saved, errors, and replies with a cookie,
    a tag or a way of being stored of their own pass unchanged, as do routes that are marked `unkept`. The answer is
    made anew each time, for who asks now, and its tag is compared with what they have: nobody is told 304 for what
    they could not read. Browsers with a session store nothing (`no-store`); other callers may keep an answer, and must
    ask again before they show it (`private, no-cache`).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        operation = place_of(scope).operation
        if scope["method"] != "GET" or operation is None or not operation.is_kept:
            await self._app(scope, receive, send)
            return
        held: Message | None = None

        async def send_delivered(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_ours(message):
                held = message
            elif held is None:
                await send(message)
            elif message.get("more_body", False):
                start, held = held, None
                await send(start)
                await send(message)
            else:
                start, held = held, None
                await _deliver(scope, start, message.get("body", b""), send)

        await self._app(scope, receive, send_delivered)


def _is_ours(start: Message) -> bool:
    """Whether an answer is JSON of a known length that has no way of its own."""
    if start["status"] != 200:
        return False
    is_json = is_whole = False
    for name, value in start["headers"]:
        if name in _OWN_WAY:
            return False
        is_json = is_json or (name == b"content-type" and value.startswith(_JSON))
        is_whole = is_whole or name == b"content-length"
    return is_json and is_whole


async def _deliver(scope: Scope, start: Message, body: bytes, send: Send) -> None:
    encoding = choose(header(scope, b"accept-encoding") or b"") if len(body) >= WORTH_PACKING else ""
    known = header(scope, b"if-none-match")
    if len(body) < LARGE:
        tag, content = _make(body, encoding, known)
    else:
        tag, content = await asyncio.to_thread(_make, body, encoding, known)
    status, dropped = (304, _OF_A_BODY) if content is None else (200, _OF_THE_PLAIN_BODY)
    headers = [line for line in start["headers"] if line[0] not in dropped]
    headers += [(b"etag", tag), _PRIVATE if header(scope, b"cookie") is None else _UNSTORED, _VARY]
    if content is not None:
        headers.append((b"content-length", str(len(content)).encode()))
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content or b""})


def _make(body: bytes, encoding: str, known: bytes | None) -> tuple[bytes, bytes | None]:
    """Return the tag of a body in an encoding, and the body so encoded; None when the caller knows it."""
    digest = hashlib.sha256(body).hexdigest()[:32]
    tag = f'"{digest}{"-" if encoding else ""}{encoding}"'.encode()
    if known is not None and matches(known, tag):
        return tag, None
    return tag, PACKERS[encoding](body) if encoding else body
