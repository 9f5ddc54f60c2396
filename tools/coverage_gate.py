"""Hold the measured coverage to its gates: lines and branches apart, per distribution, per file, and money whole."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict, cast

from tools.process import VENV, environment


class Summary(TypedDict):
    """The figures of one file in coverage's JSON report."""

    covered_lines: int
    num_statements: int
    covered_branches: int
    num_branches: int


@dataclass(frozen=True, slots=True)
class Gate:
    """Which files must reach how many percent, in lines and in branches, summed over them."""

    name: str
    prefix: str
    percent: float


GATES = (
    Gate("mainstay", "mainstay/src/", 90),
    Gate("tradepost", "tradepost/src/", 90),
    Gate("tradepost/money", "tradepost/src/tradepost/money/", 100),
)
# No single file may hide behind the others.
FILE_PERCENT = 70.0


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something was reached."""

    covered: int
    total: int

    @classmethod
    def of(cls, summaries: list[Summary], read: Callable[[Summary], tuple[int, int]]) -> Self:
        """Sum one kind of figure over files."""
        pairs = [read(summary) for summary in summaries]
        return cls(sum(covered for covered, _ in pairs), sum(total for _, total in pairs))

    @property
    def percent(self) -> float:
        """The share in percent; nothing to reach counts as all."""
        return 100.0 * self.covered / self.total if self.total else 100.0


def shares(summaries: list[Summary]) -> dict[str, Share]:
    """Return the shares of lines and of branches."""
    return {
        "lines": Share.of(summaries, lambda one: (one["covered_lines"], one["num_statements"])),
        "branches": Share.of(summaries, lambda one: (one["covered_branches"], one["num_branches"])),
    }


def judge(files: dict[str, Summary]) -> list[str]:
    """Return a line for each gate and each file that is below its mark; a gate without files is below it."""
    low = []
    for gate in GATES:
        chosen = [summary for name, summary in files.items() if name.startswith(gate.prefix)]
        if not chosen:
            low.append(f"coverage: nothing of {gate.name} was measured")
        for kind, share in shares(chosen).items():
            print(f"coverage: {gate.name}: {share.percent:.2f} % of {share.total} {kind}, gate {gate.percent:.0f} %")
            if share.percent < gate.percent:
                low.append(f"coverage: {gate.name}: {kind} are below {gate.percent:.0f} %")
    for name, summary in sorted(files.items()):
        share = shares([summary])["lines"]
        if share.percent < FILE_PERCENT:
            low.append(f"coverage: {name}: {share.percent:.1f} % of its lines, every file needs {FILE_PERCENT:.0f} %")
    return low


def failures(root: Path) -> list[str]:
    """Read the coverage data in `root` and return what is below its gate."""
    report = root / ".coverage.json"
    command = [str(VENV / "bin" / "coverage"), "json", "--quiet", "-o", str(report)]
    subprocess.run(command, cwd=root, env=environment(), check=True)
    data = json.loads(report.read_text(encoding="utf-8"))
    files = {name: cast("Summary", file["summary"]) for name, file in data["files"].items()}
    return judge(files)
