"""Asks Google's text recognition for the processes that read cards: they reach nothing outside by themselves.

The program holds one end of a line, calls the service as its partner and knows its key; a process that reads cards has
the other end, sends the question and says whether the answer made sense. A frame is its kind, its length and its text.
"""

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Final, Protocol

from mainstay.net.breakers import Rule
from mainstay.net.calls import Call
from mainstay.net.client import Client
from mainstay.net.destination import Destination
from mainstay.net.failures import LEFT_ALONE, CallFailed
from mainstay.net.partners import Judged, Manner, Partners
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.calling import Caller, Request
from tradepost.crm.cards.limits import MEBI

# Failures in a row after which the service is left alone: each may take all the seconds that a card is given.
MOST_FAILURES: Final = 3
MOST_QUESTION: Final = 32 * MEBI
# Beyond the seconds of a call: a program that does not answer even then has been stopped.
SPARE_SECONDS: Final = 30.0
# What a process is told when the service is not even asked.
NOT_ASKED: Final = "breaker_open"

_HEAD: Final = struct.Struct("!cI")
QUESTION: Final = b"?"
ANSWER: Final = b"+"
FAILURE: Final = b"-"
VERDICT: Final = b"!"


class Line(Protocol):
    """The way to the service for a process that reads cards."""

    def ask(self, question: bytes) -> bytes:
        """Return an answer, of which `judge` must be told next. Raises CallFailed."""
        ...

    def judge(self, code: str = "") -> None:
        """Say why the answer shows that the service is not well; nothing when it is."""
        ...


class FarEnd:
    """The line of a process that reads cards and has no event loop."""

    def __init__(self, end: socket.socket, seconds: float) -> None:
        self._end = end
        end.settimeout(seconds + SPARE_SECONDS)

    def ask(self, question: bytes) -> bytes:
        """Send a question and return its answer. Raises CallFailed."""
        try:
            self._end.sendall(_HEAD.pack(QUESTION, len(question)) + question)
            kind, length = _HEAD.unpack(self._received(_HEAD.size))
            content = self._received(length)
        except OSError as failure:
            raise CallFailed("the program does not answer", "unreachable") from failure
        if kind == ANSWER:
            return content
        code, _, sentence = content.decode().partition("\n")
        raise CallFailed(sentence, code)

    def judge(self, code: str = "") -> None:
        """Send what became of the answer."""
        self._end.sendall(_HEAD.pack(VERDICT, len(code)) + code.encode())

    def _received(self, length: int) -> bytes:
        content = bytearray()
        while len(content) < length:
            piece = self._end.recv(length - len(content))
            if not piece:
                raise ConnectionError("the line is closed")
            content += piece
        return bytes(content)


@dataclass(frozen=True, slots=True)
class NearEnd:
    """The program's end of a line."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def receive(self, kind: bytes, most: int) -> bytes:
        """Return the text of the next frame, which is of this kind. Raises ValueError for another one."""
        found, length = _HEAD.unpack(await self.reader.readexactly(_HEAD.size))
        if found != kind or length > most:
            raise ValueError("a process that reads cards said what it must not say")
        return await self.reader.readexactly(length)

    async def send(self, kind: bytes, content: bytes) -> None:
        """Send a frame."""
        self.writer.write(_HEAD.pack(kind, len(content)) + content)
        await self.writer.drain()


class Vision:
    """Google's text recognition as a partner: asked once for each card, left alone for a while after failures."""

    def __init__(self, access: VisionAccess, client: Client, partners: Partners) -> None:
        self.access = access
        self._caller = Caller(client, access.seconds)
        self._now = client.pace.now
        # The tries end by themselves after the seconds of a card.
        manner = Manner(access.seconds + 1, _judged, Rule(MOST_FAILURES, access.rest))
        self._partner = partners.partner(f"vision://{Destination.of(access.url).name}", manner)

    async def serve(self, end: NearEnd) -> None:
        """Answer the questions of one process until it is cancelled."""
        while True:
            question = await end.receive(QUESTION, MOST_QUESTION)
            try:
                async with self._partner.calling("card") as call:
                    await self._answer(end, question, call)
            except CallFailed as failure:
                code = NOT_ASKED if failure.code == LEFT_ALONE else failure.code
                await end.send(FAILURE, f"{code}\n{failure}".encode())

    async def _answer(self, end: NearEnd, question: bytes, call: Call) -> None:
        began = self._now()
        answer = await self._caller.post(Request(self.access.url, self._headers(), question))
        # A picture has several cards and one time limit: answers that take so long would use it up.
        is_slow = self._now() - began >= self.access.seconds / 2
        # The service has done its part: what follows is the time of the process.
        call.deadline.reschedule(None)
        await end.send(ANSWER, answer)
        # Only whoever reads the answer can say whether it makes sense.
        code = (await end.receive(VERDICT, 100)).decode()
        if code or is_slow:
            call.found_ill(code or "slow")

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("X-Goog-Api-Key", self.access.key.get_secret_value()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            ("User-Agent", "tradepost"),
        )


def _judged(failure: Exception) -> Judged:
    """Say what a failure tells of the service; a process that reads cards and has ended tells nothing of it."""
    if isinstance(failure, CallFailed):
        return Judged(failure.code, is_well=None if failure.is_ours else False)
    return Judged("failed", is_well=None)
