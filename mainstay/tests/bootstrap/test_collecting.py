"""Loaded programs are out of the garbage collector's sight, and what comes later is not."""

import subprocess
import sys

from served import PROGRAMS

LOOK = """
import gc, sys
from mainstay.bootstrap import launch, loading

def look(*_):
    print(gc.isenabled(), gc.get_threshold()[0], gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 10_000)
    sys.exit(0)

import mainstay.bootstrap.{role}_role as role
assert not gc.get_freeze_count()
launched = launch._command(['child', '{role}'])
print(gc.isenabled())
role.Orders.receive = lambda: role.Orders(0, listener=0)
role.load_api = lambda package: None
role.wait_to_begin = look
launched('sample', ())
"""


LOOK_OF_COMMANDS = """
import gc, sys
from mainstay.bootstrap import launch

launched = launch._command(['version'])
print(gc.isenabled())

import mainstay.bootstrap.cli as cli
cli.create_cli = lambda program: look

def look(*_, **__):
    print(gc.isenabled(), gc.get_threshold()[0], gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 10_000)
    return 0

launched('sample', ())
"""


def looked(code: str) -> list[str]:
    """Return what a process tells of its collector before and after it has loaded the program."""
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PROGRAMS)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def test_children_load_without_the_collector_and_serve_with_it_beside_what_they_loaded() -> None:
    assert looked(LOOK.format(role="api")) == ["False", "True", "10000", "True", "True"]
    assert looked(LOOK.format(role="worker")) == ["False", "True", "10000", "True", "True"]


def test_commands_load_without_the_collector_and_run_with_it() -> None:
    assert looked(LOOK_OF_COMMANDS) == ["False", "True", "10000", "True", "True"]
