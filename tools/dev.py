"""Run the program and the web app's development server together; the program restarts when a source file changes.

Usage: python -m tools.dev. Ctrl C ends both.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tools.process import ROOT, WEB, environment

WATCHED = (ROOT / "mainstay" / "src", ROOT / "tradepost" / "src")
LOOK_EVERY = 0.5
STOP_WITHIN = 15.0


def newest() -> float:
    """Return when the last change of a source file was made, in seconds since the epoch, and 0 without files."""
    return max((path.stat().st_mtime for folder in WATCHED for path in folder.rglob("*.py")), default=0.0)


def start(*command: str, cwd: Path = ROOT) -> subprocess.Popen[bytes]:
    """Start one of the two programs."""
    return subprocess.Popen(command, cwd=cwd, env=environment())


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to stop, and make it when it does not."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve() -> subprocess.Popen[bytes]:
    """Start the program."""
    return start("tradepost", "serve", "--sample")


def watch(web: subprocess.Popen[bytes], program: list[subprocess.Popen[bytes]]) -> int:
    """Restart the program, which `program` holds, at every change until the web server ends; return its exit code."""
    seen = newest()
    while web.poll() is None:
        time.sleep(LOOK_EVERY)
        if (latest := newest()) != seen:
            seen = latest
            print("a source file changed: restarting", flush=True)
            end(program.pop())
            program.append(serve())
    return web.returncode


def main() -> int:
    """Keep both running until interrupted, or until the web server ends."""
    signal.signal(signal.SIGTERM, _interrupt)
    # Not through npm, whose child outlives it when it is told to stop.
    web, program = start("node", str(WEB / "node_modules" / "vite" / "bin" / "vite.js"), cwd=WEB), [serve()]
    try:
        return watch(web, program)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (*program, web):
            end(process)


if __name__ == "__main__":
    sys.exit(main())
