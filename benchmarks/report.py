"""The result of a benchmark: what is written down of it, and how it is printed."""

import os
import platform
import shutil
import statistics
import subprocess
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.rounds import Rounds

# What is measured against what, and what is to be reached.
TARGETS = {("checkout", "sql"): 0.15, ("look-up", "hello"): 0.30, ("list", "hello"): 0.25}
# Milliseconds within which 95 of 100 calls of the program are to be answered, under full load.
BUDGET_MS = 100
BUDGETED = ("checkout", "look-up", "list")


@dataclass(frozen=True, slots=True)
class Plan:
    """How large and how long: products in the catalogue, seconds of each load in all rounds, clients."""

    products: int
    seconds: int
    rounds: int
    tills: int = 8
    connections: int = 16


def outcome(rounds: Rounds, plan: Plan, load_before: tuple[float, float, float]) -> dict[str, Any]:
    """Return the result as it is written down."""
    averages = {"before": load_before, "after": os.getloadavg()}
    return {
        "machine": {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "processor": _processor(),
            "kernel": platform.release(),
            "load average": {name: [round(one, 2) for one in values] for name, values in averages.items()},
        },
        "plan": asdict(plan),
        "loads": {name: rounds.summary(name) for name in rounds.figures},
        "ratios": {f"{over} / {under}": _ratio(rounds, over, under) for over, under in TARGETS},
    }


def _ratio(rounds: Rounds, over: str, under: str) -> dict[str, Any]:
    found = rounds.ratios(over, under)
    return {"reached": round(statistics.median(found), 3), "in each round": found, "to reach": TARGETS[over, under]}


def missed(result: dict[str, Any]) -> list[str]:
    """Return what was to be reached and was not, one sentence each."""
    slow = [name for name in BUDGETED if result["loads"][name]["p95_ms"] >= BUDGET_MS]
    low = [name for name, ratio in result["ratios"].items() if ratio["reached"] < ratio["to reach"]]
    return [
        *(
            f"95 of 100 calls of {name} take {result['loads'][name]['p95_ms']} ms, not under {BUDGET_MS}."
            for name in slow
        ),
        *(f"{name} is {result['ratios'][name]['reached']}, not {result['ratios'][name]['to reach']}." for name in low),
    ]


def _processor() -> str:
    if not shutil.which("lscpu"):
        return platform.processor()
    out = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout
    return next((line.split(":", 1)[1].strip() for line in out.splitlines() if line.startswith("Model name")), "")


def show(result: dict[str, Any]) -> None:
    """Print the result as tables."""
    machine, plan = result["machine"], result["plan"]
    average = machine["load average"]["before"][0]
    busy = max(load["processors busy elsewhere"] for load in result["loads"].values())
    print(f"{machine['cores']} cores, {machine['processor']}; a load average of {average} before")
    print(f"others took up to {busy} processors meanwhile; where that is much, ratios say little")
    print(f"{plan['products']} products, {plan['rounds']} rounds, {plan['seconds']} s a load\n")
    print(f"{'load':<10}{'rate/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}   processor time of a request")
    for name, load in result["loads"].items():
        times = ", ".join(f"{who} {used} µs" for who, used in load["processor microseconds a request"].items())
        print(f"{name:<10}{load['rate']:>9}{load['p50_ms']:>9}{load['p95_ms']:>9}{load['p99_ms']:>9}   {times}")
    print()
    for name, ratio in result["ratios"].items():
        verdict = "reached" if ratio["reached"] >= ratio["to reach"] else "MISSED"
        rounds = " ".join(map(str, ratio["in each round"]))
        print(f"{name:<16}{ratio['reached']:>7}   to reach {ratio['to reach']:<5} {verdict}   (rounds: {rounds})")
    print("\nWhere the API's processor time goes at checkout:")
    parts = result["profile of the API at checkout"]
    for part, share in parts.items() if isinstance(parts, dict) else [(parts, 0.0)]:
        print(f"  {share:>6.1%}  {part}")
