"""Write tradepost/tests/architecture/rights.csv: who may call which route, by what routes and modules declare.

Usage: python -m tools.rights [--check]; --check says whether the file is current. That the running program answers so
is asked by tradepost/tests/architecture/test_rights_matrix.py.
"""

import csv
import io
import sys

from mainstay.bootstrap.operations import program_operations
from mainstay.bootstrap.program import Program
from mainstay.permission import BUILT_IN, Permission, Public, Records
from mainstay.web.operation import Operation
from tools.process import ROOT
from tradepost.main import make_program

FILE = ROOT / "tradepost" / "tests" / "architecture" / "rights.csv"
NOBODY = "nobody"
HEADER = ("route", "right", *BUILT_IN, NOBODY)
YES, FORBIDDEN, NOT_SIGNED_IN = "yes", "403", "401"


def table(program: Program) -> list[tuple[str, ...]]:
    """Return one row per route: its method and path, the right it names, and the answer for each role and nobody."""
    routes = program_operations(program)
    named = [(f"{method} {route.path}", route) for route in routes for method in sorted(route.verbs)]
    return [_row(program, name, route) for name, route in sorted(named, key=lambda pair: pair[0].split(" ")[::-1])]


def _row(program: Program, name: str, route: Operation) -> tuple[str, ...]:
    right = route.right
    if isinstance(right, Public):
        return (name, "public", *(YES for _ in BUILT_IN), YES)
    if isinstance(right, Permission):
        needed = [each.name for each in (right, *route.also) if isinstance(each, Permission)]
        whole = [f"all {each.name}" for each in route.also if isinstance(each, Records)]
        holds = (program.roles.rights_of(role).issuperset(needed) for role in BUILT_IN)
        return (name, " + ".join((*needed, *whole)), *(YES if each else FORBIDDEN for each in holds), NOT_SIGNED_IN)
    return (name, "signed in", *(YES for _ in BUILT_IN), NOT_SIGNED_IN)


def text(rows: list[tuple[str, ...]]) -> str:
    """Return the table as it stands in the file."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([HEADER, *rows])
    return target.getvalue()


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it is current."""
    made = text(table(make_program()))
    if "--check" not in arguments:
        FILE.write_text(made, encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == made:
        return 0
    print(f"{FILE.relative_to(ROOT)} is stale: run python -m tools.rights, and read what changes")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
