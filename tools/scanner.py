"""Have ClamAV's daemon for the tests: the program alone, without its service and without anybody's signatures."""

import subprocess
import sysconfig
from pathlib import Path

from tools.process import TOOLS, stop, unpack_from_system

LIBRARIES = TOOLS / "clamav"
SCANNER = LIBRARIES / "clamd"
PURPOSE = "The virus scanner that the tests ask (ClamAV)"


def need_scanner() -> None:
    """Have the daemon and those of its libraries that no other program needs."""
    if SCANNER.exists():
        return
    folder = Path("usr/lib") / (sysconfig.get_config_var("MULTIARCH") or f"{_machine()}-linux-gnu")
    libraries = {"libmspack0": "libmspack.so.0", "libclamav12": "libclamav.so.12"}
    for package, library in libraries.items():
        unpack_from_system(package, {str(folder / library): LIBRARIES / library}, PURPOSE)
    # Last, so that it stands for all three.
    unpack_from_system("clamav-daemon", {"usr/sbin/clamd": SCANNER}, PURPOSE)
    if not _can_run():
        SCANNER.unlink()
        stop(f"{PURPOSE} does not run: install what it needs (Debian: sudo apt-get install clamav-daemon) and repeat.")


def _machine() -> str:
    return "aarch64" if "aarch64" in sysconfig.get_platform() else "x86_64"


def _can_run() -> bool:
    """Whether the loader finds all libraries; without a configuration it says so and ends."""
    told = subprocess.run(
        [str(SCANNER), "--help"], env={"LD_LIBRARY_PATH": str(LIBRARIES)}, capture_output=True, text=True, check=False
    )
    return told.returncode == 0


if __name__ == "__main__":
    need_scanner()
