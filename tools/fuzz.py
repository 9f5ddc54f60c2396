"""Attack every operation of the program with cases nobody has chosen, and say how to see again what was found.

Prints for each share of the run how many cases, places and operations there were and how they were answered, then one
`FOUND` line for each finding with the name of its case, and last the seed. A seed that found something is kept in
.tools/fuzz-seeds; put it first in tradepost/tests/fuzz/seeds.txt until what it found is mended and has a test of its
own. Usage: python -m tools.fuzz [--cases N] [--seed SEED] [--case NAME].
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from mainstay import crypto
from tools.process import ROOT, TOOLS, VENV, environment

TESTS = "tradepost/tests/fuzz"
KEPT = TOOLS / "fuzz-seeds"
CASES = 3000
FOUND = re.compile(r"^FOUND (\S+)", re.MULTILINE)


def options(arguments: list[str]) -> dict[str, str]:
    """Return what the tests are told by their environment; without a seed, one that nobody has chosen."""
    parser = argparse.ArgumentParser(prog="tools.fuzz")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=int.from_bytes(crypto.digest(crypto.new_token())[:4]))
    parser.add_argument("--case", default="")
    given = parser.parse_args(arguments)
    return {"FUZZ_CASES": str(given.cases), "FUZZ_SEED": str(given.seed), "FUZZ_CASE": given.case}


def attack(told: dict[str, str], reports: Path) -> tuple[int, str]:
    """Run the tests; return their exit code and what they reported, or what they printed when they reported nothing."""
    command = [str(VENV / "bin" / "python"), "-m", "pytest", TESTS, "--quiet", "--no-cov"]
    # A single case is in the first share.
    command += (
        ["-k", "no_request and 0", "-n", "0"] if told["FUZZ_CASE"] else ["-k", "no_request", "-n", str(os.cpu_count())]
    )
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment(), **told, "FUZZ_REPORTS": str(reports)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    found = "".join(path.read_text(encoding="utf-8") for path in sorted(reports.iterdir()))
    return done.returncode, found or done.stdout + done.stderr


def keep(seed: str) -> None:
    """Keep a seed that found something."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(f"{seed}\n")


def main() -> int:
    """Attack, print what was found, and say what comes next."""
    told = options(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        code, report = attack(told, Path(folder))
    print(report.rstrip())
    print(f"seed {told['FUZZ_SEED']}")
    if names := FOUND.findall(report):
        keep(told["FUZZ_SEED"])
        print(f"{len(names)} findings; the first again: make fuzz CASE={names[0]}")
    return code


if __name__ == "__main__":
    sys.exit(main())
