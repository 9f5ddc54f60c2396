"""The benchmark compares what ran side by side, and fails when a ratio or the budget of time is missed."""

import json
import os
import subprocess
import sys
from typing import Any

import psutil
import pytest

from benchmarks.load import Figures
from benchmarks.report import Plan, missed, outcome
from benchmarks.rounds import Load, Rounds
from benchmarks.usage import measured
from tools.process import ROOT

RATES = {"sql": 500.0, "checkout": 300.0, "hello": 9000.0, "look-up": 3600.0, "list": 2700.0}
LATE = 200.0


def played(rates: dict[str, float], delay_ms: float = 0.0) -> Rounds:
    """Return two rounds with these rates, the second on a machine that is half as fast; all calls come late."""
    turns: list[str] = []
    speeds = {name: iter((1.0, 1.0, 0.5)) for name in rates}

    def load(name: str) -> Load:
        def run(seconds: int) -> Figures:
            turns.append(name)
            rate = rates[name] * next(speeds[name])
            return Figures(rate, 3 + delay_ms, 9 + delay_ms, 12 + delay_ms, int(rate * seconds), 0)

        return Load(run, lambda: {"nobody": []})

    rounds = Rounds()
    rounds.play({name: load(name) for name in rates}, rounds=2, seconds=4)
    assert turns == [*rates] * 3
    return rounds


def result_of(rounds: Rounds) -> dict[str, Any]:
    """Return a result as it is written down."""
    return outcome(rounds, Plan(100, 4, 2), os.getloadavg())


def test_a_machine_that_slows_down_changes_no_ratio() -> None:
    result = result_of(played(RATES))
    assert {name: ratio["reached"] for name, ratio in result["ratios"].items()} == {
        "checkout / sql": 0.6,
        "look-up / hello": 0.4,
        "list / hello": 0.3,
    }
    assert missed(result) == []
    assert json.loads(json.dumps(result))["machine"]["load average"]["before"]


def test_a_delay_of_200_ms_fails() -> None:
    failures = missed(result_of(played(RATES, LATE)))
    assert [failure.split(" take ")[0] for failure in failures] == [
        "95 of 100 calls of checkout", "95 of 100 calls of look-up", "95 of 100 calls of list",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "rate"), [("checkout", 70.0), ("look-up", 2600.0), ("list", 2200.0)])
def test_a_rate_that_is_too_low_fails(name: str, rate: float) -> None:
    (failure,) = missed(result_of(played(RATES | {name: rate})))
    assert failure.startswith(f"{name} / ")


def has_child(pid: int) -> bool:
    """Whether a process has one, whatever the clock did meanwhile: psutil compares when both were started."""
    return any(each.info["ppid"] == pid for each in psutil.process_iter(["ppid"]))


def test_the_time_of_a_process_that_comes_for_the_load_and_ends_is_counted() -> None:
    """As pgbench's connections do in the database."""
    child = "[sys.executable, '-c', 'sum(range(3_000_000)); input()']"
    code = f"import subprocess, sys; subprocess.Popen({child}, stdin=0).wait(); input()"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, bufsize=0) as parent:
        assert parent.stdin is not None
        process = psutil.Process(parent.pid)
        with measured({"parent": [process]}) as usage:
            # It cannot have ended unseen: it waits for a line.
            while not has_child(parent.pid):
                assert parent.poll() is None
            parent.stdin.write(b"\n")
            while has_child(parent.pid):
                assert parent.poll() is None
        parent.communicate(b"\n")
    assert usage.groups["parent"] >= 0.02
