"""The numbers tell how much room the disk has and until when certificates hold, and go on without what is not there."""

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from mainstay import clock
from mainstay.bootstrap.lan.authority import Authority
from mainstay.bootstrap.lan.names import Names
from mainstay.bootstrap.machine import CERTIFICATE, DISK_FREE, DISK_SIZE, Machine
from mainstay.observe.counters import Counters

NAMES = Names(("192.168.1.20",), ("shop.local",))


def told(counters: Counters) -> dict[str, float]:
    """Return the numbers by series."""
    lines = (line.rpartition(" ") for line in counters.text().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def test_the_disk_of_the_data_folder_is_told_though_the_folder_is_not_there_yet(tmp_path: Path) -> None:
    counters = Counters()

    await Machine(tmp_path / "not" / "yet").tell(counters)

    usage, found = shutil.disk_usage(tmp_path), told(counters)
    assert found[DISK_SIZE] == usage.total
    assert found[DISK_FREE] == pytest.approx(usage.free, rel=0.2)


async def test_the_end_of_each_certificate_is_told_and_one_that_is_none_is_left_out(tmp_path: Path) -> None:
    good, bad = tmp_path / "server.pem", tmp_path / "bad.pem"
    good.write_bytes(Authority.make("Shop", NAMES).issue(NAMES))
    bad.write_text("no certificate")
    counters = Counters()

    await Machine(tmp_path, (bad, tmp_path / "none.pem", good)).tell(counters)

    found = {name: value for name, value in told(counters).items() if name.startswith(CERTIFICATE)}
    assert list(found) == [f'{CERTIFICATE}{{file="{good}"}}']
    assert found.popitem()[1] == pytest.approx((clock.now() + timedelta(days=90)).timestamp(), abs=86400)


async def test_a_disk_that_does_not_answer_holds_up_no_numbers_and_one_thread_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, looks = threading.Event(), []

    def hang(path: Path) -> None:
        looks.append(path)
        release.wait(30)
        raise OSError("gone")

    monkeypatch.setattr(shutil, "disk_usage", hang)
    machine, counters = Machine(tmp_path), Counters()
    try:
        await machine.tell(counters)
        await machine.tell(counters)
    finally:
        release.set()

    assert (len(looks), told(counters)) == (1, {})
    # What was wrong is said once, and the next time is a new look.
    await machine.tell(counters)
    monkeypatch.undo()
    await machine.tell(counters)
    assert told(counters)[DISK_SIZE] > 0
