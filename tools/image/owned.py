"""Which files of an image are those of a package as it was published: the others are somebody's own."""

import base64
import csv
import hashlib
import re
from collections.abc import Iterator
from email.parser import HeaderParser
from typing import NamedTuple

from tools.image.tree import Tree
from tools.lock import normal

# Packages of this repository are nobody else's: their files are looked into.
OURS = frozenset({"mainstay", "tradepost"})
METADATA = re.compile(r"(?:.*/)?[^/]+\.dist-info/METADATA")


class Wheel(NamedTuple):
    """An installed Python package: its normal name, its version, and the folder of its metadata."""

    name: str
    version: str
    folder: str


def wheels(tree: Tree) -> Iterator[Wheel]:
    """Yield the Python packages of an image, wherever they lie."""
    for path, _ in tree.files():
        if METADATA.fullmatch(path):
            headers = HeaderParser().parsestr(tree.read(path).decode("utf-8"))
            yield Wheel(normal(headers["Name"]), headers["Version"], path.rpartition("/")[0])


def own(tree: Tree) -> list[str]:
    """Return the files that no package brought as they are, and that are no copies of one that a package brought."""
    known = {**dict(_of_debian(tree)), **dict(_of_wheels(tree))}
    copied = {digest for digest in known.values() if digest.startswith("md5=")}
    return [path for path, _ in tree.files() if not _is_as_published(tree.read(path), known.get(path), copied)]


def _of_debian(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield each path of dpkg's lists with its MD5, or "" where dpkg keeps none, as of what a person may set."""
    folder = "var/lib/dpkg/"
    for path in [path for path, _ in tree.files() if path.startswith(folder)]:
        yield path, ""
        if path.endswith(".list"):
            for line in tree.read(path).decode("utf-8").splitlines():
                yield tree.real(line.strip("/")), ""
    for path in [path for path, _ in tree.files() if path.startswith(folder)]:
        if path.endswith(".md5sums"):
            for line in tree.read(path).decode("utf-8").splitlines():
                digest, _, name = line.partition("  ")
                yield tree.real(name), f"md5={digest}"


def _of_wheels(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield each path of a wheel's list with its SHA-256."""
    for wheel in wheels(tree):
        record = f"{wheel.folder}/RECORD"
        if wheel.name in OURS or record not in tree.entries:
            continue
        above = wheel.folder.rpartition("/")[0]
        for name, digest, *_ in csv.reader(tree.read(record).decode("utf-8").splitlines()):
            yield f"{above}/{name}" if above else name, digest
        yield record, ""


def _is_as_published(content: bytes, digest: str | None, copied: set[str]) -> bool:
    """Whether a content is that of its digest; without one (None), whether it is one of those that are copied."""
    if digest is not None and digest.startswith("sha256="):
        found = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
        return found.rstrip(b"=").decode() == digest.removeprefix("sha256=")
    if digest == "":
        return True
    found_md5 = f"md5={hashlib.md5(content, usedforsecurity=False).hexdigest()}"
    return found_md5 in copied if digest is None else found_md5 == digest
