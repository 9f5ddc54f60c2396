"""A disk that is full to the last byte: the program says so, loses no sale, and goes on when there is room.

The disk is one of memory that the test mounts, which needs root.
"""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from shopfloor import line_in, sale_in
from shopfloor.busy import LEVELS_DIFFERING, BusyShop, open_busy_shop

from mainstay import clock
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess, make_folder

SALES = "/api/v1/pos/sales"
SOLD = "SELECT count(*) FROM pos_sale WHERE id = any(%s::uuid[])"
SIZE = 500
LEAST = 64
MEGABYTE = bytes(1024 * 1024)
PATIENCE = 60.0


@pytest.fixture
def small_disk(program: Program) -> Iterator[ProgramProcess]:
    """A running program whose data lie on a disk of 500 MB; below 64 it is not ready."""
    folder = make_folder()
    data = folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=0711", "tmpfs", data], check=True)
    process = ProgramProcess(program.name, folder, TRADEPOST_HEALTH_DISK_FREE_MB=str(LEAST))
    try:
        process.start()
        yield process
    finally:
        process.stop()
        subprocess.run(["umount", "--lazy", data], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def fill(path: Path, leave: int) -> None:
    """Write until there are at most `leave` bytes left; not one, when that is 0."""
    with path.open("ab", buffering=0) as file:
        while shutil.disk_usage(path).free > leave:
            file.write(MEGABYTE)


async def until_ready(client: Client, status: int) -> list[str]:
    """Ask until readiness answers so; return what it names."""
    deadline = clock.monotonic() + PATIENCE
    while True:
        with suppress(httpx2.TransportError):
            answer = await client.get("/health/ready")
            if answer.status_code == status:
                return [check["name"] for check in answer.json()["checks"] if check["is_needed"] and not check["is_ok"]]
        assert clock.monotonic() < deadline, f"readiness was never {status}"
        await asyncio.sleep(0.1)


async def asked(shop: BusyShop, sale: dict[str, object]) -> int:
    """Send a sale; return its status."""
    answer = await shop.owner.post(SALES, json=sale)
    assert answer.status_code == 201 or answer.json()["status"] == answer.status_code
    return answer.status_code


@pytest.mark.long
@pytest.mark.journey
async def test_a_full_disk_takes_the_program_out_and_no_sale_away(small_disk: ProgramProcess) -> None:
    filler = small_disk.data_dir / "filler"
    async with open_busy_shop(small_disk) as shop, small_disk.client() as prober:
        till = await shop.till()
        product = await shop.product(till, stock="1000")
        sales = [sale_in(till, [line_in(product)], 249) for _ in range(60)]

        fill(filler, 30 * len(MEGABYTE))
        assert await until_ready(prober, 503) == ["disk"]
        assert (await prober.get("/health/live")).status_code == 200
        assert [await asked(shop, sale) for sale in sales[:10]] == [201] * 10, "there is room for sales yet"

        fill(filler, 0)
        assert shutil.disk_usage(filler).free == 0
        answered = {str(sale["id"]): await asked(shop, sale) for sale in sales[10:]}
        assert 503 in answered.values()
        assert set(answered.values()) <= {201, 503}

        filler.unlink()
        assert await until_ready(prober, 200) == []
        for sale in sales:
            assert await asked(shop, sale) in {200, 201}
        told = [key for key, status in answered.items() if status == 201]
        assert small_disk.ask(SOLD, told) == [(len(told),)]
        assert small_disk.ask(SOLD, [sale["id"] for sale in sales]) == [(len(sales),)]
        assert small_disk.ask(LEVELS_DIFFERING) == [(0,)]
        check = (await shop.owner.get(f"/api/v1/pos/registers/{till.register_id}/journal/check")).json()
        assert check["is_intact"]
