"""Hold each distribution's migrations to one straight line: one start, one head, no merge and no branch.

Usage: python -m tools.migrations.
"""

import sys
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.script.revision import Revision

from tools.process import ROOT
from tools.tree import report

FOLDERS = ("mainstay/src/mainstay/migrations", "tradepost/src/tradepost/migrations")


def crooked(folder: Path) -> list[str]:
    """Return what keeps the migrations in `folder` from being one line; an empty folder is no line."""
    script = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    heads = script.get_heads()
    found = [] if len(heads) == 1 else [f"{len(heads)} heads instead of one: {', '.join(sorted(heads))}"]
    for revision in script.walk_revisions():
        found.extend(_crooked_revision(revision))
    return found


def _crooked_revision(revision: Revision) -> list[str]:
    before = revision.down_revision
    if isinstance(before, tuple):
        return [f"{revision.revision} merges {', '.join(before)}"]
    return [f"{revision.revision} is a branch point"] if revision.is_branch_point else []


def main() -> int:
    """Check both distributions."""
    return report([f"{folder}: {line}" for folder in FOLDERS for line in crooked(ROOT / folder)])


if __name__ == "__main__":
    sys.exit(main())
