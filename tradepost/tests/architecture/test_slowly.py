"""The attacker of `make slow` steps aside, in the session of its own that it is started in."""

import subprocess
import sys

from tools.process import ROOT

ASIDE = """
import os
from pathlib import Path
from benchmarks.slowly import step_aside
step_aside()
autogroup = Path("/proc/self/autogroup")
print(os.nice(0), autogroup.read_text().split()[-1] if autogroup.exists() else "19")
"""


def test_the_attacker_steps_aside_alone_and_with_its_session() -> None:
    aside = subprocess.run(
        [sys.executable, "-c", ASIDE], cwd=ROOT, start_new_session=True, capture_output=True, text=True, check=True
    )
    assert aside.stdout == "19 19\n"
