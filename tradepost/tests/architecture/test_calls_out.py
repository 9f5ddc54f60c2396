"""Nothing calls other services by the standard library's clients, which the import contract cannot tell apart."""

import ast
from pathlib import Path

import pytest

from tools.process import ROOT

CLIENTS = {"http.client", "urllib.request", "xmlrpc.client", "ftplib"}
# The tests' own way to the program.
TESTING = "mainstay/src/mainstay/testing"


def clients_in(text: str) -> set[str]:
    """Return the HTTP clients of the standard library that a file imports."""
    found: set[str] = set()
    if not any(client.partition(".")[0] in text for client in CLIENTS):
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return found & CLIENTS


def sources() -> list[Path]:
    found = [path for part in ("mainstay/src", "tradepost/src") for path in (ROOT / part).rglob("*.py")]
    return [path for path in found if TESTING not in path.as_posix()]


def test_no_source_file_has_a_client_of_its_own() -> None:
    assert [path for path in sources() if clients_in(path.read_text())] == []
    assert len(sources()) > 500


@pytest.mark.parametrize(
    "line", ["import urllib.request", "from urllib import request", "from http.client import HTTPConnection"]
)
def test_each_way_to_import_one_is_found(line: str) -> None:
    assert clients_in(line)
