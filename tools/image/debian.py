"""Compare the Debian packages of an image with the newest ones that the machine's apt sources offer.

A package older than what they offer is a known hole with a known fix, or may be one. What cannot be compared is no
good news: `CannotTell` says why.
"""

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

# Where fixes come; backports bring other versions, which fix nothing.
PARTS = ("", "-updates", "-security")
FORMAT = "\t".join(f"$({each})" for each in ("CODENAME", "ORIGIN", "REPO_URI", "COMPONENT", "FILENAME"))
FIELD = re.compile(r"^(Package|Version|Architecture|Status): *(.*)$", re.MULTILINE)
STATUS = "var/lib/dpkg/status"


class CannotTell(Exception):
    """The packages cannot be compared; the text says why."""


class Package(NamedTuple):
    """A package of a version, as it is installed or offered."""

    name: str
    architecture: str
    version: str


class Index(NamedTuple):
    """A list of packages that a source offers: of which suite, from where, and the file that apt took it into."""

    suite: str
    address: str
    component: str
    file: str


# What is offered of each name and architecture: the version, and the suite that has it.
Offers = Mapping[tuple[str, str], list[tuple[str, str]]]


class Sources:
    """The lists of one suite of Debian, its updates and its fixes, as fresh as the sources have them."""

    def __init__(self, options: list[str], indexes: list[Index]) -> None:
        self._options = options
        self.indexes = indexes

    def offers(self) -> Offers:
        """Read what is offered."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for index in self.indexes:
            text = run("/usr/lib/apt/apt-helper", *self._options, "cat-file", index.file)
            for package in packages(text):
                found[package.name, package.architecture].append((package.version, index.suite))
        return found


@contextmanager
def sources(suite: str) -> Iterator[Sources]:
    """Take the lists anew into a folder of their own, which needs no rights. Raises CannotTell when one is missing."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "lists" / "partial").mkdir(parents=True)
        places = {"Dir::State": folder, "Dir::State::Lists": folder / "lists", "Dir::Cache": folder / "cache"}
        options = [f"-o{key}={place}" for key, place in places.items()]
        if os.geteuid() == 0:
            # Who fetches would otherwise be a user that may not write here.
            options.append("-oAPT::Sandbox::User=root")
        strict = ("-oAPT::Update::Error-Mode=any", "-oAcquire::Check-Valid-Until=true")
        run("apt-get", *options, *strict, "-qq", "update")
        listed = run("apt-get", *options, "indextargets", "--format", FORMAT, "Created-By: Packages")
        wanted = {f"{suite}{part}" for part in PARTS}
        rows = (line.split("\t") for line in listed.splitlines())
        indexes = [
            Index(codename, *place) for codename, origin, *place in rows if codename in wanted and origin == "Debian"
        ]
        missing = {suite, f"{suite}-security"} - {each.suite for each in indexes}
        if missing:
            raise CannotTell(f"the machine's apt sources have no {' and no '.join(sorted(missing))}")
        yield Sources(options, indexes)


def run(*command: str) -> str:
    """Run one of apt's programs; raises CannotTell with what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError as failure:
        raise CannotTell(f"{command[0]} is not on this machine") from failure
    if done.returncode != 0:
        raise CannotTell(f"{Path(command[0]).name} failed: {done.stderr.strip()}")
    return done.stdout


def packages(text: str) -> Iterator[Package]:
    """Yield the packages of a list of apt or of dpkg's status; of the latter those of which something is there."""
    for stanza in text.split("\n\n"):
        fields = dict(FIELD.findall(stanza))
        gone = fields.get("Status", "").endswith((" not-installed", " config-files"))
        if "Package" in fields and not gone:
            yield Package(fields["Package"], fields["Architecture"], fields["Version"])


@lru_cache(maxsize=10_000)
def is_older(one: str, other: str) -> bool:
    """Whether a version comes before another, in the order of dpkg; raises CannotTell where one is no version."""
    done = subprocess.run(["dpkg", "--compare-versions", one, "lt", other], check=False, capture_output=True, text=True)
    if done.returncode > 1 or done.stderr:
        raise CannotTell(f"dpkg cannot compare {one!r} with {other!r}: {done.stderr.strip()}")
    return done.returncode == 0


def outdated(installed: Iterable[Package], offers: Offers) -> Iterator[str]:
    """Yield a line for each package that is older than one that is offered, or that nobody offers."""
    for package in installed:
        offered = offers.get((package.name, package.architecture), [])
        if not offered:
            yield f"{package.name} {package.version}: no source of Debian has it, so nobody can tell whether it is safe"
            continue
        newest, suite = offered[0]
        for version, place in offered[1:]:
            if is_older(newest, version):
                newest, suite = version, place
        if is_older(package.version, newest):
            yield f"{package.name} {package.version}: outdated, {suite} has {newest}"
