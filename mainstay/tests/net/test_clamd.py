"""Asking clamd: what it is sent, how its answers are read, and that silence is a failure and never "clean"."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mainstay.net.clamd import ScannerFailed, ScannerPlace, place_of, scan

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for each in given:
        yield each


@asynccontextmanager
async def scanner(folder: Path, answer: Answer) -> AsyncIterator[str]:
    """Run something that answers like clamd, or not, and yield its address."""
    server = await asyncio.start_unix_server(answer, folder / "clamd.sock")
    async with server:
        yield f"unix://{folder}/clamd.sock"


def saying(text: bytes, heard: bytearray) -> Answer:
    """Return a scanner that takes a stream as clamd does and says `text` of it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            heard.extend(await reader.readexactly(size))
        writer.write(text + b"\0")
        await writer.drain()
        writer.close()

    return answer


async def test_what_is_clean_is_told_so_after_all_was_sent(tmp_path: Path) -> None:
    heard = bytearray()
    async with scanner(tmp_path, saying(b"stream: OK", heard)) as url:
        assert await scan(url, pieces(b"ab", b"", b"c" * 300_000), 5) is None
    assert bytes(heard) == b"ab" + b"c" * 300_000


async def test_what_is_found_is_told_by_its_name(tmp_path: Path) -> None:
    async with scanner(tmp_path, saying(b"stream: Eicar-Test-Signature FOUND", bytearray())) as url:
        assert await scan(url, pieces(b"x"), 5) == "Eicar-Test-Signature"


@pytest.mark.parametrize("text", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OK or so", b"x" * 9000])
async def test_any_other_answer_is_a_failure(tmp_path: Path, text: bytes) -> None:
    async with scanner(tmp_path, saying(text, bytearray())) as url:
        with pytest.raises(ScannerFailed):
            await scan(url, pieces(b"x"), 5)


async def test_a_scanner_that_hangs_is_given_up(tmp_path: Path) -> None:
    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _reader.read()
        writer.close()

    async with scanner(tmp_path, hang) as url:
        with pytest.raises(ScannerFailed, match="TimeoutError"):
            await scan(url, pieces(b"x"), 0.2)


async def test_a_scanner_that_is_away_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ScannerFailed):
        await scan(f"unix://{tmp_path}/nobody.sock", pieces(b"x"), 5)


def test_its_place_is_read_from_its_address() -> None:
    assert place_of("unix:///run/clamd.sock") == ScannerPlace(socket="/run/clamd.sock")
    assert place_of("tcp://scanner") == ScannerPlace(host="scanner", port=3310)
    assert place_of("tcp://scanner:7").port == 7


@pytest.mark.parametrize("url", ["scanner:3310", "http://scanner", "unix://run/clamd.sock", "tcp://", "tcp://a/b"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="it must look like"):
        place_of(url)
