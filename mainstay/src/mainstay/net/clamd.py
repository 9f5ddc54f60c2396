"""Asking clamd, ClamAV's scanner, about bytes that are sent to it piece by piece (its command INSTREAM)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from mainstay.net.failures import TIMEOUT, UNREACHABLE, CallFailed
from mainstay.net.partners import Judged, Manner, Partner, Partners

PORT = 3310
_LONGEST_ANSWER = 4096


class ScannerFailed(Exception):
    """The scanner cannot be reached, does not answer in time, or cannot take the file."""


class FileNotTaken(ScannerFailed):
    """The scanner answered, and cannot take this one file."""


@dataclass(frozen=True, slots=True)
class ScannerPlace:
    """Where a scanner listens: at a socket of this machine, or at a host and port."""

    socket: str | None = None
    host: str = ""
    port: int = PORT


def place_of(url: str) -> ScannerPlace:
    """Return what a URL names. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return ScannerPlace(socket=parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.path in {"", "/"}:
        return ScannerPlace(host=parts.hostname, port=parts.port or PORT)
    raise ValueError("it must look like tcp://host:3310 or unix:///run/clamd.sock")


def scanner_at(url: str, timeout: float, partners: Partners) -> Partner:
    """Return the scanner as a partner. Raises ValueError for a URL that names none."""
    place = place_of(url)
    where = f"{place.host}:{place.port}" if place.socket is None else place.socket
    # Its own limit ends a scan with a better word; this one is for whatever else is in the way.
    return partners.partner(f"clamd://{where}", Manner(timeout + 1, _judged))


async def scan_by(scanner: Partner, url: str, pieces: AsyncIterator[bytes], timeout: float) -> str | None:
    """Do what `scan` does, unless the scanner is left alone. Raises ScannerFailed."""
    try:
        async with scanner.calling("scan"):
            return await scan(url, pieces, timeout)
    except CallFailed as failure:
        raise ScannerFailed(str(failure)) from failure


def _judged(failure: Exception) -> Judged:
    if isinstance(failure, FileNotTaken):
        return Judged("not_taken", is_well=True)
    if isinstance(failure, ScannerFailed):
        is_late = isinstance(failure.__cause__, TimeoutError)
        return Judged(TIMEOUT if is_late else UNREACHABLE, is_well=False)
    # What was to be scanned could not be read.
    return Judged("failed", is_well=None)


async def scan(url: str, pieces: AsyncIterator[bytes], timeout: float) -> str | None:
    """Return the name of what was found in the bytes, or None when they are clean. Raises ScannerFailed."""
    try:
        async with asyncio.timeout(timeout):
            answer = await _ask(place_of(url), pieces)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as failure:
        raise ScannerFailed(f"The scanner does not answer ({type(failure).__name__}).") from failure
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise FileNotTaken(f"The scanner cannot take the file: {answer[:200]}")


async def _ask(place: ScannerPlace, pieces: AsyncIterator[bytes]) -> str:
    if place.socket is not None:
        reader, writer = await asyncio.open_unix_connection(place.socket, limit=_LONGEST_ANSWER)
    else:
        reader, writer = await asyncio.open_connection(place.host, place.port, limit=_LONGEST_ANSWER)
    # It may answer and hang up before it has everything: what it says is read as soon as it comes.
    answer = asyncio.ensure_future(reader.readuntil(b"\0"))
    try:
        with suppress(ConnectionError):
            await _send(writer, pieces, answer)
        return (await answer)[:-1].decode(errors="replace").strip()
    finally:
        answer.cancel()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes], answer: "asyncio.Future[bytes]") -> None:
    writer.write(b"zINSTREAM\0")
    async for piece in pieces:
        if answer.done():
            return
        if piece:
            writer.write(len(piece).to_bytes(4, "big") + piece)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
