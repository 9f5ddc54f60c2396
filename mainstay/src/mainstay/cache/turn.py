"""Whose turn it is, of all processes, to work out an answer: one does, the others wait for it a while."""

import asyncio
from typing import Final

from mainstay import clock, crypto
from mainstay.cache.shared import Shared

# Seconds between two looks at the store, at first and at most.
FIRST_PAUSE: Final = 0.005
LONGEST_PAUSE: Final = 0.05


class Turn:
    """The turn of one request, which asks for its whole process; without a store it has it at once."""

    def __init__(self, shared: Shared | None, key: str, version: str) -> None:
        self._shared, self._key, self._version = shared, key, version
        self._token = crypto.new_token()
        self._may_have_it = False
        self.is_late = False

    async def taken(self, patience: float) -> bytes | None:
        """Return what another has worked out, or None when it is this one's turn, or it has waited long enough.

        Others of this process wait for `patience` seconds, so this one waits for half of it: the rest is for working
        it out. A turn lasts as long as anybody waits for it.
        """
        if self._shared is None:
            return None
        deadline, pause = clock.monotonic() + patience / 2, FIRST_PAUSE
        while True:
            # Before it is known: whoever is cancelled while they ask may have it.
            self._may_have_it = True
            found = await self._shared.ask(self._key, self._version, self._token, patience)
            self._may_have_it = found is True
            if found is not False:
                return found if isinstance(found, bytes) else None
            left = deadline - clock.monotonic()
            if left <= 0:
                self.is_late = True
                return None
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)

    async def ended(self) -> None:
        """Let the next one have it, if this one had."""
        if self._shared is not None and self._may_have_it:
            await self._shared.end(self._key, self._version, self._token)
