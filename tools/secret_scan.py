"""Find secrets in files with detect-secrets, and compare with the committed list of known false alarms.

A finding is known by its file, kind and hash, never by its line, so that moving text needs no new baseline. Words like
`password = "..."` are no finding in tests, whose accounts live as long as a test, and in message catalogues, where they
are text; keys and tokens are a finding everywhere. What is written by `make api` holds nothing but what the sources
say, which are scanned: it is left out, because its size takes half of the time.
Usage: python -m tools.secret_scan [FILE...]; without files, the whole repository.
"""

import json
import os
import sys
from pathlib import Path

from detect_secrets.core import baseline
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tools.process import ROOT
from tools.tree import files, report

BASELINE = ".secrets.baseline"
KEYWORD = "Secret Keyword"
GENERATED = ("web/openapi.json", "web/src/api/")
WORDS_ONLY = {"tests", "i18n"}


def scan(root: Path, chosen: list[Path] | None = None) -> list[str]:
    """Return one line for each secret in the chosen files, or in all, that the baseline at `root` does not know."""
    settings = json.loads((root / BASELINE).read_text(encoding="utf-8"))
    asked = (str(path.relative_to(root)) for path in (files(root) if chosen is None else chosen))
    names = sorted(name for name in asked if not name.startswith(GENERATED))
    with transient_settings(settings):
        known = {(file, one.type, one.secret_hash) for file, one in baseline.load(settings, filename=BASELINE)}
        found = SecretsCollection(root=str(root))
        found.scan_files(*names)
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
    return report(scan(ROOT, chosen or None))


if __name__ == "__main__":
    sys.exit(main())
