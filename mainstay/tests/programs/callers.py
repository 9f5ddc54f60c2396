"""Callers that retry nothing: they count what they were answered, and what was lost."""

import asyncio
from collections import Counter

# How they call: on one connection at once, on one with pauses, on a new one each time, and for slow answers.
KINDS = ("busy", "pausing", "new", "slow")


async def call(port: int, paths: dict[str, str], kind: str, outcomes: Counter[str]) -> None:
    """Send requests until the connection is refused.

    Counts answers by their status; "lost" is a request that was sent on an open connection and never answered.
    """
    close = "Connection: close\r\n" if kind == "new" else ""
    request = f"GET {paths.get(kind, paths['busy'])} HTTP/1.1\r\nHost: localhost\r\n{close}\r\n".encode()
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            outcomes["refused"] += 1
            return
        is_open = True
        while is_open:
            is_open = await _exchange(reader, writer, request, outcomes)
            if kind == "pausing":
                await asyncio.sleep(0.05)
        writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, outcomes: Counter[str]
) -> bool:
    """Send one request and count its outcome; say whether the connection stays open."""
    try:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].split("\r")[0]))
    except (ConnectionError, asyncio.IncompleteReadError):
        outcomes["lost"] += 1
        return False
    outcomes[head[9:12]] += 1
    return "connection: close" not in head


async def listen(port: int, path: str) -> str:
    """Follow server-sent events; say whether the reply was brought to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    reply = await reader.read()
    writer.close()
    return "ended" if reply.endswith(b"0\r\n\r\n") else f"cut off: {reply[-40:]!r}"
