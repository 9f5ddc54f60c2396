"""Compare the Python lock file with the snapshot of known vulnerabilities, without the network.

A finding that cannot be helped stands in `.advisories.toml` with its reason and the day it ends; an entry that is past
that day, or that nothing needs, is a failure too. An old snapshot is a warning, so that old clones stay green.
Usage: python -m tools.vulnerabilities. See docs/decisions/0031-known-vulnerabilities.md.
"""

import json
import lzma
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

from mainstay import clock
from tools.lock import pins
from tools.process import ROOT
from tools.tree import report

SNAPSHOT = Path(__file__).with_name("advisories.json.xz")
EXCEPTIONS = ".advisories.toml"
OLD_DAYS = 60


class Range(NamedTuple):
    """Versions from the first affected one ("0" for all) up to a fixed one, or up to and with the last affected."""

    introduced: str
    fixed: str | None
    last_affected: str | None

    def holds(self, version: Version) -> bool:
        """Whether a version is in the range; a pre-release of the fix is."""
        if self.introduced != "0" and version < Version(self.introduced):
            return False
        if self.fixed is not None:
            return version < Version(self.fixed)
        return self.last_affected is None or version <= Version(self.last_affected)


class Advisory(NamedTuple):
    """What is kept of an advisory for one package: its names, its CVSS vector ("" when not rated), what is affected."""

    id: str
    aliases: tuple[str, ...]
    severity: str
    ranges: tuple[Range, ...]
    versions: tuple[str, ...]

    def affects(self, text: str) -> bool:
        """Whether a version is affected; one that PEP 440 does not know only when it is named."""
        try:
            version = Version(text)
        except InvalidVersion:
            return text in self.versions
        return text in self.versions or any(each.holds(version) for each in self.ranges)

    def fixes(self, text: str) -> str:
        """Return the version that ends the range a version is in."""
        fixed = [each.fixed for each in self.ranges if each.fixed is not None and each.holds(Version(text))]
        return f"fixed in {fixed[0]}" if fixed else "no fix is known"


class Snapshot(NamedTuple):
    """All advisories by the name of the package, and the day of the newest."""

    day: date
    packages: dict[str, tuple[Advisory, ...]]


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


def compare(root: Path, snapshot: Snapshot, today: date) -> Iterator[str]:
    """Yield one line for each vulnerability of the lock at `root`, and for each exception that no longer holds."""
    allowed = exemptions(root)
    used = set()
    for package, version in pins((root / "requirements.lock").read_text(encoding="utf-8")).items():
        for advisory in snapshot.packages.get(package, ()):
            if not advisory.affects(version):
                continue
            key = (package, advisory.id)
            used.add(key)
            if key not in {each[:2] for each in allowed}:
                names = ", ".join((advisory.id, *advisory.aliases))
                severity = advisory.severity or "not rated"
                yield f"{package} {version}: {names}; severity: {severity}; {advisory.fixes(version)}"
    for each in allowed:
        if each[:2] not in used:
            yield f"{EXCEPTIONS}: {each.package} {each.advisory}: nothing needs this exception"
        elif each.until < today:
            yield f"{EXCEPTIONS}: {each.package} {each.advisory}: this exception ended on {each.until}"


def age(snapshot: Snapshot, today: date) -> str:
    """Return the line that tells how old the advisories are."""
    days = (today - snapshot.day).days
    text = f"advisories of Python packages up to {snapshot.day}"
    return f"warning: {text} are {days} days old; `make advisories` takes newer ones" if days > OLD_DAYS else text


def main() -> int:
    """Compare the lock of this repository."""
    snapshot = load(SNAPSHOT)
    today = clock.now().date()
    print(age(snapshot, today))
    return report(list(compare(ROOT, snapshot, today)))


if __name__ == "__main__":
    sys.exit(main())
