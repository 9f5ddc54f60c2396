"""Lines of several files as one story: picked by any id, given whole, in the order of time."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from mainstay.observe.log_reading import Wanted, files_of, found_in, shown
from mainstay.observe.logs import LogSettings

SALE, ADA = "01926e6a-0000-7000-8000-000000000001", "01926e6a-0000-7000-8000-00000000000a"
API = [
    {"time": "2026-11-30T09:00:01Z", "level": "warning", "event": "slow statement", "request_id": "r-1"},
    {"time": "2026-11-30T09:00:02Z", "level": "info", "event": "request", "request_id": "r-1", "actor": ADA},
    {"time": "2026-11-30T09:00:05Z", "level": "info", "event": "request", "request_id": "r-2", "path": f"/s/{SALE}/b"},
    {"time": "2026-11-30T09:00:06Z", "level": "info", "event": "request", "request_id": "r-3", "path": "/other"},
]
WORKER = [
    {"time": "2026-11-30T09:00:00Z", "level": "info", "event": "worker started", "request_id": "-"},
    {"time": "2026-11-30T09:00:03Z", "level": "error", "event": "job", "request_id": "r-1", "about": [SALE]},
    {"time": "2026-11-30T09:00:04Z", "level": "info", "event": "call", "request_id": "-", "trace_id": "t"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in (("api.log", API[2:]), ("api.log.1", API[:2]), ("worker.log", WORKER)):
        (tmp_path / name).write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    with (tmp_path / "worker.log").open("ab") as file:
        file.write(b'{"time": "2026-11-30T09:0\n17\n')
    (tmp_path / ".api.log.lock").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [
        (Wanted(), [0, 1, 2, 3, 4, 5, 6]),
        (Wanted(request="r-1"), [1, 2, 3]),
        (Wanted(actor=ADA), [1, 2, 3]),
        (Wanted(record=SALE), [1, 2, 3, 5]),
        (Wanted(trace="t"), [4]),
        (Wanted(request="-"), [0, 4]),
        (Wanted(actor=ADA, record=SALE), []),
        (Wanted(request="r-1", level="warning"), [1, 3]),
        (Wanted(request="r-1", since=datetime(2026, 11, 30, 9, 0, 2, tzinfo=UTC)), [2, 3]),
        (Wanted(level="error"), [3]),
    ],
)
def test_whole_stories_are_given_in_order(folder: Path, wanted: Wanted, seconds: list[int]) -> None:
    found = found_in(files_of(LogSettings(), folder), wanted)

    assert [int(line["time"][17:19]) for line in found] == seconds


def test_a_named_file_brings_those_before_it(folder: Path) -> None:
    settings = LogSettings(file=folder / "api.log")

    assert [path.name for path in files_of(settings, folder)] == ["api.log", "api.log.1"]


def test_a_line_for_people_has_the_trace_below_it() -> None:
    line = {**API[1], "about": [SALE], "reason": "two words", "exception": "Traceback\n  here\n"}

    assert shown(line) == (
        f"2026-11-30T09:00:02Z info request request_id=r-1 actor={ADA} "
        f'about=["{SALE}"] reason="two words"\nTraceback\n  here'
    )


def test_what_a_stranger_wrote_moves_no_cursor_of_the_terminal_and_begins_no_line() -> None:
    line = {
        "time": "t",
        "level": "info",
        "event": "call \x1b[2J\nt error forged",
        "path": "/\x1b]0;mine\x07/\x9b2J\r",
        "exception": "Traceback\n  here: \x1b[31m\n",
    }

    assert shown(line) == (
        r"t info call \x1b[2J\x0at error forged path=/\x1b]0;mine\x07/\x9b2J\x0d" "\nTraceback\n  here: " r"\x1b[31m"
    )
