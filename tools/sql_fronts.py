"""Hold SQL to the module walls: statements stand in a module's repository, and name its own tables and the SQL front
doors of modules below it.

The front doors are views and functions that stand beside `api.py`; `sql-fronts` in pyproject.toml lists them.
Usage: python -m tools.sql_fronts.
"""

import ast
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
# Where statements stand: in the repository, and where a module declares its tables and what must hold in them.
WITH_STATEMENTS = ("repository", "invariants", "models")
STATEMENT = re.compile(
    r"\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH\s+(?:RECURSIVE\s+)?\w+\s+AS|LOCK\s+TABLE|TRUNCATE|MERGE\s+INTO)\s"
)
# How a unit of work runs one; whoever has a connection of the database itself is refused by the contract `sql`.
RUNS = frozenset({"read", "read_row", "read_value", "write", "write_row", "write_apart", "run_alone", "session"})


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
    if path.suffix == ".py" and not set(WITH_STATEMENTS) & {path.stem, *path.parts}:
        yield from _statements(ast.parse(text))
    for position, used in walls(root).names(text):
        if reason := walls(root).refusal(module, used):
            yield f"{text.count(chr(10), 0, position) + 1}: {reason}"


def _statements(tree: ast.Module) -> Iterator[str]:
    """Yield a line for each statement, and each use of the unit of work to run one, in a file that has none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value):
            yield f"{node.lineno}: a statement belongs in the module's repository"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {f"uow.{name}" for name in RUNS}:
            yield f"{node.lineno}: {ast.unparse(node.func)} belongs in the module's repository"


def main() -> int:
    """Check the whole repository."""
    return report(findings(ROOT, check))


if __name__ == "__main__":
    sys.exit(main())
