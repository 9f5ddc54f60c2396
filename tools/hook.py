"""Check what is staged for a commit: format, lint, secrets, host names and, for models, the migrations.

The staged contents are checked, not the files in the working copy. Usage: python -m tools.hook, from .githooks.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.hosts import check as host_findings
from tools.process import ROOT, environment
from tools.secret_scan import scan
from tools.tree import findings

# A change in one of these can part the models from the database.
SCHEMA = ("models.py", "/models/", "/migrations/")


def git(*arguments: str) -> str:
    """Return what a git command prints."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def staged() -> list[str]:
    """Return the names of the staged files, without deleted ones."""
    return [name for name in git("diff", "--cached", "--name-only", "--diff-filter=d", "-z").split("\0") if name]


def check_out(names: list[str], folder: Path) -> list[Path]:
    """Write the staged state of the repository into a folder and return the paths of the named files in it."""
    git("checkout-index", "--all", "--force", f"--prefix={folder}{os.sep}")
    return [folder / name for name in names if (folder / name).is_file()]


def passes(*command: str, cwd: Path) -> bool:
    """Run a check with its output shown."""
    return subprocess.run(command, cwd=cwd, env=environment(), check=False).returncode == 0


def problems(names: list[str], folder: Path) -> list[str]:
    """Return what forbids the commit of the staged files, whose contents lie in `folder`."""
    paths = check_out(names, folder)
    found = [f"a secret: {line}" for line in scan(folder, paths)]
    found += findings(folder, host_findings, paths)
    python = [str(path) for path in paths if path.suffix == ".py"]
    if python and not passes("ruff", "format", "--check", "--quiet", *python, cwd=folder):
        found.append("not formatted: run make format")
    if python and not passes("ruff", "check", "--quiet", *python, cwd=folder):
        found.append("not clean: see ruff's findings above")
    if any(part in name for name in names for part in SCHEMA) and not passes("tradepost", "db", "check", cwd=ROOT):
        found.append("the models and the migrations differ: write the migration")
    return found


def main() -> int:
    """Check what is staged; the exit code forbids the commit."""
    names = staged()
    if not names:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = problems(names, Path(folder))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
