"""Read what each migration does to a database in use: squawk looks at its SQL for locks that stop people, and for
what the version before cannot live with.

Usage: python -m tools.migration_locks.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mainstay.db import migrate
from tools.process import environment
from tools.tree import report

PACKAGES = ("mainstay.migrations", "tradepost.migrations")
# The oldest server that is supported: later ones need fewer locks.
SERVER = "15.0"
# Matters of taste, and what locks nothing: functions and defaults.
NOT_ASKED = (
    *("prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-text-field"),
    *("prefer-robust-stmts", "ban-drop-function", "ban-drop-default", "require-timeout-settings"),
)
_EMPTY = "came before anybody kept data, so that its tables had no rows and no readers"
# What is allowed, by revision: which rules, and why. Nothing new belongs here that locks a table with rows.
ALLOWED: dict[str, tuple[frozenset[str], str]] = {
    "m0001": (
        frozenset(
            {
                *("ban-drop-column", "ban-drop-table", "ban-drop-constraint", "ban-drop-not-null"),
                *("changing-column-type", "require-concurrent-index-deletion", "renaming-object"),
                "adding-foreign-key-constraint",
            }
        ),
        "is the job engine's own history, all of it on tables that the same transaction makes",
    ),
    "m0004": (
        frozenset(
            {
                *("ban-drop-constraint", "adding-foreign-key-constraint", "constraint-missing-not-valid"),
                "require-concurrent-index-creation",
            }
        ),
        _EMPTY,
    ),
    "m0005": (frozenset({"require-concurrent-index-creation"}), _EMPTY),
    "m0011": (
        frozenset(
            {
                *("adding-foreign-key-constraint", "constraint-missing-not-valid"),
                "require-concurrent-index-creation",
            }
        ),
        _EMPTY,
    ),
    "m0012": (frozenset({"constraint-missing-not-valid"}), _EMPTY),
    "m0016": (frozenset({"require-concurrent-index-creation"}), _EMPTY),
    "t0005": (frozenset({"adding-field-with-default"}), _EMPTY),
    "t0006": (frozenset({"changing-column-type"}), _EMPTY),
    "t0007": (frozenset({"require-concurrent-index-creation"}), _EMPTY),
    "t0008": (frozenset({"require-concurrent-index-creation"}), _EMPTY),
    "t0015": (
        frozenset(
            {
                *("adding-foreign-key-constraint", "constraint-missing-not-valid"),
                "require-concurrent-index-creation",
            }
        ),
        _EMPTY,
    ),
    "t0017": (
        frozenset(
            {
                *("ban-drop-constraint", "constraint-missing-not-valid"),
                *("require-concurrent-index-creation", "require-concurrent-index-deletion"),
            }
        ),
        _EMPTY,
    ),
    "t0018": (frozenset({"constraint-missing-not-valid"}), _EMPTY),
    "t0019": (frozenset({"require-concurrent-index-creation", "require-concurrent-index-deletion"}), _EMPTY),
    "t0022": (
        frozenset({"ban-drop-constraint"}),
        "makes two lists of kinds longer: the longer one holds before the shorter one goes",
    ),
    "t0023": (
        frozenset({"ban-drop-constraint"}),
        "only what a run of its own that broke off has left, before the same constraint is added again",
    ),
}
_STEP = re.compile(r"^-- Running upgrade \S* -> (\w+)$", re.MULTILINE)


def steps(script: str) -> dict[str, str]:
    """Return the SQL of each revision of what `migrate.script` wrote; every step is a transaction."""
    parts = _STEP.split(script)
    # Each step's own transaction began on the line before its name, which is thus the end of the step before.
    named = zip(parts[1::2], parts[2::2], strict=True)
    return {name: f"BEGIN;\n{sql.rpartition('COMMIT;')[0]}COMMIT;\n" for name, sql in named}


def unsafe(script: str, allowed: Mapping[str, tuple[frozenset[str], str]]) -> list[str]:
    """Return what is unsafe in the steps and not `allowed`, and what is allowed and not there."""
    found: list[str] = []
    met: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        for name, sql in steps(script).items():
            Path(folder, f"{name}.sql").write_text(sql, encoding="utf-8")
        for finding in _look(Path(folder)):
            name, rule = Path(finding["file"]).stem, finding["rule_name"]
            met.add((name, rule))
            if rule not in allowed.get(name, (frozenset[str](), ""))[0]:
                found.append(f"{name}: {rule}: {finding['message']} {finding['help'] or ''}".rstrip())
    stale = [(name, rule) for name, (rules, _) in allowed.items() for rule in rules if (name, rule) not in met]
    return sorted(found) + [f"{name}: {rule} is allowed and not there" for name, rule in sorted(stale)]


def _look(folder: Path) -> list[dict[str, str]]:
    options = ["--pg-version", SERVER, "--reporter", "json", "--exclude", ",".join(NOT_ASKED)]
    files = sorted(map(str, folder.glob("*.sql")))
    done = subprocess.run(["squawk", *options, *files], capture_output=True, text=True, check=False, env=environment())
    # 0: nothing was found, 1: something was.
    if done.returncode > 1 or not done.stdout.startswith("["):
        raise RuntimeError(f"squawk ended with {done.returncode}: {done.stderr}")
    findings: list[dict[str, str]] = json.loads(done.stdout)
    return findings


def main() -> int:
    """Look at the migrations of both distributions."""
    return report(unsafe(migrate.script(PACKAGES), ALLOWED))


if __name__ == "__main__":
    sys.exit(main())
