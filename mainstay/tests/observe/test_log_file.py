"""Log files: whole lines from several processes, a new file when one is full, and no more of them than wanted."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest
import structlog

from mainstay.observe.log_file import LogFile
from mainstay.observe.logs import LogSettings, configure_logging_by

LINE = b"x" * 99 + b"\n"
MIB = 1024 * 1024


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


@pytest.mark.practice(58)
def test_a_full_file_makes_room_and_the_oldest_goes(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "shop.log", most_bytes=1000, kept=2)

    for number in range(45):
        file.write(b"%02d" % number + LINE[2:])

    assert names(tmp_path) == {"shop.log", "shop.log.1", "shop.log.2"}
    sizes = [(tmp_path / name).stat().st_size for name in ("shop.log", "shop.log.1", "shop.log.2")]
    assert sizes == [500, 1000, 1000]
    assert (tmp_path / "shop.log.2").read_bytes()[:2] == b"20"


def test_without_earlier_files_the_full_one_goes(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "shop.log", most_bytes=250, kept=0)

    for _ in range(5):
        file.write(LINE)

    assert names(tmp_path) == {"shop.log"}
    assert (tmp_path / "shop.log").read_bytes() == LINE


def test_a_line_longer_than_a_file_is_written_whole(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "shop.log", most_bytes=10, kept=1)

    file.write(LINE)
    file.flush()

    assert (tmp_path / "shop.log").read_bytes() == LINE


@pytest.mark.parametrize("is_moved", [True, False])
def test_what_somebody_took_away_is_made_anew(tmp_path: Path, *, is_moved: bool) -> None:
    """As the rotation of an operating system does."""
    path = tmp_path / "logs" / "shop.log"
    file = LogFile(path, most_bytes=1000, kept=1)
    file.write(LINE)
    if is_moved:
        path.rename(tmp_path / "moved.log")
    else:
        path.unlink()

    file.write(b"next\n")

    assert path.read_bytes() == b"next\n"


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    LogFile(tmp_path / "shop.log", most_bytes=1000, kept=1)

    assert (tmp_path / "shop.log").stat().st_mode & 0o777 == 0o600


def write_many(path: Path, start: "multiprocessing.synchronize.Event", count: int) -> None:
    file = LogFile(path, most_bytes=5000, kept=100)
    start.wait()
    for number in range(count):
        file.write(json.dumps({"from": os.getpid(), "number": number}).encode() + b"\n")


def test_several_processes_lose_no_line_and_mix_none(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Event()
    writers = [context.Process(target=write_many, args=(tmp_path / "shop.log", start, 500)) for _ in range(4)]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join()

    lines = [line for name in names(tmp_path) for line in (tmp_path / name).read_text().splitlines()]
    told = {(found["from"], found["number"]) for found in map(json.loads, lines)}
    assert (len(lines), len(told)) == (2000, 2000)
    assert len(names(tmp_path)) > 5


@pytest.mark.practice(58)
def test_the_file_and_its_size_come_from_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FILE": str(tmp_path / "shop.log"), "FILE_MIB": "1", "FILES_KEPT": "1"}.items():
        monkeypatch.setenv(f"BAKERY_LOG_{name}", value)
    configure_logging_by(LogSettings.load("bakery"))

    for _ in range(25):
        structlog.get_logger("oven").info("baked", loaf="x" * 100_000)

    assert names(tmp_path) == {"shop.log", "shop.log.1"}
    assert all((tmp_path / name).stat().st_size <= MIB for name in names(tmp_path))
    assert json.loads((tmp_path / "shop.log").read_text().splitlines()[-1])["event"] == "baked"
