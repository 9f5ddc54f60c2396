"""Write the snapshot of known vulnerabilities of Python packages from the advisories that the PyPA publishes.

Usage: python -m tools.advisories REPOSITORY. The repository is a clone, with or without a work tree, of the PyPA's
advisory database (CC BY 4.0), whose files are YAML in the OSV format. All packages go in, not only those of the lock,
so that a new dependency is known too; withdrawn advisories do not. See docs/decisions/0031-known-vulnerabilities.md.
"""

import io
import json
import lzma
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # its stubs are a package of their own, for one call
from packaging.version import InvalidVersion, Version

from tools.lock import normal
from tools.process import stop
from tools.vulnerabilities import SNAPSHOT, Advisory, Range


def git(repository: Path, *arguments: str) -> bytes:
    """Return what a git command prints."""
    return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True).stdout


def documents(repository: Path) -> Iterator[dict[str, Any]]:
    """Yield every advisory of the newest commit as it is written."""
    with tarfile.open(fileobj=io.BytesIO(git(repository, "archive", "HEAD", "vulns"))) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(".yaml") else None
            if content is not None:
                yield yaml.load(content, Loader=yaml.CBaseLoader)  # noqa: S506 # nosec B506 - makes only text


def ranges(affected: dict[str, Any]) -> Iterator[Range]:
    """Yield the ranges of versions; of an event list, each `introduced` with the event that ends it."""
    for each in affected.get("ranges", []):
        if each["type"] != "ECOSYSTEM":
            continue
        start: str | None = None
        for event in each["events"]:
            if "introduced" in event:
                if start is not None:
                    yield Range(start, None, None)
                start = event["introduced"]
            elif start is not None and not event.keys().isdisjoint({"fixed", "last_affected"}):
                yield Range(start, event.get("fixed"), event.get("last_affected"))
                start = None
        if start is not None:
            yield Range(start, None, None)


def is_readable(one: Range) -> bool:
    """Whether PEP 440 knows both ends; a range with others counts by the versions that the advisory lists."""
    try:
        [Version(end) for end in one if end is not None]
    except InvalidVersion:
        return False
    return True


def advisories(document: dict[str, Any]) -> Iterator[tuple[str, Advisory]]:
    """Yield the name of each affected package with what is kept of an advisory; nothing when it was withdrawn."""
    if "withdrawn" in document:
        return
    severity = next((each["score"] for each in document.get("severity", [])), "")
    for affected in document["affected"]:
        if affected["package"]["ecosystem"] == "PyPI":
            found = tuple(each for each in ranges(affected) if is_readable(each))
            bare = Advisory(document["id"], tuple(document.get("aliases", [])), severity, found, ())
            # The ranges say most of it; only what they leave out is kept by name.
            rest = tuple(version for version in affected.get("versions", []) if not bare.affects(version))
            yield normal(affected["package"]["name"]), bare._replace(versions=rest)


def build(repository: Path) -> bytes:
    """Return the content of the snapshot; its date is that of the newest commit."""
    packages: dict[str, list[Advisory]] = defaultdict(list)
    for document in documents(repository):
        for name, advisory in advisories(document):
            packages[name].append(advisory)
    date = git(repository, "log", "-1", "--format=%cs").decode().strip()
    content = {"date": date, "packages": {name: sorted(packages[name]) for name in sorted(packages)}}
    return lzma.compress(json.dumps(content, separators=(",", ":")).encode(), preset=9)


def main(arguments: Sequence[str]) -> int:
    """Write the snapshot and say how large it is; return the exit code."""
    if len(arguments) != 1:
        stop("Name a clone of the PyPA's advisory database.")
    content = build(Path(arguments[0]))
    SNAPSHOT.write_bytes(content)
    print(f"{SNAPSHOT.name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
