"""Tries the alarms that are shipped, on numbers, with Prometheus' own tool."""

import json
import subprocess
from pathlib import Path

from tools.process import ROOT
from tools.suite import watcher

FOLDER = ROOT / "deploy" / "prometheus"
FILES = ("alerts.yml", "objectives.yml")
# Who tells a number, as Prometheus adds it.
ONE = '{job="tradepost", instance="a"}'
Series = tuple[str, str]


def promtool(*arguments: object) -> subprocess.CompletedProcess[str]:
    program = watcher("promtool")
    assert program is not None, "promtool is missing: make test takes it from Debian's package"
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def firing(folder: Path, series: tuple[Series, ...], alert: str, minute: int, *, fires: bool) -> str:
    """Say what is wrong with whether an alarm fires on the numbers; nothing when it is as expected."""
    wanted = [{"labels": "{}", "value": 1}] if fires else []
    tried = {
        "interval": "15s",
        "input_series": [{"series": name, "values": values} for name, values in series],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}})',
                "eval_time": f"{minute}m",
                "exp_samples": wanted,
            }
        ],
    }
    path = folder / "tried.yml"
    # JSON is YAML.
    path.write_text(json.dumps({"rule_files": [str(FOLDER / name) for name in FILES], "tests": [tried]}))
    done = promtool("test", "rules", path)
    return "" if done.returncode == 0 else done.stdout + done.stderr
