"""The attacker of `make slow` steps aside whoever started it."""

import subprocess
import sys

import pytest

from tools.process import ROOT


@pytest.mark.parametrize("group", [None, 0], ids=["by a program", "by a shell, which has it lead a group"])
def test_the_attacker_steps_aside_whoever_started_it(group: int | None) -> None:
    command = [sys.executable, "-c", "import os; from benchmarks.slowly import step_aside; step_aside(); os._exit(7)"]
    assert subprocess.run(command, cwd=ROOT, process_group=-1 if group is None else group, check=False).returncode == 7
