"""Read clones of databases of vulnerabilities, in the OSV format or in that of GitHub's interface."""

import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

import yaml  # type: ignore[import-untyped] # its stubs are a package of their own, for one call

from tools.vulnerabilities import Advisory, Ecosystem, Key, Range

# A bound of a range as GitHub writes it, such as ">= 1.2.0" or "= 1.0".
BOUND = re.compile(r"(<=?|>=?|=) *([^\s,]+)")


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
    """Return the ends of a range such as ">= 1.0, < 1.5"; a start that is itself not affected counts as affected."""
    bounds: dict[str, str] = dict(BOUND.findall(text))
    start = bounds.get("=") or bounds.get(">=") or bounds.get(">") or "0"
    if "<" in bounds:
        return [{"introduced": start}, {"fixed": bounds["<"]}]
    last = bounds.get("=") or bounds.get("<=")
    if last is None:
        return [{"introduced": start}]
    return [{"introduced": start}, {"fixed": fixed} if fixed and "=" not in bounds else {"last_affected": last}]


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


def is_readable(one: Range, ecosystem: Ecosystem[Key]) -> bool:
    """Whether both ends can be compared; a range with others counts by the versions that the advisory lists."""
    try:
        [ecosystem.read(end) for end in one if end is not None]
    except ValueError:
        return False
    return True


def severity(document: dict[str, Any]) -> str:
    """Return the CVSS vector, or the word for how bad it is."""
    if document["id"].startswith("MAL-"):
        return "malicious"
    word: str = document.get("database_specific", {}).get("severity", "").lower()
    return next((str(each["score"]) for each in document.get("severity", [])), word)


def advisories(document: dict[str, Any], ecosystem: Ecosystem[Key]) -> Iterator[tuple[str, Advisory]]:
    """Yield the name of each affected package with what is kept of an advisory; nothing when it was withdrawn."""
    if "withdrawn" in document:
        return
    for affected in document["affected"]:
        if affected["package"]["ecosystem"] == ecosystem.osv:
            found = tuple(each for each in ranges(affected) if is_readable(each, ecosystem))
            bare = Advisory(document["id"], tuple(document.get("aliases", [])), severity(document), found, ())
            # The ranges say most of it; only what they leave out is kept by name.
            rest = tuple(each for each in affected.get("versions", []) if not bare.affects(each, ecosystem.read))
            yield ecosystem.normal(affected["package"]["name"]), bare._replace(versions=rest)
