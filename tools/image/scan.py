"""Look into an image for what must not be run: known holes, too many rights, secrets, traces of the builder.

A line for each finding; what cannot be told is a finding as well. See docs/decisions/0069-images.md.
"""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from tools import vulnerabilities
from tools.image import debian
from tools.image.oci import Image
from tools.image.owned import wheels
from tools.image.traces import traces
from tools.image.tree import Tree, laid
from tools.process import ROOT

SET_ID = 0o6000
OF_ALL = 0o002
STICKY = 0o1000
# What only the machine that builds needs, and what a copy of a work tree or of a home would bring.
LEFT_BEHIND = re.compile(
    r"etc/apt/(sources\.list|auth\.conf).*|var/lib/apt/lists/.*_.*|var/cache/apt/.*\.(deb|bin)|etc/resolv\.conf"
    r"|(.*/)?(\.git|\.venv|\.ssh|\.cache|\.npm|node_modules)/.*|(.*/)?(\.env|\.netrc|\.pypirc|\.npmrc|pip\.conf|uv\.toml)"
)
BUILD_TOOL = re.compile(
    r"(usr/|usr/local/|opt/[^/]+/)?s?bin/(apt|apt-get|c\+\+|cc|g\+\+|gcc|git|ld|make|node|npm|pip3?|uv)"
)


def scan(image: Image, today: date) -> list[str]:
    """Return a line for each reason not to run an image."""
    with laid(image.layers) as tree:
        found = [*rights(image, tree), *leftovers(tree), *python(tree, today)]
        try:
            with debian.sources(suite_of(tree)) as known:
                found += debian.outdated(installed(tree), known.offers())
                names = {urlsplit(index.address).hostname or "" for index in known.indexes} - {""}
        except debian.CannotTell as failure:
            return [*found, f"cannot tell whether the packages of Debian are safe: {failure}"]
        return [*found, *traces(image, tree, names)]


def rights(image: Image, tree: Tree) -> Iterator[str]:
    """Yield what gives whoever runs the image, or gets into it, more rights than the program needs."""
    if is_root(image.user, tree):
        yield f"runs as root: its user is {image.user!r}" if image.user is not None else "does not say as whom it runs"
    for path, (_, info) in sorted(tree.entries.items()):
        if info.isfile() and info.mode & SET_ID:
            yield f"{path}: runs with the rights of its owner or group (mode {info.mode:o})"
        if not info.issym() and info.mode & OF_ALL and not (info.isdir() and info.mode & STICKY):
            yield f"{path}: everybody may write it (mode {info.mode:o})"


def is_root(user: str | None, tree: Tree) -> bool:
    """Whether a user is root; one that is not named, or that the image does not know, counts as root."""
    name = (user or "").partition(":")[0]
    if name.isdecimal():
        return int(name) == 0
    lines = tree.read("etc/passwd").decode().splitlines() if "etc/passwd" in tree.entries else []
    numbers = {fields[0]: fields[2] for fields in (line.split(":") for line in lines) if len(fields) > 2}
    return int(numbers.get(name, "0")) == 0


def leftovers(tree: Tree) -> Iterator[str]:
    """Yield what an image needs in no case."""
    for path in sorted(tree.entries):
        if LEFT_BEHIND.fullmatch(path):
            yield f"{path}: was left behind by the build"
        elif BUILD_TOOL.fullmatch(path):
            yield f"{path}: is a tool to build or install with"


def suite_of(tree: Tree) -> str:
    """Return the suite of Debian an image stands on; raises CannotTell."""
    try:
        text = tree.read("usr/lib/os-release").decode()
    except FileNotFoundError as failure:
        raise debian.CannotTell("it does not say what system it is (usr/lib/os-release)") from failure
    fields: dict[str, str] = dict(re.findall(r'^(ID|VERSION_CODENAME)="?([\w.-]+)"?$', text, re.MULTILINE))
    if fields.get("ID") != "debian" or "VERSION_CODENAME" not in fields:
        raise debian.CannotTell(f"it is no Debian: {fields}")
    return fields["VERSION_CODENAME"]


def installed(tree: Tree) -> list[debian.Package]:
    """Return the packages of Debian in an image; raises CannotTell when it does not tell."""
    if debian.STATUS not in tree.entries:
        raise debian.CannotTell(f"it does not list them ({debian.STATUS})")
    found = list(debian.packages(tree.read(debian.STATUS).decode("utf-8")))
    if not found:
        raise debian.CannotTell(f"its list is empty ({debian.STATUS})")
    return found


def python(tree: Tree, today: date) -> Iterator[str]:
    """Yield the Python packages that the snapshot of advisories knows as bad, and that nobody excepted."""
    known = vulnerabilities.load(vulnerabilities.PYTHON.snapshot)
    excepted = {(each.package, each.advisory) for each in vulnerabilities.exemptions(ROOT) if each.until >= today}
    for wheel in wheels(tree):
        for finding in vulnerabilities.PYTHON.of(wheel.name, wheel.version, known):
            if (finding.package, finding.advisory) not in excepted:
                yield finding.text
