"""The command `logs`; what it finds is in `observe/test_log_reading.py`."""

from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from mainstay.bootstrap.logs_cli import add_logs
from mainstay.errors import ConfigurationError

LINES = [
    {"time": "2026-11-30T09:00:01Z", "level": "info", "event": "request", "request_id": "r-1"},
    {"time": "2026-11-30T09:00:03Z", "level": "error", "event": "job", "request_id": "r-1"},
    {"time": "2026-11-30T09:00:02Z", "level": "info", "event": "request", "request_id": "r-2"},
]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """A program whose data folder is empty."""
    monkeypatch.setenv("BAKERY_DATA_DIR", str(tmp_path))
    app = typer.Typer()
    add_logs(app, "bakery")
    return app


def write(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in LINES))
    return path


def run(app: typer.Typer, *arguments: str) -> list[str]:
    return CliRunner().invoke(app, arguments, catch_exceptions=False).output.splitlines()


def test_the_files_of_a_terminal_are_read_by_themselves(app: typer.Typer, tmp_path: Path) -> None:
    write(tmp_path / "log" / "api.log")

    found = run(app, "--request", "r-1")

    assert found == [
        "2026-11-30T09:00:01Z info request request_id=r-1",
        "2026-11-30T09:00:03Z error job request_id=r-1",
    ]


def test_the_file_of_the_settings_is_read(app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_LOG_FILE", str(write(tmp_path / "elsewhere")))

    found = run(app, "--since", "2026-11-30T09:00:02", "--json")

    assert [orjson.loads(line) for line in found] == [LINES[2], LINES[1]]


def test_named_files_are_read_instead(app: typer.Typer, tmp_path: Path) -> None:
    found = run(app, str(write(tmp_path / "kept")), "--level", "error")

    assert found == ["2026-11-30T09:00:03Z error job request_id=r-1"]


def test_without_a_file_it_says_how_to_have_one(app: typer.Typer) -> None:
    with pytest.raises(ConfigurationError, match="BAKERY_LOG_FILE"):
        run(app)
