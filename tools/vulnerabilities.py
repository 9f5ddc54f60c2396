"""Compare the lock files of Python and npm with snapshots of known vulnerabilities, without the network.

A finding that cannot be helped stands in `.advisories.toml` with its reason and the day it ends; an entry that is past
that day, or that nothing needs, is a failure too. An old snapshot is a warning, so that old clones stay green.
These locks are all that is shipped, and `make image` scans the image that is made from them (tools/image): a file that
describes another image, which nobody scans, fails.
Usage: python -m tools.vulnerabilities. See docs/decisions/0031-known-vulnerabilities.md.
"""

import json
import lzma
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from packaging.version import Version

from mainstay import clock
from tools.lock import normal, pins
from tools.process import ROOT
from tools.semver import SemVer
from tools.tree import files, report

EXCEPTIONS = ".advisories.toml"
OLD_DAYS = 60
# What describes images, or says which ones run: by the name, `compose.prod.yaml` and `till.dockerfile` as well.
IMAGES = re.compile(
    r"(.*\.)?(dockerfile|containerfile|earthfile)([.-].*)?"
    r"|.*\b(docker-)?(compose|bake)\b.*\.(ya?ml|hcl|json)"
    r"|.*\.(container|image|pod|kube)"
)

# What versions of an ecosystem are compared as.
Key = TypeVar("Key", Version, SemVer)


class Range(NamedTuple):
    """Versions from the first affected one ("0" for all) up to a fixed one, or up to and with the last affected."""

    introduced: str
    fixed: str | None
    last_affected: str | None

    def holds(self, version: Key, read: Callable[[str], Key]) -> bool:
        """Whether a version is in the range; a pre-release of the fix is."""
        if self.introduced != "0" and version < read(self.introduced):
            return False
        if self.fixed is not None:
            return version < read(self.fixed)
        return self.last_affected is None or version <= read(self.last_affected)


class Advisory(NamedTuple):
    """What is kept of an advisory for one package: its names, how bad it is ("" when not rated), what is affected."""

    id: str
    aliases: tuple[str, ...]
    severity: str
    ranges: tuple[Range, ...]
    versions: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing of versions that could be compared."""
        return not self.ranges and not self.versions

    def affects(self, text: str, read: Callable[[str], Key]) -> bool:
        """Whether a version is affected; one that cannot be compared only when it is named."""
        return text in self.versions or bool(self.holding(text, read))

    def holding(self, text: str, read: Callable[[str], Key]) -> list[Range]:
        """Return the ranges that a version is in."""
        try:
            version = read(text)
        except ValueError:
            return []
        return [each for each in self.ranges if each.holds(version, read)]

    def about(self, text: str, read: Callable[[str], Key]) -> str:
        """Return the names, how bad it is, and the version that ends the range a version is in."""
        fixed = [each.fixed for each in self.holding(text, read) if each.fixed is not None]
        names = ", ".join((self.id, *self.aliases))
        fix = f"fixed in {fixed[0]}" if fixed else "no fix is known"
        return f"{names}; severity: {self.severity or 'not rated'}; {fix}"


class Snapshot(NamedTuple):
    """All advisories by the name of the package, and the day up to which all their sources were known."""

    day: date
    packages: dict[str, tuple[Advisory, ...]]


class Finding(NamedTuple):
    """A locked package that an advisory affects, and the sentence about it."""

    package: str
    advisory: str
    text: str


@dataclass(frozen=True, slots=True)
class Ecosystem(Generic[Key]):
    """Packages of one kind: OSV's name for it, ours, what is locked, and how names and versions are read."""

    osv: str
    name: str
    snapshot: Path
    pins: Callable[[Path], Iterable[tuple[str, str]]]
    normal: Callable[[str], str]
    read: Callable[[str], Key]

    def findings(self, root: Path, snapshot: Snapshot) -> Iterator[Finding]:
        """Yield what is known of each locked version."""
        for package, version in self.pins(root):
            yield from self.of(package, version, snapshot)

    def of(self, package: str, version: str, snapshot: Snapshot) -> Iterator[Finding]:
        """Yield each advisory that affects a version, or may affect it because it does not say which it does."""
        known: tuple[Advisory, ...] = snapshot.packages.get(package, ())
        for advisory in known:
            if advisory.is_silent or advisory.affects(version, self.read):
                yield Finding(package, advisory.id, f"{package} {version}: {advisory.about(version, self.read)}")


def python_pins(root: Path) -> Iterable[tuple[str, str]]:
    """Return what the Python lock pins."""
    return pins((root / "requirements.lock").read_text(encoding="utf-8")).items()


def npm_pins(root: Path) -> Iterable[tuple[str, str]]:
    """Return what the npm lock installs, each version once; the package itself and links are left out."""
    locked = json.loads((root / "web" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return sorted({
        (entry.get("name", path.rpartition("node_modules/")[2]), entry["version"])
        for path, entry in locked.items()
        if path and not entry.get("link")
    })  # fmt: skip


PYTHON = Ecosystem(
    "PyPI", "Python", Path(__file__).with_name("advisories.json.xz"), python_pins, normal, Version
)  # fmt: skip
NPM = Ecosystem("npm", "npm", Path(__file__).with_name("advisories.npm.json.xz"), npm_pins, str, SemVer.read)


class Exemption(NamedTuple):
    """A finding that is let pass until a day."""

    package: str
    advisory: str
    until: date


def load(path: Path) -> Snapshot:
    """Read the snapshot."""
    content = json.loads(lzma.decompress(path.read_bytes()))
    packages = {
        name: tuple(
            Advisory(one, tuple(aliases), severity, tuple(Range(*each) for each in ranges), tuple(versions))
            for one, aliases, severity, ranges, versions in found
        )
        for name, found in content["packages"].items()
    }
    return Snapshot(date.fromisoformat(content["date"]), packages)


def exemptions(root: Path) -> list[Exemption]:
    """Read the exceptions; one without a reason is refused."""
    path = root / EXCEPTIONS
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("exception", []) if path.is_file() else []
    if any(not each.get("reason", "").strip() for each in entries):
        raise ValueError(f"{EXCEPTIONS}: every exception needs a reason")
    return [Exemption(each["package"], each["id"], each["until"]) for each in entries]


def compare(root: Path, found: Iterable[Finding], today: date) -> Iterator[str]:
    """Yield one line for each finding that is not let pass, and for each exception that no longer holds."""
    allowed = exemptions(root)
    used = set()
    for finding in found:
        used.add(finding[:2])
        if finding[:2] not in {each[:2] for each in allowed}:
            yield finding.text
    for each in allowed:
        if each[:2] not in used:
            yield f"{EXCEPTIONS}: {each.package} {each.advisory}: nothing needs this exception"
        elif each.until < today:
            yield f"{EXCEPTIONS}: {each.package} {each.advisory}: this exception ended on {each.until}"


def age(name: str, snapshot: Snapshot, today: date) -> str:
    """Return the line that tells how old the advisories are."""
    days = (today - snapshot.day).days
    text = f"advisories of {name} packages up to {snapshot.day}"
    return f"warning: {text} are {days} days old; `make advisories` takes newer ones" if days > OLD_DAYS else text


def unscanned(root: Path) -> Iterator[str]:
    """Yield one line for each file that describes an image: what would be in it, nobody has compared."""
    for path in files(root):
        if IMAGES.fullmatch(path.name.lower()):
            yield f"{path.relative_to(root)}: describes an image, and nothing here scans what is in it"


def main() -> int:
    """Compare the locks of this repository."""
    today = clock.now().date()
    python, npm = load(PYTHON.snapshot), load(NPM.snapshot)
    print(age(PYTHON.name, python, today), age(NPM.name, npm, today), sep="\n")
    found = [*PYTHON.findings(ROOT, python), *NPM.findings(ROOT, npm)]
    return report([*compare(ROOT, found, today), *unscanned(ROOT)])


if __name__ == "__main__":
    sys.exit(main())
