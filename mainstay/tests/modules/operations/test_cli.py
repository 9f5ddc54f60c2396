"""The command `profile` prints where a process spends its time, and says when there is no such process.

That it looks at a running program is seen in `tradepost/tests/journeys/test_seeing.py`; here what answers is made up.
"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.modules.operations.schemas import ProfileIn, ProfileOut
from mainstay.modules.operations.service import running
from mainstay.observe.peers import Peers

MADE = {
    "looks": 20,
    "samples": 8,
    "seconds": 0.2,
    "places": [{"place": "GET /api/v1/products", "samples": 6}, {"place": "", "samples": 2}],
    "functions": [{"name": "find", "file": "shop/repository.py", "line": 12, "own": 5, "whole": 6}],
    "stacks": "serve;find 5\n",
}


@pytest.fixture
def runner(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ENGINE_DATABASE_URL", fresh_database_url)
    return CliRunner()


def test_where_the_time_goes_is_printed_and_the_stacks_are_kept(
    program: Program, runner: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def take(_peers: Peers, wanted: ProfileIn) -> ProfileOut:
        return ProfileOut.model_validate({**MADE, "process": wanted.process})

    monkeypatch.setattr(running, "take_profile", take)
    stacks = tmp_path / "stacks.txt"

    done = runner.invoke(create_cli(program), ["profile", "--process", "api-2", "--output", str(stacks)])

    assert done.exit_code == 0, done.output
    first, *lines = done.output.splitlines()
    assert first == "api-2: at work in 8 of 20 looks, in 0.2 seconds."
    assert lines[0].split() == ["6", "GET", "/api/v1/products"]
    assert lines[-1].split() == ["5", "6", "find", "(shop/repository.py:12)"]
    assert stacks.read_text() == "serve;find 5\n"


def test_a_process_that_nobody_knows_is_named(program: Program, runner: CliRunner) -> None:
    done = runner.invoke(create_cli(program), ["profile", "--process", "api-9", "--seconds", "0.1"])

    assert (done.exit_code, done.output) == (1, "No process called api-9 answers on this machine.\n")
