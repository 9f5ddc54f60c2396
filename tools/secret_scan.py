"""Find secrets in files with detect-secrets, and compare with the committed list of known false alarms.

A finding is known by its file, kind and hash, never by its line, so that moving text needs no new baseline. Words like
`password = "..."` are no finding in tests, whose accounts live as long as a test, and in message catalogues, where they
are text; keys and tokens are a finding everywhere. What is written by `make api` holds nothing but what the sources
say, which are scanned: it is left out, because its size takes half of the time. A file in which nothing at all was
found is not looked at again until it, its name, the list, this program or detect-secrets changes: a scan of everything
takes most of a minute.
Usage: python -m tools.secret_scan [FILE...]; without files, the whole repository.
"""

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from detect_secrets.__version__ import VERSION
from detect_secrets.core import baseline
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tools.process import ROOT, TOOLS
from tools.tree import files, report

BASELINE = ".secrets.baseline"
STORE = "free-of-secrets"
KEYWORD = "Secret Keyword"
GENERATED = ("web/openapi.json", "web/src/api/")
WORDS_ONLY = {"tests", "i18n"}
# So many files are looked into by processes of their own.
MANY = 50


@dataclass(frozen=True, slots=True)
class Clean:
    """Files in which nothing was found before, kept as digests of all that decides it."""

    store: Path

    def without(self, root: Path, names: Iterable[str]) -> list[str]:
        """Return the names of those files that are not known to be clean."""
        known = set(self.store.read_text(encoding="utf-8").split()) if self.store.is_file() else set()
        return [name for name, digest in self._digests(root, names).items() if digest not in known]

    def remember(self, root: Path, names: Iterable[str]) -> None:
        """Keep that these files are clean."""
        self.store.parent.mkdir(parents=True, exist_ok=True)
        # One write of whole lines at the end of the file: two scans at the same time only repeat each other.
        with self.store.open("a", encoding="utf-8") as file:
            file.write("".join(f"{digest}\n" for digest in self._digests(root, names).values()))

    def _digests(self, root: Path, names: Iterable[str]) -> dict[str, str]:
        rules = hashlib.sha256(VERSION.encode())
        for path in (root / BASELINE, Path(__file__)):
            rules.update(hashlib.sha256(path.read_bytes()).digest())
        digests = {}
        for name in names:
            one = rules.copy()
            one.update(name.encode() + b"\0" + (root / name).read_bytes())
            digests[name] = one.hexdigest()
        return digests


def look_into(found: SecretsCollection, names: Collection[str]) -> None:
    """Add the secrets in some files, beside each other when they are many.

    The processes of detect-secrets are forks. Where signals have handlers, as under coverage, a fork may miss the
    signal that ends it, and whoever waits for it waits for ever: few files are looked into here.
    """
    if len(names) >= MANY:
        found.scan_files(*names)
    else:
        for name in names:
            found.scan_file(name)


def scan(root: Path, chosen: list[Path] | None = None, clean: Clean | None = None) -> list[str]:
    """Return one line for each secret in the chosen files, or in all, that the baseline at `root` does not know."""
    settings = json.loads((root / BASELINE).read_text(encoding="utf-8"))
    asked = (str(path.relative_to(root)) for path in (files(root) if chosen is None else chosen))
    names = sorted(name for name in asked if not name.startswith(GENERATED))
    if clean is not None:
        names = clean.without(root, names)
    with transient_settings(settings):
        known = {(file, one.type, one.secret_hash) for file, one in baseline.load(settings, filename=BASELINE)}
        found = SecretsCollection(root=str(root))
        look_into(found, names)
    if clean is not None:
        clean.remember(root, set(names) - found.files)
    unknown = [(file, one) for file, one in found if (file, one.type, one.secret_hash) not in known]
    return sorted(
        f"{file}: {one.line_number}: {one.type}"
        for file, one in unknown
        if one.type != KEYWORD or WORDS_ONLY.isdisjoint(Path(file).parts)
    )


def main() -> int:
    """Scan the files named on the command line, or all of them."""
    os.chdir(ROOT)
    chosen = [Path(name).resolve() for name in sys.argv[1:]]
    return report(scan(ROOT, chosen or None, Clean(TOOLS / STORE)))


if __name__ == "__main__":
    sys.exit(main())
