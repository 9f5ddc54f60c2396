"""The files of the repository as git sees them: tracked ones and new ones that no ignore rule covers."""

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

# Binary or foreign by nature: nothing in them is text that somebody here wrote.
NOT_TEXT = {".png", ".jpg", ".webp", ".ico", ".gz", ".zip", ".pdf", ".woff2", ".mako"}

# A check takes the repository's root and a file in it, and yields one line per finding.
Check = Callable[[Path, Path], Iterable[str]]


def files(root: Path) -> list[Path]:
    """Return the files of the repository at `root`, sorted; deleted ones are left out."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in listed.split("\0") if name and (path := root / name).is_file())


def text_of(path: Path) -> str | None:
    """Return the file's text, or None when it is not text."""
    if path.suffix in NOT_TEXT:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def findings(root: Path, check: Check, chosen: Iterable[Path] | None = None) -> list[str]:
    """Return what `check` finds in the chosen files, or in all of the repository, as `path: finding` lines."""
    return [
        f"{path.relative_to(root)}: {finding}"
        for path in (files(root) if chosen is None else chosen)
        for finding in check(root, path)
    ]


def report(found: list[str]) -> int:
    """Print the findings and return the exit code: 0 for none."""
    for line in found:
        print(line)
    return 1 if found else 0
