"""Opens slow connections and keeps them slow, as an attacker does: `python -m benchmarks.slowly PORT COUNT [--tls]`.

A third says nothing, a third sends a head letter by letter, a third a body. A connection that is cut off is opened
again after a second. It prints `open N` once a second, until its standard input ends.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import ssl
import sys
from pathlib import Path

# An address of its own: limits by address must not mistake it for the honest ones.
SOURCE = "127.0.0.2"
# Seconds between two drops.
PAUSE = 5.0
HEAD = b"POST /api/v1/identity/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BEGINNINGS = (b"", HEAD + b"X-A: ", HEAD + b"Content-Length: 1000\r\n\r\n")


class Slow:
    """Many slow connections to one port."""

    def __init__(self, port: int, *, is_tls: bool) -> None:
        self._port = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if is_tls else None
        if self._context is not None:  # it is our own server, whoever it says it is
            self._context.check_hostname = False
            self._context.verify_mode = ssl.CERT_NONE
        self.open = 0
        self.is_over = False

    async def keep(self, number: int) -> None:
        """Keep one connection open and slow for ever."""
        kind = number % len(BEGINNINGS)
        await asyncio.sleep(number / 1000)
        # A cancellation can be lost while a connection is being refused (asyncio.wait_for of 3.11).
        while not self.is_over:
            # Silent ones do not even begin to speak of encryption.
            context = self._context if kind else None
            with contextlib.suppress(OSError, TimeoutError):
                await self._once(BEGINNINGS[kind], context)
            await asyncio.sleep(1)

    async def _once(self, beginning: bytes, context: ssl.SSLContext | None) -> None:
        connecting = asyncio.open_connection("127.0.0.1", self._port, ssl=context, local_addr=(SOURCE, 0))
        reader, writer = await asyncio.wait_for(connecting, 30)
        self.open += 1
        reading = asyncio.create_task(reader.read())
        try:
            writer.write(beginning)
            while not reading.done():
                await asyncio.wait({reading}, timeout=PAUSE)
                if beginning and not reading.done():
                    writer.write(b"a")
            await reading
        finally:
            self.open -= 1
            reading.cancel()
            writer.close()


def step_aside() -> None:
    """Take only what others leave of the processors: an attacker's own work is done on other machines."""
    os.nice(19)
    # Linux shares processors between sessions first, and niceness counts within one: the starter gives it its own.
    autogroup = Path("/proc/self/autogroup")
    if autogroup.exists():
        autogroup.write_text("19")


async def main() -> None:
    """Open them, and tell how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    step_aside()
    slow = Slow(options.port, is_tls=options.tls)
    tasks = [asyncio.create_task(slow.keep(number)) for number in range(options.count)]
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not ended.done():
        await asyncio.wait({ended}, timeout=1)
        print(f"open {slow.open}", flush=True)
    slow.is_over = True
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main())
