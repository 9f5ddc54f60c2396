"""Hold the files to the style's names and sizes, and refuse stubs, silence and tests that cannot fail.

Usage: python -m tools.shape.
"""

import ast
import re
import sys
import tomllib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tools.process import ROOT
from tools.tree import findings, report, text_of

FILE_LINES = 400
FUNCTION_LINES = 40
SOURCES = {".py", ".ts", ".tsx", ".css", ".sh"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base2"}
# Generated files and applied migrations keep the shape they were made in.
NOT_SIZED = ("web/src/api/", "/migrations/versions/", "/migrations/sql/")
MODULE_PARENTS = ("tradepost/src/tradepost/", "mainstay/src/mainstay/modules/")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class ModuleRule:
    """What the contract on module files in pyproject.toml says: the allowed names, and what is no module."""

    allowed: frozenset[str]
    outside: frozenset[str]


@lru_cache
def module_rule(root: Path) -> ModuleRule:
    """Read the contract on module files."""
    with (root / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one["id"] == "module-files")
    allowed = frozenset(re.findall(r"\w+", " ".join(contract["layers"]))) | {"__init__"}
    return ModuleRule(allowed, frozenset(name.rpartition(".")[2] for name in contract["outside"]))


def module_file(root: Path, name: str) -> str | None:
    """Return the first part of a file's path inside its module, or None when it lies in no module."""
    for parent in MODULE_PARENTS:
        module, *rest = Path(name.removeprefix(parent)).parts
        if name.startswith(parent) and rest and module not in module_rule(root).outside:
            return rest[0]
    return None


def check(root: Path, path: Path) -> Iterator[str]:
    """Yield what is wrong with the name, the size and the content of one file."""
    if path.suffix not in SOURCES:
        return
    name = str(path.relative_to(root))
    text = text_of(path) or ""
    yield from check_name(root, name)
    if not any(part in name for part in NOT_SIZED) and (lines := text.count("\n")) > FILE_LINES:
        yield f"{lines} lines, the stop is {FILE_LINES}"
    if path.suffix == ".py":
        yield from check_python(name, text)
        if path.stem == "__init__" and module_file(root, name) and len(ast.parse(text).body) > 1:
            yield "a module's __init__ holds its sentence and re-exports nothing"
    elif path.suffix in {".ts", ".tsx"} and re.search(r"\.(?:skip|only|todo)\(|\b(?:TO[D]O|FIX[M]E)\b", text):
        yield "holds a test that does not run or runs alone, or what is not done"


def check_name(root: Path, name: str) -> Iterator[str]:
    """Yield a line when the file's name says nothing, or is not one of a module's file names."""
    path = Path(name)
    if path.stem in EMPTY_NAMES or EMPTY_NAMES & set(path.parts):
        yield "the name does not say what the file is for"
    file, allowed = module_file(root, name), module_rule(root).allowed
    if file is not None and Path(file).stem not in allowed:
        yield f"'{file}' is not a file of a module; allowed: {', '.join(sorted(allowed))}"


def check_python(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with the content of a Python file."""
    tree = ast.parse(text)
    is_test = "tests" in Path(name).parts
    if not ast.get_docstring(tree):
        yield "does not open with a sentence that says what it is for"
    for node in parts(tree):
        if isinstance(node, FunctionNode):
            yield from check_function(node, name, is_test=is_test)
        elif isinstance(node, ast.ExceptHandler) and all(isinstance(one, ast.Pass) for one in node.body):
            yield f"{node.lineno}: swallows an exception"
        elif isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc):
            yield f"{node.lineno}: is a stub"
    yield from check_words(text, is_test=is_test)


def parts(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all statements, and what handles exceptions, at any depth; not their expressions, which are most of it."""
    waiting: deque[ast.AST] = deque(tree.body)
    while waiting:
        yield (node := waiting.popleft())
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting.extend(getattr(node, name, ()))


def check_function(node: FunctionNode, name: str, *, is_test: bool) -> Iterator[str]:
    """Yield what is wrong with one function: too long, empty, or a test without an assertion."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES and not any(part in name for part in NOT_SIZED):
        yield f"{node.lineno}: {node.name} has {lines} lines, the stop is {FUNCTION_LINES}"
    if is_test and node.name.startswith("test") and not any(map(_asserts, ast.walk(node))):
        yield f"{node.lineno}: {node.name} asserts nothing"


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    called = ast.unparse(node.func).lower() if isinstance(node, ast.Call) else ""
    return "assert" in called or called in {"pytest.raises", "expect"} or called.startswith("expect(")


def check_words(text: str, *, is_test: bool) -> Iterator[str]:
    """Yield a line for each word that marks unfinished work or a test that does not run."""
    words = r"#.*\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b"
    if is_test:
        words += r"|pytest\.mark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|xfail|importorskip)\("
    for number, line in enumerate(text.splitlines(), start=1):
        if found := re.search(words, line):
            yield f"{number}: '{found[0]}' marks what is not done"


def main() -> int:
    """Check the whole repository."""
    return report(findings(ROOT, check))


if __name__ == "__main__":
    sys.exit(main())
