"""The command that writes what the program documents of itself."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.testing.limits import allowances


async def test_the_documents_are_those_of_the_running_program(
    program: Program, api: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any database: nothing but the folder is needed. The limits that are described are those that hold."""
    for name, value in allowances("sample").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    folder = tmp_path / "new" / "docs"
    result = CliRunner().invoke(create_cli(program), ["docs", str(folder)])

    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(result.output.split()) == {str(folder / name) for name in written}
    assert orjson.loads(written["openapi.json"]) == (await api.get("/api/openapi.json")).json()
    assert orjson.loads(written["problems.json"]) == (await api.get("/api/problems")).json()


def test_a_folder_that_cannot_be_made_is_one_sentence(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = CliRunner().invoke(create_cli(program), ["docs", str(tmp_path / "file" / "docs")])

    assert result.exit_code == 2
    assert "cannot be written" in result.output
