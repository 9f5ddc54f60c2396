"""Lock all Python dependencies with hashes and without any registry's host name.

`uv.lock` names the registry of whoever made it, so it stays out of git; what is committed is its export in
requirements form: names, versions and hashes. Usage: python -m tools.lock [--check]; --check works offline and
compares the pins in the pyproject files with the lock.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from tools.hosts import check as host_findings
from tools.process import ROOT, environment, stop
from tools.setup import find_uv
from tools.tree import report

LOCK = ROOT / "requirements.lock"
PROJECTS = ("pyproject.toml", "mainstay/pyproject.toml", "tradepost/pyproject.toml")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)")


def pins(text: str) -> dict[str, str]:
    """Return the version of each package that a requirements file pins, by its normal name."""
    found = (PIN.match(line) for line in text.splitlines())
    return {normal(match[1]): match[2] for match in found if match}


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(project: Path) -> Iterator[str]:
    """Yield every requirement that a pyproject file names: dependencies, extras, groups and the build backend."""
    with project.open("rb") as file:
        data = tomllib.load(file)
    groups = [
        data["project"].get("dependencies", []),
        *data["project"].get("optional-dependencies", {}).values(),
        *data.get("dependency-groups", {}).values(),
        data.get("build-system", {}).get("requires", []),
    ]
    for group in groups:
        yield from cast("list[str]", group)


def stale(root: Path) -> list[str]:
    """Return a line for each pin of a pyproject file that the lock does not hold, and for each host name in it."""
    locked = pins((root / LOCK.name).read_text(encoding="utf-8"))
    wrong = [
        f"{name}: {requirement} is not what {LOCK.name} holds; run make lock"
        for name in PROJECTS
        for requirement in requirements(root / name)
        if (match := PIN.match(requirement)) and locked.get(normal(match[1])) != match[2]
    ]
    return wrong + [f"{LOCK.name}: {line}" for line in host_findings(root, root / LOCK.name)]


def write() -> None:
    """Resolve the workspace and export it."""
    uv = find_uv()
    shape = ("--no-emit-workspace", "--no-annotate", "--no-header")
    every = ("--all-packages", "--all-groups", "--all-extras")
    export = (uv, "export", "--quiet", "--format", "requirements-txt", *every, *shape, "--output-file", str(LOCK))
    for command in ((uv, "lock", "--no-python-downloads"), export):
        if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode != 0:
            stop("The dependencies could not be locked: see uv's message above.")


def main() -> int:
    """Write the lock, or only compare it with --check."""
    if "--check" not in sys.argv[1:]:
        write()
    return report(stale(ROOT))


if __name__ == "__main__":
    sys.exit(main())
