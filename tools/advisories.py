"""Write the snapshots of known vulnerabilities of Python and npm packages from clones of published databases.

Usage: python -m tools.advisories [--python CLONE:vulns] [--npm CLONE:advisories/github-reviewed]. A clone needs no work
tree. Python's is the PyPA's advisory database, npm's is GitHub's (both CC BY 4.0), or others that hold the same in a
form that tools.osv reads. All packages go in, not only those of the locks, so that a new dependency is known too;
withdrawn advisories do not. See docs/decisions/0034-vulnerabilities-of-npm-packages.md.
"""

import argparse
import json
import lzma
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from tools.osv import Clone, advisories, npm_documents, python_documents
from tools.vulnerabilities import NPM, PYTHON, Advisory, Ecosystem, Key

Documents = Callable[[Clone], Iterator[dict[str, Any]]]


class Collected(NamedTuple):
    """The advisories by package, and how many say of versions what could not be read."""

    packages: dict[str, list[Advisory]]
    unread: int


def collect(documents: Iterable[Iterable[dict[str, Any]]], ecosystem: Ecosystem[Key]) -> Collected:
    """Return the advisories; of two databases that know the same one, the first is right."""
    packages: dict[str, list[Advisory]] = defaultdict(list)
    known: set[str] = set()
    unread = 0
    for database in documents:
        fresh = [document for document in database if document["id"] not in known]
        known |= {document["id"] for document in fresh}
        for found in chain.from_iterable(advisories(document, ecosystem) for document in fresh):
            packages[found.package].append(found.advisory)
            unread += not found.is_whole
    return Collected(packages, unread)


def write_snapshot(clones: Sequence[Clone], documents: Documents, ecosystem: Ecosystem[Key]) -> None:
    """Write a snapshot and say how large it is; its date is that of the clone that is oldest."""
    packages, unread = collect(map(documents, clones), ecosystem)
    date = min(clone.day() for clone in clones)
    content = {"date": date, "packages": {name: sorted(packages[name]) for name in sorted(packages)}}
    packed = lzma.compress(json.dumps(content, separators=(",", ":")).encode(), preset=9)
    ecosystem.snapshot.write_bytes(packed)
    count = sum(map(len, packages.values()))
    print(f"{ecosystem.snapshot.name}: {len(packages):,} packages, {count:,} advisories, {len(packed):,} bytes")
    print(f"{ecosystem.snapshot.name}: {unread:,} could not be read whole, and count as affecting what they may affect")


def main(arguments: Sequence[str]) -> int:
    """Write the snapshots whose clones are named; return the exit code."""
    parser = argparse.ArgumentParser(prog="tools.advisories")
    parser.add_argument(
        "--python", type=Clone.read, nargs="*", help="a clone of the PyPA's advisory database, and its folder"
    )
    parser.add_argument(
        "--npm", type=Clone.read, nargs="*", help="clones with advisories of npm, the most trusted first"
    )
    chosen = parser.parse_args(arguments)
    if not chosen.python and not chosen.npm:
        parser.error("Name a clone for --python or --npm.")
    if chosen.python:
        write_snapshot(chosen.python, python_documents, PYTHON)
    if chosen.npm:
        write_snapshot(chosen.npm, npm_documents, NPM)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
