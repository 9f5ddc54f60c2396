"""The numbers of a worker process, told to Prometheus at a port of this machine: a worker serves nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from mainstay import crypto
from mainstay.web.metrics import PATH, TEXT, MetricsSettings, Tell

PATIENCE: Final = 5.0
LONGEST_HEAD: Final = 8192

logger = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def told(settings: MetricsSettings, tell: Tell) -> AsyncIterator[None]:
    """Tell the numbers inside the block, where the settings have a token and a port.

    A port that is taken, by another worker of this machine perhaps, is no reason not to work.
    """
    if settings.token is None or settings.worker_port is None:
        yield
        return
    wanted = f"GET {PATH} "
    bearer = f"Bearer {settings.token.get_secret_value()}"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                writer.write(await _reply(head, wanted, bearer, tell))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, "127.0.0.1", settings.worker_port, limit=LONGEST_HEAD)
    except OSError as failure:
        logger.warning("metrics", outcome="not told", port=settings.worker_port, reason=str(failure))
        yield
        return
    async with server:
        yield


async def _reply(head: str, wanted: str, bearer: str, tell: Tell) -> bytes:
    first, _, rest = head.partition("\r\n")
    fields = dict(line.partition(": ")[::2] for line in rest.split("\r\n"))
    given = next((value for name, value in fields.items() if name.lower() == "authorization"), "")
    if not first.startswith(wanted):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    if not crypto.is_equal(given, bearer):
        return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    content = (await tell()).text().encode()
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: " + TEXT, b"Content-Length: %d" % len(content), b"Connection: close")
    return b"\r\n".join((*lines, b"", content))
