"""Run the benchmark: `python -m benchmarks.run [--products N] [--seconds N] [--rounds N]`; writes benchmarks/results/.

In one run, on one machine, against the same database: (a) pgbench with the SQL of a three-line checkout, (b) the same
checkout over HTTP with everything switched on, (c) a bare framework's hello and the barcode look-up, (d) the product
list of 50. Look-up, list and hello run on the same server with one worker, alone on the first core. What is compared
takes turns, and a ratio is the middle one of all rounds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any

import psutil

from benchmarks import sql
from benchmarks.bare import running_hello
from benchmarks.load import Figures, require_wrk, run_pgbench, run_wrk
from benchmarks.report import Plan, missed, outcome, show
from benchmarks.rounds import Load, Rounds
from benchmarks.shop import Shop, Till, running_program
from benchmarks.usage import ProfileError, children, prefer, profile
from mainstay import clock
from mainstay.db.embedded import postgres_bin

RESULTS = Path(__file__).parent / "results"
# The server alone on the first core, the database and the load maker on the second, where there is one.
SERVER, OTHERS = 0, min(1, (os.cpu_count() or 1) - 1)
# Seconds after which pgbench has its connections.
CONNECTED_AFTER = 0.3
LIST = "/api/v1/catalog/variants?limit=50"


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=12, help="of each load, in all rounds together")
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    plan = Plan(options.products, options.seconds, options.rounds)
    require_wrk()
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="tradepost-bench-") as folder:
        Path(folder).chmod(0o755)  # the database server runs as another user below it
        measured = measure(Path(folder), plan)
    result = outcome(measured.rounds, plan, load_before) | measured.notes
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    print(f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    if failures := missed(result):
        sys.exit("\n".join(failures))


@dataclass(slots=True)
class Measured:
    """What was measured: rounds of loads, and what else is told."""

    rounds: Rounds = field(default_factory=Rounds)
    notes: dict[str, Any] = field(default_factory=dict)


def measure(folder: Path, plan: Plan) -> Measured:
    """Fill a shop, run all loads and return what was measured."""
    data, measured = folder / "data", Measured()
    data.mkdir()
    with running_program(data, {"TRADEPOST_DATABASE_POOL_SIZE": "16"}) as (address, link, process):
        shop = Shop(address, link)
        store = shop.set_up()
        started = time.monotonic()
        shop.import_products(plan.products, store)
        measured.notes["import_seconds"] = round(time.monotonic() - started, 1)
        bench = Bench(folder, plan, shop, psutil.Process(process.pid))
        measured.rounds.play(bench.checkouts(store), plan.rounds, plan.seconds)
        measured.notes["profile of the API at checkout"] = bench.profile()
        with bench.reads() as reads:
            measured.rounds.play(reads, plan.rounds, plan.seconds)
    return measured


class Bench:
    """The loads on a running program.

    All that is measured, and all that measures, goes before other programs of the machine: a bare "hello" waits for
    nobody, but the program waits for its database on the other core, and whoever is busy there changes the ratio.
    """

    def __init__(self, folder: Path, plan: Plan, shop: Shop, program: psutil.Process) -> None:
        self._folder = folder
        self._plan = plan
        self._shop = shop
        self._program = program
        self._variants = shop.variants(2000)
        self._environment: dict[str, str] = {}
        prefer([psutil.Process()])

    def checkouts(self, store_id: str) -> dict[str, Load]:
        """Open the tills and return the checkout as plain SQL and over HTTP."""
        tills = self._shop.open_tills(self._plan.tills, store_id)
        conninfo = sql.connection(self._folder / "data")
        sql.prepare(conninfo, [variant["id"] for variant in self._variants], tills)
        script = sql.script(self._folder, len(self._variants))
        self._environment = self._checkout_environment(tills)
        in_sql = partial(run_pgbench, postgres_bin("pgbench"), conninfo, script, clients=self._plan.tills)

        def run_sql(seconds: int) -> Figures:
            connected = Timer(CONNECTED_AFTER, lambda: prefer(self._database()))
            connected.start()
            try:
                return in_sql(seconds=seconds)
            finally:
                connected.join()

        return {
            "sql": Load(run_sql, lambda: {"database": self._database()}),
            "checkout": Load(self._check_out, self._groups),
        }

    @contextmanager
    def reads(self) -> Iterator[dict[str, Load]]:
        """Yield the reads and the bare framework's hello, each server alone on the first core."""
        for processes, core in ((self._api(), SERVER), (self._database(), OTHERS)):
            _pin(processes, core)
        codes = [f"/api/v1/catalog/variants/by-code/{variant['barcode']}" for variant in self._variants]
        with ExitStack() as stack:
            hello, servers = stack.enter_context(running_hello(SERVER))
            prefer(servers)
            yield {
                "hello": Load(self._reader("hello", hello, ["/hello"]), lambda: {"server": servers}),
                "look-up": Load(self._reader("look-up", self._shop.address, codes), self._groups),
                "list": Load(self._reader("list", self._shop.address, [LIST]), self._groups),
            }

    def profile(self) -> dict[str, float] | str:
        """Sample the busiest API process while checkouts run; apart from measured loads, as sampling costs time."""
        command = [
            sys.executable,
            "-c",
            "import benchmarks.run as r,sys,json; r.load_for_profile(*json.load(sys.stdin))",
        ]
        load = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        if load.stdin is None:
            raise RuntimeError("the load has no standard input")
        load.stdin.write(json.dumps([self._shop.address, self._environment, self._plan.tills]))
        load.stdin.close()
        try:
            time.sleep(1)
            before = {process.pid: sum(process.cpu_times()[:2]) for process in self._api()}
            time.sleep(1)
            busiest = max(self._api(), key=lambda process: sum(process.cpu_times()[:2]) - before[process.pid])
            return profile(busiest, self._folder)
        except ProfileError as failure:
            return str(failure)
        finally:
            load.wait()

    def _check_out(self, seconds: int) -> Figures:
        return check_out(self._shop.address, self._environment, self._plan.tills, seconds)

    def _reader(self, name: str, address: str, paths: list[str]) -> Any:  # noqa: ANN401  what Load.run is
        file = self._folder / f"paths of {name}"
        file.write_text("\n".join(paths) + "\n")
        environment = {"BENCH_PATHS": str(file), "BENCH_COOKIE": self._shop.cookie if name != "hello" else "none=none"}
        read = partial(run_wrk, "get.lua", address, environment, connections=self._plan.connections, cpus=(OTHERS,))
        return lambda seconds: read(seconds=seconds)

    def _checkout_environment(self, tills: list[Till]) -> dict[str, str]:
        """Write the files that the checkout script reads and return its environment."""
        priced = [f"{variant['id']} {round(float(variant['price']) * 100)}" for variant in self._variants]
        (self._folder / "variants").write_text("\n".join(priced) + "\n")
        opened = [f"{till.register_id} {till.shift_id}" for till in tills]
        (self._folder / "registers").write_text("\n".join(opened) + "\n")
        return {
            "BENCH_VARIANTS": str(self._folder / "variants"),
            "BENCH_REGISTERS": str(self._folder / "registers"),
            "BENCH_THREADS": "1",
            "BENCH_COOKIE": self._shop.cookie,
            "BENCH_CSRF": self._shop.csrf,
            "BENCH_ORIGIN": self._shop.address,
        }

    def _groups(self) -> Mapping[str, list[psutil.Process]]:
        # Anew each round: every connection of the database is a session of its own.
        groups = {"API": self._api(), "database": self._database()}
        prefer(process for group in groups.values() for process in group)
        return groups

    def _api(self) -> list[psutil.Process]:
        return children(self._program, "child api")

    def _database(self) -> list[psutil.Process]:
        return children(self._program, "postgres")


def check_out(address: str, environment: dict[str, str], tills: int, seconds: int) -> Figures:
    """Make checkouts with one connection for each till."""
    return run_wrk("checkout.lua", address, environment, connections=tills, seconds=seconds, cpus=(SERVER, OTHERS))


def load_for_profile(address: str, environment: dict[str, str], tills: int) -> None:
    """Make checkouts for ten seconds, in a process of its own."""
    check_out(address, environment, tills, 10)


def _pin(processes: list[psutil.Process], core: int) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            for thread in process.threads():
                os.sched_setaffinity(thread.id, {core})


if __name__ == "__main__":
    main()
