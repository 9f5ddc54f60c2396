"""Find package registries' host names and paths of one machine in committed files.

A lock file with host names installs only where those hosts answer, and tells the world which mirror somebody uses.
Usage: python -m tools.hosts [FILE...]; without files, the whole repository.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tools.process import ROOT
from tools.tree import findings, report, text_of

# The brackets keep the patterns from finding themselves.
REGISTRIES = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|yarn[p]kg\.com|crates[.]io|rubygems[.]org|proxy[.]golang\.org"
    r"|--(?:extra-)?index-ur[l]|(?:index|registry)[_-]?(?:url)? ?= ?\"?https?:|\"resolved\": ?\"https?:|https?://\S+\.(?:whl|tar\.gz|tgz)\b"
)
MIRROR_SETTINGS = re.compile(r"(?i)^(?:pip|uv)_.*(?:index|find_links).*|^npm_config_registry$")
# Folders that exist on every machine and say nothing about one.
EVERYWHERE = {"/", *(f"/{name}" for name in ("home", "opt", "root", "srv", "tmp", "usr", "var", "Users"))}


def mirrors() -> list[str]:
    """Return the host names of the package mirrors that this machine's environment names."""
    values = [value for name, value in os.environ.items() if MIRROR_SETTINGS.match(name)]
    hosts = {urlsplit(word).hostname for value in values for word in value.split()}
    return sorted(host for host in hosts if host and host not in {"localhost", "127.0.0.1", "::1"})


def machine_paths(root: Path) -> list[str]:
    """Return the folders whose mention ties a file to this machine: where the repository lies, and the home."""
    folders = {str(root), str(ROOT), str(ROOT.parent), str(Path.home())} - EVERYWHERE
    return sorted(folders, key=len, reverse=True)


def check(root: Path, path: Path) -> Iterator[str]:
    """Yield a line for each host name and machine path in the file."""
    text = text_of(path)
    if text is None:
        return
    # `./work` is a neighbour in any folder.
    here = [r"(?<!\.)" + re.escape(folder) + r"(?=[/\s\"'`:)]|$)" for folder in machine_paths(root)]
    machine = re.compile("|".join([*here, r"/home/[a-z][\w.-]*/", r"/Users/[A-Za-z][\w.-]*/", r"/[r]oot/"]))
    hosts = re.compile("|".join([REGISTRIES.pattern, *map(re.escape, mirrors())]))
    # Most files have none, which one look at all of it tells.
    if not hosts.search(text) and not machine.search(text):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if found := hosts.search(line):
            yield f"{number}: a package registry's host name: {found[0]}"
        if found := machine.search(line):
            yield f"{number}: a path of one machine: {found[0]}"


def main() -> int:
    """Check the files named on the command line, or all of them."""
    chosen = [Path(name).resolve() for name in sys.argv[1:]]
    return report(findings(ROOT, check, chosen or None))


if __name__ == "__main__":
    sys.exit(main())
