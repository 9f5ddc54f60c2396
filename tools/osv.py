"""Read clones of databases of vulnerabilities, in the OSV format or in that of GitHub's interface."""

import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Self

import yaml  # type: ignore[import-untyped] # its stubs are a package of their own, for one call

from tools.semver import SemVer
from tools.vulnerabilities import Advisory, Ecosystem, Key, Range

# A bound of a range as GitHub writes it, such as ">= 1.2.0" or "= 1.0".
BOUND = re.compile(r"(<=?|>=?|=) *([^\s,]+)")


class Found(NamedTuple):
    """What is kept of an advisory for one package, and whether all that it says of versions could be read."""

    package: str
    advisory: Advisory
    is_whole: bool


class Clone(NamedTuple):
    """A clone of a database, and the folder of it that holds the advisories."""

    path: Path
    folder: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what a person names: the path of the clone, a colon, the folder."""
        path, _, folder = text.rpartition(":")
        if not path:
            raise ValueError(f"{text!r} does not name a folder")
        return cls(Path(path), folder)

    def day(self) -> str:
        """Return the date of the newest commit."""
        command = ["git", "-C", str(self.path), "log", "-1", "--format=%cs"]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()

    def contents(self, ending: str) -> Iterator[bytes]:
        """Yield the content of each file with a name of that ending in the newest commit, one after the other."""
        command = ["git", "-C", str(self.path), "archive", "HEAD", self.folder]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE) as process,
            tarfile.open(fileobj=process.stdout, mode="r|") as archive,
        ):
            for member in archive:
                content = archive.extractfile(member) if member.name.endswith(ending) else None
                if content is not None:
                    yield content.read()
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, command)


def python_documents(clone: Clone) -> Iterator[dict[str, Any]]:
    """Yield every advisory of the PyPA's database as it is written."""
    for content in clone.contents(".yaml"):
        yield yaml.load(content, Loader=yaml.CBaseLoader)  # noqa: S506 # nosec B506 - makes only text


def npm_documents(clone: Clone) -> Iterator[dict[str, Any]]:
    """Yield the advisories of a folder of JSON files, in either form; other files are passed over."""
    for content in clone.contents(".json"):
        document = json.loads(content)
        if isinstance(document, dict) and "affected" in document:
            yield document
        elif isinstance(document, dict) and isinstance(document.get("vulnerabilities"), list):
            yield from (from_github(each) for each in document["vulnerabilities"])


def from_github(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an advisory about one package, as GitHub's interface tells it, in the form of OSV."""
    ranges = [
        {"type": "SEMVER", "events": events(each["range"], each.get("fixed"))} for each in entry["affectedVersions"]
    ]
    return {
        "id": entry["id"],
        "aliases": [each["value"] for each in entry["identifiers"] if each["value"] != entry["id"]],
        "database_specific": {"severity": entry["severity"]},
        "affected": [{"package": {"ecosystem": "npm", "name": entry["packageName"]}, "ranges": ranges}],
    }


def events(text: str, fixed: str | None) -> list[dict[str, str]]:
    """Return the ends of ranges such as ">= 1.0, < 1.5 || >= 2.0, <= 2.3", the last of which `fixed` may end.

    A start that is itself not affected counts as affected.
    """
    *others, last = text.split("||")
    return [*chain.from_iterable(_ends(each, None) for each in others), *_ends(last, fixed)]


def _ends(text: str, fixed: str | None) -> list[dict[str, str]]:
    """Return the ends of one range; one that is not understood is its own start, which nobody can compare."""
    if BOUND.sub("", text).strip(" ,"):
        return [{"introduced": text.strip()}]
    bounds: dict[str, str] = dict(BOUND.findall(text))
    start = bounds.get("=") or bounds.get(">=") or bounds.get(">") or "0"
    if "<" in bounds:
        return [{"introduced": start}, {"fixed": bounds["<"]}]
    last = bounds.get("=") or bounds.get("<=")
    if last is None:
        return [{"introduced": start}]
    if fixed is None or "=" in bounds or not _is_before(last, fixed):
        return [{"introduced": start}, {"last_affected": last}]
    return [{"introduced": start}, {"fixed": fixed}]


def _is_before(one: str, other: str) -> bool:
    try:
        return SemVer.read(one) < SemVer.read(other)
    except ValueError:
        return False


def ranges(affected: dict[str, Any]) -> Iterator[Range]:
    """Yield the ranges of versions; of an event list, each `introduced` with the event that ends it."""
    for each in affected.get("ranges", []):
        if each["type"] == "GIT":
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


def opened(one: Range, ecosystem: Ecosystem[Key]) -> Range:
    """Return a range without the ends that cannot be compared, and without one that lies before the start.

    It then holds more than is affected: what nobody can read must not count as harmless.
    """
    introduced, fixed, last = (_key(end, ecosystem) for end in one)
    start = one.introduced if introduced is not None else "0"
    if introduced is not None and one.introduced != "0":
        fixed = fixed if fixed is not None and introduced < fixed else None
        last = last if last is not None and introduced <= last else None
    return Range(start, one.fixed if fixed is not None else None, one.last_affected if last is not None else None)


def _key(end: str | None, ecosystem: Ecosystem[Key]) -> Key | None:
    try:
        return None if end is None else ecosystem.read(end)
    except ValueError:
        return None


def severity(document: dict[str, Any]) -> str:
    """Return the CVSS vector, or the word for how bad it is."""
    if document["id"].startswith("MAL-"):
        return "malicious"
    word: str = document.get("database_specific", {}).get("severity", "").lower()
    return next((str(each["score"]) for each in document.get("severity", [])), word)


def advisories(document: dict[str, Any], ecosystem: Ecosystem[Key]) -> Iterator[Found]:
    """Yield what is kept of an advisory for each affected package; nothing when it was withdrawn."""
    if "withdrawn" in document:
        return
    for affected in document["affected"]:
        if affected["package"]["ecosystem"] == ecosystem.osv:
            stated, named = tuple(ranges(affected)), affected.get("versions", [])
            whole = tuple(each for each in stated if opened(each, ecosystem) == each)
            # Where versions are listed, they say what a range does not that cannot be compared.
            found = whole if named else tuple(opened(each, ecosystem) for each in stated)
            bare = Advisory(document["id"], tuple(document.get("aliases", [])), severity(document), found, ())
            # The ranges say most of it; only what they leave out is kept by name.
            rest = tuple(each for each in named if not bare.affects(each, ecosystem.read))
            is_whole = bool(named) or (bool(stated) and found == stated)
            yield Found(ecosystem.normal(affected["package"]["name"]), bare._replace(versions=rest), is_whole)
