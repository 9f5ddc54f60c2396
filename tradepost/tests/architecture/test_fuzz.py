"""`make fuzz` attacks with the seed it is given or one of its own, and says what it did."""

import subprocess

import pytest

from tools.fuzz import CASES, FOUND, options
from tools.process import ROOT, VENV, environment


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the tool beside this run of pytest."""
    inherited = {name: value for name, value in environment().items() if not name.startswith(("PYTEST_", "COV"))}
    command = [str(VENV / "bin" / "python"), "-m", "tools.fuzz", *arguments]
    return subprocess.run(command, cwd=ROOT, env=inherited, capture_output=True, text=True, check=False)


def test_without_a_seed_each_run_has_one_of_its_own() -> None:
    first, second = options([]), options([])

    assert first["FUZZ_CASES"] == str(CASES)
    assert first["FUZZ_SEED"] != second["FUZZ_SEED"]
    assert options(["--seed", "7", "--cases", "9", "--case", "a:1@2"]) == {
        "FUZZ_CASES": "9",
        "FUZZ_SEED": "7",
        "FUZZ_CASE": "a:1@2",
    }


def test_findings_are_named_so_that_they_can_be_seen_again() -> None:
    assert FOUND.findall("3 cases: 500 1x\nFOUND pos_check_out:4@9 (field id, by owner): it\n    POST") == [
        "pos_check_out:4@9"
    ]


@pytest.mark.long
def test_one_case_is_run_and_told() -> None:
    done = run("--case", "identity_read_setup:0@1", "--seed", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 cases, 1 places, 1 operations, 1 of them did something: 200 1x\n" in done.stdout
    assert done.stdout.endswith("seed 1\n")
