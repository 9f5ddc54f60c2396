"""Run every check of the repository, as many at once as there are cores, and report all failures together.

A step's output is shown only when it fails; each step prints one line with its time. Usage: python -m tools.check
[NAME...]; with names, only those steps.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.process import ROOT, VENV, WEB, environment, stop
from tools.tree import files, text_of

SOURCES = ("mainstay/src", "tradepost/src", "tools", "benchmarks")
Command = tuple[str | Path, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name and the commands that must all end well, run in order."""

    name: str
    commands: tuple[Command, ...]
    cwd: Path = ROOT


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended: all commands well or not, what they printed, and how long they took in seconds."""

    name: str
    passed: bool
    output: str
    seconds: float


def tool(module: str, *arguments: str) -> Command:
    """Return the command for a tool of this folder."""
    return (VENV / "bin" / "python", "-m", f"tools.{module}", *arguments)


def steps() -> tuple[Step, ...]:
    """Return all steps, the longest first so that the cores end together."""
    texts = [str(path.relative_to(ROOT)) for path in files(ROOT) if text_of(path) is not None]
    # The tests of both distributions have files of equal names, hence a run of mypy for each.
    types = tuple(
        ("mypy", "--no-error-summary", *paths) for paths in (SOURCES, ("mainstay/tests",), ("tradepost/tests",))
    )
    return (
        Step("types", types),
        Step("web", (("npm", "run", "--silent", "check"),), WEB),
        Step("migrations match the models", (("tradepost", "db", "check"),)),
        Step("one migration head each", (tool("migrations"),)),
        Step("migrations stop nobody", (tool("migration_locks"),)),
        Step("web client is current", (tool("openapi", "--check"),)),
        Step("bundle budget", (("npm", "run", "--silent", "budget"),), WEB),
        Step("secrets", (tool("secret_scan"),)),
        Step("secrets of the past", (tool("history_scan"),)),
        Step("import contracts", (("lint-imports", "--no-logo", "--no-cache"),)),
        Step("module walls in SQL", (tool("sql_fronts"),)),
        Step("security", (("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *SOURCES),)),
        Step("unused code", (("vulture", *SOURCES),)),
        Step("dependencies of mainstay", (("deptry", "--no-ansi", "src"),), ROOT / "mainstay"),
        Step("dependencies of tradepost", (("deptry", "--no-ansi", "src"),), ROOT / "tradepost"),
        Step("spelling", (("codespell", *texts),)),
        Step("money vectors are current", (tool("money_vectors", "--check"),)),
        Step("rights of roles are current", (tool("rights", "--check"),)),
        Step("password vectors are current", (tool("password_vectors", "--check"),)),
        Step("names, sizes, stubs", (tool("shape"),)),
        Step("host names and machine paths", (tool("hosts"),)),
        Step("lists of practices and rules", (tool("practices", "--check"),)),
        Step("known vulnerabilities", (tool("vulnerabilities"),)),
        Step("lock file", (tool("lock", "--check"),)),
        Step("lint", (("ruff", "check", "--quiet", "."),)),
        Step("format", (("ruff", "format", "--check", "--quiet", "--diff", "."),)),
    )


def run(step: Step) -> Outcome:
    """Run a step's commands until one fails."""
    started = time.monotonic()
    output = ""
    passed = True
    for command in step.commands:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=step.cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output += done.stdout
        passed = done.returncode == 0
        if not passed:
            output += f"`{' '.join(str(part) for part in command)[:200]}` ended with {done.returncode}\n"
            break
    return Outcome(step.name, passed, output, time.monotonic() - started)


def show(outcome: Outcome) -> None:
    """Print one line for the step, after what it said when it failed; a warning of old advisories always."""
    lines = outcome.output.rstrip().splitlines()
    for line in lines if not outcome.passed else [each for each in lines if each.startswith("warning: advisories ")]:
        print(line)
    print(f"{'ok    ' if outcome.passed else 'FAILED'}  {outcome.name}  {outcome.seconds:.1f} s", flush=True)


def run_all(chosen: Sequence[Step]) -> list[Outcome]:
    """Run the steps side by side, show each as it ends, and return the outcomes in the order of the steps."""

    def run_and_show(step: Step) -> Outcome:
        outcome = run(step)
        show(outcome)
        return outcome

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(run_and_show, chosen))


def main() -> int:
    """Run all steps, or those named on the command line, and sum up."""
    started = time.monotonic()
    names = sys.argv[1:]
    chosen = [step for step in steps() if not names or step.name in names]
    if len(chosen) < len(names):
        stop(f"There are these steps: {', '.join(step.name for step in steps())}.")
    outcomes = run_all(chosen)
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    seconds = time.monotonic() - started
    if failed:
        print(f"{len(failed)} of {len(outcomes)} checks failed in {seconds:.0f} s: {', '.join(failed)}")
        return 1
    print(f"{len(outcomes)} checks passed in {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
