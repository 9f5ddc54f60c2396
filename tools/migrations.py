"""Hold each distribution's migrations to one straight line: one start, one head, no merge and no branch.

A distribution's first step may depend on a step of the distribution below it. Usage: python -m tools.migrations.
"""

import sys
from collections import Counter
from pathlib import Path

from alembic.script import Script, ScriptDirectory

from tools.process import ROOT
from tools.tree import report

FOLDERS = ("mainstay/src/mainstay/migrations/versions", "tradepost/src/tradepost/migrations/versions")


def crooked(root: Path, folders: tuple[str, ...] = FOLDERS) -> list[str]:
    """Return what keeps the migrations in each of the folders from being one line; an empty folder is no line."""
    places = [root / folder for folder in folders]
    directory = ScriptDirectory(str(places[0].parent), version_locations=[str(place) for place in places])
    scripts = list(directory.walk_revisions())
    return [
        f"{folder}: {line}"
        for folder, place in zip(folders, places, strict=True)
        for line in _crooked_line([script for script in scripts if Path(script.path).parent == place])
    ]


def _crooked_line(scripts: list[Script]) -> list[str]:
    followed: Counter[str | None] = Counter()
    found = []
    for script in sorted(scripts, key=lambda one: one.revision):
        before = script.down_revision
        if not isinstance(before, str | None):
            found.append(f"{script.revision} merges {', '.join(before)}")
        followed.update([before] if isinstance(before, str | None) else before)
    heads = sorted(script.revision for script in scripts if script.revision not in followed)
    if len(heads) != 1:
        found.append(f"{len(heads)} heads instead of one: {', '.join(heads)}")
    if followed[None] > 1:
        found.append(f"{followed[None]} starts instead of one")
    return found


def main() -> int:
    """Check both distributions."""
    return report(crooked(ROOT))


if __name__ == "__main__":
    sys.exit(main())
