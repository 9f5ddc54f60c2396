"""What the audit trail tells of is called by a name in both languages."""

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = ("mainstay/src", "tradepost/src")


def told(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the act and the thing of every entry that is written out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Entry":
            for words, argument in zip(("acts", "things"), node.args[:2], strict=False):
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield words, argument.value


@cache
def names(path: Path) -> set[tuple[str, str]]:
    texts = (file.read_text() for file in path.rglob("*.py"))
    return {found for text in texts if "Entry(" in text for found in told(ast.parse(text))}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_act_and_thing_has_a_name(language: str) -> None:
    words = json.loads((ROOT / f"web/src/i18n/{language}/audit.json").read_text())
    found = set().union(*(names(ROOT / source) for source in SOURCES))

    assert len(found) > 40
    assert [name for group, name in sorted(found) if name.replace(".", "_") not in words[group]] == []


def test_an_entry_is_found_by_its_call() -> None:
    assert set(told(ast.parse('uow.record(Entry("cat.fed", "cat.animal", 7)); Other("no.act")'))) == {
        ("acts", "cat.fed"),
        ("things", "cat.animal"),
    }
