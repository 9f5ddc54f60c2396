"""Hold SQL to the module walls: a statement names its own module's tables, and the SQL front doors of modules below it.

The front doors are views and functions that stand beside `api.py`; `sql-fronts` in pyproject.toml lists them.
Usage: python -m tools.sql_fronts.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tools.process import ROOT
from tools.tree import findings, report, text_of

# The folders whose sub-folders are modules, with what stands below all of them.
PARENTS = ("tradepost/src/tradepost/", "mainstay/src/mainstay/modules/")
FOUNDATION = "mainstay"


@dataclass(frozen=True, slots=True)
class Walls:
    """The modules from the highest to the lowest, and the names that others may use in SQL."""

    modules: tuple[str, ...]
    fronts: frozenset[str]

    def names(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield each table or function of a module that the text uses, with its position."""
        owned = rf"(?:{'|'.join(self.modules)})_\w+"
        pattern = rf"\b(?:FROM|JOIN|INTO|UPDATE|USING|TABLE)\s+(?:ONLY\s+)?({owned})|\b({owned})\s*\("
        for match in re.finditer(pattern, text):
            yield match.start(), match[1] or match[2]

    def refusal(self, module: str, name: str) -> str | None:
        """Return why a statement of `module` may not use `name`, or None when it may."""
        owner = name.partition("_")[0]
        if owner == module:
            return None
        if name not in self.fronts:
            return f"{name} belongs to {owner} and is none of its SQL front doors"
        if self.modules.index(owner) < self.modules.index(module):
            return f"{name} belongs to {owner}, which stands above {module}"
        return None


@lru_cache
def walls(root: Path) -> Walls:
    """Read the order of the modules and the SQL front doors from pyproject.toml."""
    with (root / "pyproject.toml").open("rb") as file:
        tool = tomllib.load(file)["tool"]
    contract = next(one for one in tool["importlinter"]["contracts"] if one["id"] == "product")
    product = re.findall(r"\w+", " ".join(contract["layers"]))
    below = sorted(path.name for path in (root / PARENTS[1]).iterdir() if path.is_dir())
    return Walls((*product, *below, FOUNDATION), frozenset(tool["architecture"]["sql-fronts"]))


def check(root: Path, path: Path) -> Iterator[str]:
    """Yield a line for each foreign name that a file of a module uses in SQL."""
    name = str(path.relative_to(root))
    parent = next((one for one in PARENTS if name.startswith(one)), None)
    module = name.removeprefix(parent).partition("/")[0] if parent else ""
    if module not in walls(root).modules or path.suffix not in {".py", ".sql"} or "/migrations/" in name:
        return
    text = text_of(path) or ""
    for position, used in walls(root).names(text):
        if reason := walls(root).refusal(module, used):
            yield f"{text.count(chr(10), 0, position) + 1}: {reason}"


def main() -> int:
    """Check the whole repository."""
    return report(findings(ROOT, check))


if __name__ == "__main__":
    sys.exit(main())
