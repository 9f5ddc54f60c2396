"""A line between an engine of a test and the program that asks Google's text recognition for it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tradepost.crm.cards.asking import FarEnd, NearEnd, Vision


@contextmanager
def answered_by(vision: Vision) -> Iterator[FarEnd]:
    """Have questions answered in a thread, as the program does; yield the end of whoever asks."""
    near, far = socket.socketpair()

    async def serve() -> None:
        end = NearEnd(*await asyncio.open_unix_connection(sock=near))
        # The other end closes it, or says what it must not say.
        with suppress(asyncio.IncompleteReadError, ValueError):
            await vision.serve(end)
        end.writer.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield FarEnd(far, vision.access.seconds)
    finally:
        far.close()
        thread.join(20)
