"""Load makers: wrk over HTTP and pgbench over SQL, each giving the same figures."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LUA = Path(__file__).parent / "lua"
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What a load made: rate per second, latencies in milliseconds, and how many answers were errors."""

    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    requests: int
    errors: int

    def as_dict(self) -> dict[str, float | int]:
        """Return the figures by name."""
        return asdict(self)


class LoadError(RuntimeError):
    """A load did not run, or its answers were errors."""


def require_wrk() -> None:
    """Install wrk from Debian's packages when it is missing and may be installed; raises LoadError otherwise."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"], check=True, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "wrk"], check=True, capture_output=True)
        return
    raise LoadError("The benchmark needs wrk: install Debian's package wrk.")


def run_wrk(  # noqa: PLR0913  each names one knob of the load
    script: str, address: str, env: Mapping[str, str], *, connections: int, seconds: int, cpus: Sequence[int]
) -> Figures:
    """Run a Lua script of this package against `address`; raises LoadError when any answer is an error."""
    threads = env.get("BENCH_THREADS", "1")
    command = ["taskset", "-c", ",".join(map(str, cpus)), "wrk", "-t", threads, "-c", str(connections)]
    command += ["-d", f"{seconds}s", "--timeout", "10s", "-s", str(LUA / script), address]
    environment = {**os.environ, **env, "BENCH_LUA": str(LUA)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"FIGURES (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if done.returncode or found is None:
        raise LoadError(f"wrk failed: {done.stdout}\n{done.stderr}")
    requests, duration, p50, p95, p99, refused, broken = map(int, found.groups())
    if refused or broken:
        raise LoadError(f"{script}: {refused} error answers and {broken} broken connections of {requests}")
    return Figures(requests / (duration / MICROSECONDS), p50 / 1000, p95 / 1000, p99 / 1000, requests, refused)


def run_pgbench(binary: Path, conninfo: Mapping[str, str], script: Path, *, clients: int, seconds: int) -> Figures:
    """Run an SQL script with `clients` connections; latencies come from pgbench's own log of transactions."""
    folder = script.parent
    for old in folder.glob("pgbench_log.*"):
        old.unlink()
    command = [str(binary), "-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", "2"]
    command += ["-T", str(seconds), "-l", "--log-prefix", str(folder / "pgbench_log")]
    done = subprocess.run(
        command, env={**os.environ, **conninfo}, capture_output=True, text=True, check=False, cwd=folder
    )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or rate is None:
        raise LoadError(f"pgbench failed: {done.stdout}\n{done.stderr}")
    times = sorted(
        int(line.split()[2]) / 1000 for log in folder.glob("pgbench_log.*") for line in log.read_text().splitlines()
    )

    def percentile(share: float) -> float:
        return times[min(len(times) - 1, int(len(times) * share))]

    errors = int(failed.group(1)) if failed else 0
    return Figures(float(rate.group(1)), percentile(0.5), percentile(0.95), percentile(0.99), len(times), errors)
