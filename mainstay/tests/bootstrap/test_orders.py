"""Orders reach a child whole, and a child without a parent ends."""

import io
import os
import select
import subprocess
import sys

import pytest

from mainstay.bootstrap.orders import BEGIN, Orders, wait_to_begin

ORPHAN = """
import os, sys, time
from mainstay.bootstrap.orders import end_with_parent
end_with_parent()
print(os.getpid(), flush=True)
time.sleep(60)
"""
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {ORPHAN!r}])
time.sleep(60)
"""


def test_orders_are_received_and_their_settings_are_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "another")
    orders = Orders(os.getppid(), {"SAMPLE_DATABASE_URL": "postgresql://\n"}, listener=7, with_sample=True)
    line = orders.line()

    assert Orders.receive(io.BytesIO(line)) == orders

    assert line.count(b"\n") == 1
    assert os.environ["SAMPLE_DATABASE_URL"] == "postgresql://\n"


def test_a_child_whose_parent_is_gone_before_the_orders_ends() -> None:
    with pytest.raises(SystemExit) as ended:
        Orders.receive(io.BytesIO())

    assert ended.value.code == 0


def test_a_child_whose_parent_is_gone_after_the_orders_ends() -> None:
    with pytest.raises(SystemExit) as ended:
        Orders.receive(io.BytesIO(Orders(parent=1).line()))

    assert ended.value.code == 0


def test_a_child_begins_when_it_is_told_and_ends_when_nobody_tells() -> None:
    wait_to_begin(io.BytesIO(BEGIN))

    with pytest.raises(SystemExit) as ended:
        wait_to_begin(io.BytesIO())

    assert ended.value.code == 0


def test_a_child_dies_with_its_parent_however_that_ends() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout as said:
        child = os.pidfd_open(int(said.readline()))
    parent.kill()
    parent.wait()

    ended, _, _ = select.select([child], [], [], 10)

    os.close(child)
    assert ended, "the child lives on"
