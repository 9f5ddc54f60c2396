"""Whoever is told to end ends: nothing in the programs waits in a way that loses a cancellation."""

import ast
from pathlib import Path

from tools.process import ROOT

SOURCES = ("mainstay/src", "tradepost/src")


def losing(text: str) -> list[int]:
    """Return the lines that use `asyncio.wait_for`.

    In Python 3.11 it gives its result, and drops the cancellation, when both come in one turn of the loop: what runs
    for ever then runs on, and a process that waits for it is killed. `asyncio.timeout` does not.
    """
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Attribute) and node.attr == "wait_for" and ast.unparse(node.value) == "asyncio")
        or (
            isinstance(node, ast.ImportFrom) and node.module == "asyncio" and "wait_for" in {n.name for n in node.names}
        )
    ]


def test_nothing_waits_in_a_way_that_loses_its_end() -> None:
    files: list[Path] = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]

    assert len(files) > 500
    found = {str(path.relative_to(ROOT)): losing(path.read_text(encoding="utf-8")) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_both_ways_to_name_it_are_found() -> None:
    assert losing("import asyncio\n\nasyncio.wait_for(one, 1)\nother.wait_for(1)\n") == [3]
    assert losing("from asyncio import timeout, wait_for\n") == [1]
