"""Write web/openapi.json from the running program's routes, and the web app's client from that.

Usage: python -m tools.openapi [--check]; --check makes both in a scratch folder and says what is stale.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.process import ROOT, WEB, environment, stop, succeeds
from tools.tree import report

DOCUMENT = "openapi.json"
CLIENT = Path("src", "api")


def export() -> str:
    """Return the API description of the program as JSON text."""
    done = subprocess.run(
        ["tradepost", "openapi"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        stop("`tradepost openapi` failed: see its message above.")
    return done.stdout


def generate(web: Path) -> None:
    """Write the description and the client into a folder that is, or looks like, web/."""
    (web / DOCUMENT).write_text(export(), encoding="utf-8")
    if not succeeds("npm", "run", "--silent", "generate", cwd=web):
        stop("The web client could not be generated: see the message above.")


def contents(web: Path) -> dict[str, bytes]:
    """Return the generated files by their path inside web/."""
    found = [web / DOCUMENT, *sorted((web / CLIENT).rglob("*"))]
    return {str(path.relative_to(web)): path.read_bytes() for path in found if path.is_file()}


def stale() -> list[str]:
    """Return a line for each generated file that is missing, left over or different."""
    with tempfile.TemporaryDirectory() as scratch:
        web = Path(scratch, "web")
        web.mkdir()
        for path in WEB.iterdir():
            if path.is_file():
                shutil.copy(path, web)
        shutil.copytree(WEB / "scripts", web / "scripts")
        (web / "node_modules").symlink_to(WEB / "node_modules")
        generate(web)
        fresh, committed = contents(web), contents(WEB)
    return [
        f"web/{name} is stale: run make api"
        for name in sorted(fresh.keys() | committed.keys())
        if fresh.get(name) != committed.get(name)
    ]


def main() -> int:
    """Write the files, or only compare them with --check."""
    if "--check" in sys.argv[1:]:
        return report(stale())
    generate(WEB)
    return 0


if __name__ == "__main__":
    sys.exit(main())
