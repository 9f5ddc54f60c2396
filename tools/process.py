"""Run programs for the tools, and install what is missing from the system when that is allowed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WEB = ROOT / "web"
STATIC = ROOT / "tradepost" / "src" / "tradepost" / "static"


def stop(sentence: str) -> NoReturn:
    """End the program with one sentence for the person at the keyboard."""
    sys.exit(sentence)


def environment() -> dict[str, str]:
    """Return the environment of every step: the locked Python and Node first on the path."""
    path = os.pathsep.join([str(VENV / "bin"), str(TOOLS / "node"), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(VENV), "NO_UPDATE_NOTIFIER": "1"}


def succeeds(*argv: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> bool:
    """Run a program with its output shown and say whether it ended well."""
    return subprocess.run([str(part) for part in argv], cwd=cwd, env=env or environment(), check=False).returncode == 0


def install_from_system(package: str, purpose: str) -> None:
    """Install a package of the system with apt when this user may; otherwise stop with what to install."""
    apt = shutil.which("apt-get")
    prefix = _become_root()
    if apt is None or prefix is None:
        stop(f"{purpose} is missing: install it (Debian: sudo apt-get install {package}) and repeat the command.")
    print(f"{purpose} is missing: installing {package} with apt-get", flush=True)
    env = {**environment(), "DEBIAN_FRONTEND": "noninteractive"}
    if not (
        succeeds(*prefix, apt, "update", "-qq", env=env)
        and succeeds(*prefix, apt, "install", "-y", "-qq", "--no-install-recommends", package, env=env)
    ):
        stop(f"{purpose} is missing and apt-get could not install {package}: install it and repeat the command.")


def unpack_from_system(package: str, members: Mapping[str, Path], purpose: str) -> None:
    """Take files out of a package of the system, which is not installed: nothing of it is started or stays.

    `members` are where they stand in the package, and where each is to stand here.
    """
    apt, opener = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or opener is None:
        stop(f"{purpose} is missing: install it (Debian: sudo apt-get install {package}) and repeat the command.")
    print(f"{purpose} is missing: taking it from the package {package} with apt-get", flush=True)
    if (prefix := _become_root()) is not None:
        succeeds(*prefix, apt, "update", "-qq")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        is_here = succeeds(apt, "download", "-qq", package, cwd=place)
        archive = next(place.glob(f"{package}_*.deb"), None)
        if not is_here or archive is None or not succeeds(opener, "--extract", archive, place / "unpacked"):
            stop(f"{purpose} is missing and apt-get could not load {package}: install it and repeat the command.")
        for member, target in members.items():
            _put(place / "unpacked" / member, target, purpose)


def _put(source: Path, target: Path, purpose: str) -> None:
    """Copy a file; some stand where only the owner of the machine writes."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    except PermissionError:
        prefix = _become_root()
        if not prefix or not succeeds(*prefix, "install", "-D", source, target):
            stop(f"{purpose} is missing and {target} cannot be written: repeat the command as root.")


def _become_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    may = subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0
    return [sudo, "-n"] if may else None
