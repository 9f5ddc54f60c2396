"""The commands export the trail of the program's database and verify it without any."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program


class Run:
    """Runs a command and returns its exit code and what it printed."""

    def __init__(self, program: Program) -> None:
        self._cli = create_cli(program)

    def __call__(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(self._cli, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output


@pytest.fixture
def run(program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("RECORDER_DATABASE_URL", fresh_database_url)
    return Run(program)


@pytest.mark.practice(33)
def test_an_export_verifies_against_its_own_head_and_not_when_a_byte_was_changed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"

    code, said = run("audit", "export", str(file))

    head = said.split()[-1]
    assert code == 0, said
    assert said == f"1 entries; the head is {head}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("audit", "verify", str(file), "--anchor", head) == (
        0,
        f"All is well: 1 entries, 0 erased parts; the head is {head}\n",
    )
    file.write_text(file.read_text().replace("audit.exported", "audit.imported"))
    code, said = run("audit", "verify", str(file))
    assert (code, said) == (1, "Entry 1 was edited: its hash is another one.\n")


def test_an_export_never_overwrites_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text("another")

    code, said = run("audit", "export", str(file))

    assert code == 2
    assert "cannot be made" in said
    assert file.read_text() == "another"


def test_an_anchor_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text("")

    code, said = run("audit", "verify", str(file), "--anchor", "x")

    assert code == 2
    assert "is not a head" in said
