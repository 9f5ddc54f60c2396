"""What 2,000 slow connections do to honest callers: `python -m benchmarks.slow`; writes benchmarks/results/.

The same load runs by turns alone and beside the slow connections, first on the program itself and then through the
shipped HAProxy configuration (deploy/haproxy). Told are the middle p99 of the rounds, and their ratio, which must stay
below 1.5. Needs wrk and haproxy; they are installed with apt where that is allowed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Figures, require_wrk, run_wrk
from benchmarks.shop import Shop, free_port, running_program
from mainstay import clock
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from tools.process import ROOT, install_from_system

RESULTS = Path(__file__).parent / "results"
CONFIGURATION = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
MOST = 1.5
# Of connections that the proxy refuses by address, none stays; of those that a server keeps, most must be open.
SETTLED = 0.9


@dataclass(slots=True)
class Measured:
    """The p99 of each round in milliseconds, alone and beside slow connections, and how many of these were open."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    slow_open: list[int] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """By how much the middle p99 grows."""
        return statistics.median(self.beside) / statistics.median(self.alone)

    def as_dict(self) -> dict[str, object]:
        """Return what is written down."""
        return {
            "p99 ms alone": [round(each, 2) for each in self.alone],
            "p99 ms beside": [round(each, 2) for each in self.beside],
            "rate per s": [round(each) for each in self.rates],
            "slow connections open": self.slow_open,
            "ratio": round(self.ratio, 2),
        }


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=8, help="of each load")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    require_wrk()
    if shutil.which("haproxy") is None:
        install_from_system("haproxy", "The proxy that is measured (HAProxy)")
    result: dict[str, object] = {"connections": options.connections, "load average": os.getloadavg()}
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="tradepost-slow-") as folder:
        Path(folder).chmod(0o755)  # the database server runs as another user below it
        for name, found in measure(Path(folder), options):
            result[name] = found.as_dict()
            ratios[name] = found.ratio
            print(f"{name}: {json.dumps(found.as_dict())}", flush=True)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}-slow.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {path.relative_to(ROOT)}")
    if failed := [f"{name}: p99 grew {ratio:.2f} times" for name, ratio in ratios.items() if ratio > MOST]:
        sys.exit("\n".join(failed))


def measure(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, Measured]]:
    """Yield what was measured on the program, and through the proxy."""
    data = folder / "data"
    data.mkdir()
    with running_program(data, {"TRADEPOST_LOG_LEVEL": "warning"}) as (address, link, _process):
        shop = Shop(address, link)
        shop.set_up()
        paths = folder / "paths"
        paths.write_text("/api/v1/identity/session\n/api/v1/shop\n")
        env = {"BENCH_PATHS": str(paths), "BENCH_COOKIE": shop.cookie}
        yield "the program alone", rounds(address, env, options)
        with haproxy(folder, address) as secure:
            yield "behind HAProxy", rounds(secure, env, options)


def rounds(address: str, env: Mapping[str, str], options: argparse.Namespace) -> Measured:
    """Run the load by turns alone and beside the slow connections."""
    found = Measured()
    load(address, env, 2)
    for _ in range(options.rounds):
        alone = load(address, env, options.seconds)
        with slow_connections(address, options.connections) as opened:
            beside = load(address, env, options.seconds)
            found.slow_open.append(opened[-1])
        found.alone.append(alone.p99_ms)
        found.beside.append(beside.p99_ms)
        found.rates.append(beside.rate)
    return found


def load(address: str, env: Mapping[str, str], seconds: int) -> Figures:
    """Run eight honest callers, each of which asks again as soon as it is answered."""
    return run_wrk("get.lua", address, env, connections=8, seconds=seconds, cpus=range(os.cpu_count() or 1))


@contextmanager
def slow_connections(address: str, count: int) -> Iterator[list[int]]:
    """Keep slow connections inside the block; yields how many were open, second by second."""
    tls = ["--tls"] if address.startswith("https") else []
    command = [sys.executable, "-m", "benchmarks.slowly", address.rpartition(":")[2], str(count), *tls]
    opened = [0]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 20
        for line in process.stdout or ():
            opened.append(int(line.split()[1]))
            if opened[-1] >= count * SETTLED or time.monotonic() > deadline:
                break
        yield opened
        # It ends with its standard input.
        process.communicate()


@contextmanager
def haproxy(folder: Path, program: str, log_level: str = "notice") -> Iterator[str]:
    """Run the shipped configuration in front of the program; yield its secure address. It logs to `haproxy.log`."""
    configuration = folder / "haproxy.cfg"
    shipped = CONFIGURATION.read_text()
    configuration.write_text(shipped.replace("local0 notice", f"local0 {log_level}"))
    keeper = Keeper(folder, "Slow", Names)
    keeper.keep()
    plain, secure = free_port(), free_port()
    env = {
        **os.environ,
        "SHOP_CERTIFICATE": str(keeper.server_file),
        "SHOP_HTTP": f"127.0.0.1:{plain}",
        "SHOP_HTTPS": f"127.0.0.1:{secure}",
        "SHOP_PROGRAM": program.removeprefix("http://").replace("localhost", "127.0.0.1"),
    }
    with (folder / "haproxy.log").open("w") as log:
        process = subprocess.Popen(["haproxy", "-f", str(configuration)], env=env, stdout=log, stderr=log)
    try:
        time.sleep(3)  # until the program was found healthy
        yield f"https://localhost:{secure}"
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
