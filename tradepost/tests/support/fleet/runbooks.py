"""The commands of a runbook, as they stand there, run as an operator does."""

import os
import re
import subprocess
from pathlib import Path
from textwrap import dedent

RUNBOOKS = Path(__file__).parents[4] / "docs" / "runbooks"


def commands(runbook: str, heading: str) -> list[str]:
    """Return the blocks of commands under a heading of a runbook."""
    parts = (RUNBOOKS / runbook).read_text().split("\n## ")
    (part,) = (part for part in parts if part.startswith(heading))
    return [dedent(block) for block in re.findall(r"^ *```sh\n(.*?)^ *```$", part, re.MULTILINE | re.DOTALL)]


def run(script: str, environment: dict[str, str]) -> str:
    """Run a block on a server, after the one that reads the settings; return what it printed.

    Raises AssertionError with that when it fails.
    """
    (settings,) = commands("deploy.md", "What is where")
    script = f"{settings}{script}"
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}
    done = subprocess.run(["sh", "-ec", script], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr
