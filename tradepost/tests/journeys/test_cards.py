"""A box of cards on the running program: processes are killed in the middle, and no card is lost or doubled."""

import asyncio
import io
import os
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from signal import SIGKILL
from typing import Any

import psutil
import pytest
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from families import family_of

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
PHOTOS = "/api/v1/crm/card-photos"
HEAVY = ("numpy", "onnxruntime", "cv2")
NAMES = ("Odalys Fennimore", "Barnaby Quillfeather")
LATER = "Ignatius Drummond"


def photo_of(name: str) -> bytes:
    """Return a photo of a card."""
    return as_bytes(photograph([(draw_card([(name, 58, 150), ("Kestrel Tools Ltd", 52, 40)]), TILTED)]))


def packed(names: tuple[str, ...]) -> bytes:
    """Return an archive of photos."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number, name in enumerate(names):
            made.writestr(f"{number}.jpg", photo_of(name))
    return out.getvalue()


def readers(program: ProgramProcess) -> list[psutil.Process]:
    """Return the processes in which pictures are read."""
    family = family_of(program.pid)
    return [process for process, line in family.items() if any("spawn_main" in part for part in line)]


def heavy_in(process: psutil.Process) -> set[str]:
    """Return what is heavy among what a process has loaded, nothing once it has ended."""
    with suppress(psutil.NoSuchProcess):
        return {part for one in process.memory_maps() for part in HEAVY if f"/{part}/" in one.path}
    return set()


def worker_of(program: ProgramProcess) -> psutil.Process:
    """Return the process that runs jobs."""
    return next(process for process, line in family_of(program.pid).items() if line[-2:] == ["child", "worker"])


async def until(ask: Callable[[], Awaitable[Any]], seconds: float = 90) -> Any:  # noqa: ANN401  whatever is asked for
    """Ask again and again until there is an answer."""
    deadline = clock.monotonic() + seconds
    while not (answer := await ask()):
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.02)
    return answer


async def send(client: Client, batch_id: str, content: bytes) -> None:
    """Send a file."""
    params = {"id": str(ids.new_id()), "batch_id": batch_id, "filename": "fair.zip"}
    answer = await client.post(PHOTOS, params=params, content=content)
    assert answer.status_code == 201, answer.text


async def batch(client: Client, batch_id: str) -> dict[str, Any]:
    """Return how far a batch is."""
    found: dict[str, Any] = (await client.get(f"/api/v1/crm/card-batches/{batch_id}")).json()
    return found


async def names_in(client: Client, batch_id: str) -> list[str]:
    """Return the names on the drafts of a batch."""
    cards = (await client.get("/api/v1/crm/cards", params={"batch_id": batch_id, "state": "draft"})).json()
    return sorted(card["name"] for card in cards["items"])


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.practice(82)
async def test_killed_readers_and_workers_lose_and_double_no_card(start_program: StartProgram) -> None:
    program = start_program()
    async with program.owner() as owner:
        first = str(ids.new_id())
        await send(owner, first, packed(NAMES))

        async def is_being_read() -> list[psutil.Process]:
            return readers(program) if (await batch(owner, first))["reading"] else []

        (reader,) = await until(is_being_read)
        reader.kill()

        async def is_read() -> bool:
            return bool((await batch(owner, first))["done"] == len(NAMES))

        await until(is_read)
        assert await names_in(owner, first) == sorted(NAMES)
        jobs = [line for line in program.log() if line.get("job") == "crm.read_photo"]
        assert "retried" in {line["outcome"] for line in jobs}

        for process, line in family_of(program.pid).items():
            if process not in readers(program):
                assert not heavy_in(process), f"{line} has loaded what is heavy"

        await kill_the_worker(program, owner)
        left = readers(program)
        assert left
        assert program.stop() == 0
        assert psutil.wait_procs(left, timeout=20)[1] == []

        written = program.log_path.read_text() + program.notes()
        assert not [name for name in (*NAMES, LATER) if name in written]


async def kill_the_worker(program: ProgramProcess, owner: Client) -> None:
    """Kill the process that runs jobs in the middle of a picture; its reader ends too, and the picture is read once."""
    batch_id = str(ids.new_id())
    await send(owner, batch_id, packed((LATER,)))

    async def is_being_read() -> bool:
        return bool((await batch(owner, batch_id))["reading"])

    await until(is_being_read)
    orphans = readers(program)
    os.kill(worker_of(program).pid, SIGKILL)
    assert psutil.wait_procs(orphans, timeout=20)[1] == []

    async def is_read() -> bool:
        return bool((await batch(owner, batch_id))["done"])

    await until(is_read)
    assert await names_in(owner, batch_id) == [LATER]
