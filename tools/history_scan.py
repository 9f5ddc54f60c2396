"""Find secrets that were once committed: in every version of every file, and in every message, that HEAD descends from.

What was removed later is still in every clone. A finding is compared with the list of known false alarms by its kind
and hash, whatever its file was called then; those that are in the past alone stand in .secrets.history, each with its
reason. A version in which nothing at all was found is not looked at again until this program, the kinds of secrets or
detect-secrets change: the first scan takes minutes, those after it look at what is new. Of a shallow clone, what is
there is scanned. Usage: python -m tools.history_scan.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detect_secrets.__version__ import VERSION
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tools.process import ROOT, TOOLS
from tools.secret_scan import BASELINE, GENERATED, KEYWORD, WORDS_ONLY, look_into
from tools.tree import NOT_TEXT, report

STORE = "history-free-of-secrets"
PAST = ".secrets.history"
MESSAGES = "commit messages"
# What these hold besides words: hashes, which look like keys, and nothing else.
HASHES = {"requirements.lock", "package-lock.json", BASELINE}


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version of a file, or the message of a commit, by the name of its object in git."""

    name: str
    object: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Versions in which nothing was found before, kept as digests of all that decides it."""

    store: Path
    rules: bytes

    def without(self, versions: Iterable[Version]) -> list[Version]:
        """Return those that are not known to be clean."""
        known = set(self.store.read_text(encoding="ascii").split()) if self.store.is_file() else set()
        return [version for version in versions if self._digest(version) not in known]

    def remember(self, versions: Iterable[Version]) -> None:
        """Keep that these versions are clean."""
        self.store.parent.mkdir(parents=True, exist_ok=True)
        with self.store.open("a", encoding="ascii") as file:
            file.write("".join(f"{self._digest(version)}\n" for version in versions))

    def _digest(self, version: Version) -> str:
        text = f"{version.name}\0{version.object}".encode()
        return hashlib.sha256(self.rules + text).hexdigest()[:32]


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Return what a git command prints."""
    return subprocess.run(["git", "-C", str(root), *arguments], input=stdin, capture_output=True, check=True).stdout


def versions(root: Path) -> Iterator[Version]:
    """Yield every version that can hold a secret of everything that HEAD descends from."""
    listed = git(root, "rev-list", "--objects", "--no-object-names", "HEAD").split()
    kinds = git(root, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=b"\n".join(listed) + b"\n")
    kind_of = dict(line.split() for line in kinds.splitlines())
    for line in git(root, "-c", "core.quotePath=off", "rev-list", "--objects", "HEAD").decode().splitlines():
        name, _, path = line.partition(" ")
        kind = kind_of[name.encode()]
        if kind == b"commit":
            yield Version(f"{MESSAGES}/{name}", name)
        elif kind == b"blob" and _is_text(path):
            yield Version(path, name)


def _is_text(path: str) -> bool:
    name = Path(path)
    return not path.startswith(GENERATED) and name.suffix not in NOT_TEXT and name.name not in HASHES


def contents(root: Path, wanted: Sequence[Version]) -> Iterator[tuple[Version, bytes]]:
    """Yield the content of each version; of a commit, its message."""
    answer = git(root, "cat-file", "--batch", stdin="".join(f"{each.object}\n" for each in wanted).encode())
    begin = 0
    for version in wanted:
        end = answer.index(b"\n", begin)
        size = int(answer[begin:end].split()[2])
        content = answer[end + 1 : end + 1 + size]
        begin = end + size + 2
        yield version, content.partition(b"\n\n")[2] if version.name.startswith(MESSAGES) else content


def found_in(root: Path, wanted: Sequence[Version]) -> list[tuple[Version, int, str, str]]:
    """Return version, line, kind and hash of every finding; a line is looked at once in all versions of a file."""
    lines: dict[str, dict[bytes, tuple[Version, int]]] = defaultdict(dict)
    for version, content in contents(root, wanted):
        of_file = lines[version.name]
        for number, line in enumerate(content.splitlines(), start=1):
            of_file.setdefault(line, (version, number))
    with tempfile.TemporaryDirectory() as folder:
        for name, of_file in lines.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\n".join(of_file))
        secrets = SecretsCollection(root=folder)
        look_into(secrets, lines)
    places = {name: list(of_file.values()) for name, of_file in lines.items()}
    return [(*places[file][one.line_number - 1], one.type, one.secret_hash) for file, one in secrets]


def known(root: Path, settings: dict[str, Any]) -> set[str]:
    """Return the hashes of the false alarms, those of the present and those of the past."""
    results = settings["results"]
    present = {one["hashed_secret"] for each in results.values() for one in each}
    past = (root / PAST).read_text(encoding="utf-8").splitlines() if (root / PAST).is_file() else []
    return present | {line.split()[0] for line in past if line and not line.startswith("#")}


def scan(root: Path, store: Path | None = None) -> list[str]:
    """Return one line for each secret in the past of `root` that is no known false alarm."""
    settings = json.loads((root / BASELINE).read_text(encoding="utf-8"))
    rules = json.dumps([settings["plugins_used"], settings["filters_used"], VERSION], sort_keys=True).encode()
    seen = Seen(store, hashlib.sha256(rules + Path(__file__).read_bytes()).digest()) if store else None
    everything = sorted(set(versions(root)))
    wanted = seen.without(everything) if seen else everything
    with transient_settings(settings):
        found = found_in(root, wanted)
    if seen:
        seen.remember(set(wanted) - {version for version, *_ in found})
    alarms = known(root, settings)
    return sorted(
        f"{version.name}: {line}: {kind} ({digest}), since {_first_commit(root, version)}"
        for version, line, kind, digest in found
        if digest not in alarms and (kind != KEYWORD or WORDS_ONLY.isdisjoint(Path(version.name).parts))
    )


def _first_commit(root: Path, version: Version) -> str:
    """Return the commit that brought a version, in short."""
    if version.name.startswith(MESSAGES):
        return version.object[:12]
    commits = git(root, "log", "--format=%h", f"--find-object={version.object}", "HEAD").decode().split()
    return commits[-1] if commits else "a merge"


def main() -> int:
    """Scan the past of this repository."""
    return report(scan(ROOT, TOOLS / STORE))


if __name__ == "__main__":
    sys.exit(main())
