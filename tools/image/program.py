"""Install what an image runs into folders of this machine: the locked Python packages, and this repository's two."""

import importlib.metadata
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from tools.lock import LOCK, normal
from tools.process import ROOT, STATIC, VENV, environment, stop, succeeds
from tools.setup import find_uv

# Debian's Python in the image, and glibc's version there, which wheels ask for.
PYTHON = (3, 11)
LIBRARY = "manylinux_2_36"
PLACE = "opt/tradepost"
PACKAGES = f"{PLACE}/lib/python3.11/site-packages"
BLOCK = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?:.*\\\n)*.*\n", re.MULTILINE)
START = f"#!/{PLACE}/bin/python\nimport sys\n\nfrom tradepost.__main__ import main\n\nsys.exit(main())\n"
CONFIGURATION = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11\n"


def needed(program: str) -> set[str]:
    """Return the packages that a program needs to run, itself included, as installed here: no tools, no tests."""
    found: set[str] = set()
    asked = [(program, frozenset[str]())]
    seen = set(asked)
    while asked:
        name, extras = asked.pop()
        found.add(name)
        more = {one for one in _requirements(name, extras) if one not in seen}
        seen |= more
        asked += more
    return found


def _requirements(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for text in importlib.metadata.requires(name) or []:
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield normal(one.name), frozenset(one.extras)


def locked(names: set[str], text: str) -> str:
    """Return the part of the lock that pins these packages, with their hashes."""
    return "".join(match[0] for match in BLOCK.finditer(text) if normal(match[1]) in names)


def install(folder: Path, epoch: int) -> tuple[Path, Path]:
    """Install the locked packages below one folder and ours below another; return both."""
    if sys.version_info[:2] != PYTHON:
        stop(f"The image runs Python 3.11, and what is built with {platform.python_version()} does not fit it.")
    if not (STATIC / "index.html").is_file():
        stop("The web app is not built: run make setup.")
    others, ours = folder / "others", folder / "ours"
    pinned = folder / "requirements.txt"
    pinned.write_text(locked(needed("tradepost"), LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    target = (find_uv(), "pip", "install", "--quiet", "--no-deps", "--python", VENV / "bin" / "python")
    wheels = ("--only-binary", ":all:", "--python-platform", f"{platform.machine()}-{LIBRARY}", "--require-hashes")
    own = ("--no-build-isolation", ROOT / "mainstay", ROOT / "tradepost")
    if not succeeds(*target, *wheels, "--requirement", pinned, "--target", others):
        stop("The locked Python packages could not be installed: see uv's message above.")
    if not succeeds(*target, "--target", ours, *own, env={**environment(), "SOURCE_DATE_EPOCH": str(epoch)}):
        stop("mainstay and tradepost could not be built: see uv's message above.")
    for each in (others, ours):
        _finish(each)
    return others, ours


def _finish(folder: Path) -> None:
    """Take away what belongs to this machine, and compile: nothing can be written where the image runs."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for name in ("direct_url.json", "uv_cache.json", "REQUESTED", "INSTALLER"):
        for path in folder.glob(f"*.dist-info/{name}"):
            path.unlink()
    for path in (*folder.glob(".lock"), *folder.glob("CACHEDIR.TAG"), *folder.glob(".gitignore")):
        path.unlink()
    # Compiled files hold sets in the order of their hashes, and the path from which they were compiled.
    env = {**environment(), "PYTHONHASHSEED": "0"}
    compile_all = (
        VENV / "bin" / "python",
        "-m",
        "compileall",
        "-q",
        "-j",
        "0",
        "--invalidation-mode",
        "unchecked-hash",
    )
    # Some packages bring templates of programs, which are no Python yet: compileall says so, and goes on.
    succeeds(*compile_all, "-s", folder, "-p", f"/{PACKAGES}", folder, env=env)
