"""Write docs/practices.md and docs/rules.md: each practice and each rule of the trade with the tests that prove it.

The lists are docs/practices-list.md and docs/rules-list.md. A test proves a practice by `@pytest.mark.practice(34)`
and names a rule as "rule 17" in a docstring. Usage: python -m tools.practices [--check].
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.process import ROOT
from tools.tree import files, report

TOP = "<!-- Written by tools/practices.py (make practices); edit {source}, the tests, or the tool. -->\n"
NUMBERS = re.compile(r"\brules?\s+(\d+(?:(?:,\s*|\s+and\s+|,\s+and\s+|\s+to\s+|\s*[-–]\s*)\d+)*)", re.IGNORECASE)
LONG = "pytest.mark.long"
DefinitionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Proof:
    """One test function, or a whole test file: the file, relative to the repository, the name, and if it is long."""

    file: str
    name: str
    is_long: bool = False

    def link(self) -> str:
        """Return the link from docs/; a test that `make test` leaves out says so."""
        text = f"[{self.name.removeprefix('test_').replace('_', ' ')}](../{self.file})"
        return f"{text} (`make long`)" if self.is_long else text


Proofs = dict[int, list[Proof]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the tests prove: by number of practice, and by number of rule."""

    practices: Proofs
    rules: Proofs


def tests_in(root: Path) -> list[Path]:
    """Return the test files of both distributions."""
    return [path for path in files(root) if path.name.startswith("test_") and path.suffix == ".py"]


def collect(root: Path, paths: list[Path]) -> Found:
    """Read the markers and docstrings of the tests in `paths`."""
    practices: Proofs = defaultdict(list)
    rules: Proofs = defaultdict(list)
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_long_file = any(_is_pytestmark(node) and LONG in ast.unparse(node) for node in tree.body)
        for number in named_rules(ast.get_docstring(tree) or ""):
            rules[number].append(Proof(str(path.relative_to(root)), path.stem, is_long_file))
        for node, marks, words in definitions(tree):
            test = Proof(str(path.relative_to(root)), node.name, is_long(node) or is_long_file)
            for number in sorted(marks):
                practices[number].append(test)
            for number in sorted(named_rules(words)):
                rules[number].append(test)
    return Found(practices, rules)


def definitions(tree: ast.Module) -> Iterator[tuple[DefinitionNode, set[int], str]]:
    """Yield each test function with the practices marked on it and the docstrings that speak of it.

    Marks of the file (`pytestmark`), and marks and docstrings of a class, count for every test inside.
    """
    marks = {number for node in tree.body if _is_pytestmark(node) for number in marked(node)}
    stack: list[tuple[ast.Module | ast.ClassDef, set[int], str]] = [(tree, marks, "")]
    while stack:
        parent, above, words = stack.pop()
        for node in parent.body:
            if not isinstance(node, DefinitionNode):
                continue
            here = above | {number for decorator in node.decorator_list for number in marked(decorator)}
            text = f"{words}\n{ast.get_docstring(node) or ''}"
            if isinstance(node, ast.ClassDef):
                stack.append((node, here, text))
            elif node.name.startswith("test"):
                yield node, here, text


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets)


def marked(node: ast.AST) -> Iterator[int]:
    """Yield the numbers of every `pytest.mark.practice(...)` inside `node`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.practice":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, int))


def is_long(node: DefinitionNode) -> bool:
    """Whether a test is marked as one that only `make long` runs."""
    return any(ast.unparse(decorator) == LONG for decorator in node.decorator_list)


def named_rules(text: str) -> set[int]:
    """Return the rules a text names: "rule 17", "rules 1 to 8", "rules 9, 11 and 16"."""
    numbers: set[int] = set()
    for match in NUMBERS.finditer(text):
        for first, last in re.findall(r"(\d+)(?:\s*(?:to|[-–])\s*(\d+))?", match[1]):
            numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def links(tests: list[Proof]) -> str:
    """Return the tests as links from docs/, or "open"."""
    if not tests:
        return "open"
    unique = dict.fromkeys(tests)
    return "<br>".join(test.link() for test in unique)


def practices_page(listed: str, proofs: Proofs) -> str:
    """Return the page of practices for the text of the list."""
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", listed, re.MULTILINE)
    proven = sum(1 for number, *_ in rows if proofs.get(int(number)))
    table = [
        f"| {number} | {area} | {practice} | {proof} | {links(proofs.get(int(number), []))} |"
        for number, area, practice, proof in rows
    ]
    return "\n".join(
        [
            TOP.format(source="docs/practices-list.md"),
            "# Practices and their tests\n",
            f"{proven} of {len(rows)} practices have a test that proves them on the running program.\n",
            "| # | area | practice | proof | tests |",
            "|---|---|---|---|---|",
            *table,
            "",
        ]
    )


def rules_page(listed: str, proofs: Proofs) -> str:
    """Return the page of rules for the text of the list; the rule's sentence without its sources."""
    rows = re.findall(r"^(\d+)\. (.+?)(?: \[[^\]]*\])?$", listed, re.MULTILINE)
    named = sum(1 for number, _ in rows if proofs.get(int(number)))
    table = [f"| {number} | {rule} | {links(proofs.get(int(number), []))} |" for number, rule in rows]
    return "\n".join(
        [
            TOP.format(source="docs/rules-list.md"),
            "# Rules of the trade and their tests\n",
            f"{named} of {len(rows)} rules are named by a test.\n",
            "| # | rule | tests |",
            "|---|---|---|",
            *table,
            "",
        ]
    )


def unknown(found: Found, pages: dict[str, str]) -> list[str]:
    """Return a line for each number that a test names and no list has."""
    return [
        f"{test.file}: {test.name} names {kind} {number}, which is in no list"
        for kind, page, proofs in (
            ("practice", pages["practices.md"], found.practices),
            ("rule", pages["rules.md"], found.rules),
        )
        for number, tests in proofs.items()
        for test in tests
        if f"\n| {number} |" not in page
    ]


def pages(root: Path) -> tuple[dict[str, str], list[str]]:
    """Return the text of both pages by file name, and the references that lead nowhere."""
    found = collect(root, tests_in(root))
    practices = (root / "docs" / "practices-list.md").read_text(encoding="utf-8")
    rules = (root / "docs" / "rules-list.md").read_text(encoding="utf-8")
    written = {
        "practices.md": practices_page(practices, found.practices),
        "rules.md": rules_page(rules, found.rules),
    }
    return written, unknown(found, written)


def main() -> int:
    """Write the pages, or with --check say which are stale."""
    written, wrong = pages(ROOT)
    for name, text in written.items():
        path = ROOT / "docs" / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"docs/{name} is stale: run make practices")
    return report(wrong)


if __name__ == "__main__":
    sys.exit(main())
