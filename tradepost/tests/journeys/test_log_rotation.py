"""The log files of the running program: three processes fill them, they make room, and no line is lost or torn."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.testing.process import ProgramProcess, make_folder

MIB = 1024 * 1024
KEPT = 3
PATIENCE = 180.0
# Of a path this much is in its line.
LONG_PATH = "/" + "a" * 500


@pytest.fixture
async def filling(program: Program) -> AsyncIterator[ProgramProcess]:
    """The program with two API processes and the smallest log files."""
    folder = make_folder()
    settings = {"FILE": str(folder / "logs" / "shop.log"), "FILE_MIB": "1", "FILES_KEPT": str(KEPT)}
    variables = {f"TRADEPOST_LOG_{name}": value for name, value in settings.items()}
    process = ProgramProcess(program.name, folder, "--workers", "2", TRADEPOST_LIMITS_READ="1000000", **variables)
    try:
        await asyncio.to_thread(process.start)
        yield process
    finally:
        await asyncio.to_thread(process.stop)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.practice(58)
async def test_full_files_make_room_while_all_processes_write_and_no_line_is_lost(filling: ProgramProcess) -> None:
    logs = filling.folder / "logs"
    sent: list[str] = []

    async def ask(caller: int) -> None:
        """Ask on, on connections that either process takes, until the oldest file that is kept is there."""
        while not (logs / f"shop.log.{KEPT}").exists():
            assert clock.monotonic() < deadline, "it does not rotate"
            async with filling.client() as client:
                for _ in range(50):
                    name = f"fill-{caller}-{len(sent)}"
                    sent.append(name)
                    reply = await client.get(LONG_PATH, headers={"X-Request-ID": name})
                    assert reply.status_code in {200, 404}

    deadline = clock.monotonic() + PATIENCE
    await asyncio.gather(*map(ask, range(4)))
    await asyncio.to_thread(filling.stop)

    files = sorted(logs.glob("shop.log*"))
    assert [each.name for each in files] == ["shop.log", *(f"shop.log.{number}" for number in range(1, KEPT + 1))]
    # Each process may put its line behind one that another has written since it looked.
    assert all(each.stat().st_size < MIB + 3 * 2000 for each in files)
    lines = [json.loads(line) for each in files for line in each.read_text().splitlines()]
    told = [line["request_id"] for line in lines if line["event"] == "request"]
    assert sorted(told) == sorted(set(sent)), "each request has its line, and one of its own"
    # Whatever file it is in by now, it is found.
    assert found(filling, sent[0]) == ["request"]


def found(program: ProgramProcess, name: str) -> list[str]:
    """Return the events that the command `logs` finds of a request."""
    command = [sys.executable, "-m", program.package, "logs", "--json", "--request", name]
    done = subprocess.run(command, env=program._variables(), capture_output=True, check=True)
    return [json.loads(line)["event"] for line in done.stdout.splitlines()]
