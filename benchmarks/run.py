"""Run the benchmark: `python -m benchmarks.run [--products N] [--seconds N]`; writes benchmarks/results/.

In one run, on one machine, against the same database: (a) pgbench with the SQL of a three-line checkout, (b) the same
checkout over HTTP with everything switched on, (c) a bare framework's hello and the barcode look-up, (d) the product
list of 50. Look-up, list and hello run on the same server with one worker, alone on the first core.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks import sql
from benchmarks.load import Figures, require_wrk, run_pgbench, run_wrk
from benchmarks.shop import Shop, Till, free_port, running_program
from benchmarks.usage import children, measured_cpu, profile
from mainstay import clock
from mainstay.db.embedded import postgres_bin

RESULTS = Path(__file__).parent / "results"
TARGETS = {"checkout / sql": 0.15, "look-up / hello": 0.30, "list / hello": 0.25}
TILLS = 8
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """How large and how long: products in the catalogue, seconds a load."""

    products: int
    seconds: int


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="tradepost-bench-") as folder:
        Path(folder).chmod(0o755)  # the database server runs as another user below it
        result = measure(Path(folder), Plan(options.products, options.seconds))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    show(result)
    print(f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


def measure(folder: Path, plan: Plan) -> dict[str, Any]:
    """Run all loads and return the result with its ratios."""
    data = folder / "data"
    data.mkdir()
    with running_program(data, {"TRADEPOST_DATABASE_POOL_SIZE": "16"}) as (address, link, process):
        shop = Shop(address, link)
        store = shop.set_up()
        started = time.monotonic()
        shop.import_products(plan.products, store)
        imported = time.monotonic() - started
        tills = shop.open_tills(TILLS, store)
        variants = shop.variants(2000)
        conninfo = sql.connection(data)
        sql.prepare(conninfo, [variant["id"] for variant in variants], tills)
        parent = psutil.Process(process.pid)
        api = children(parent, "api") or [parent]
        runs: dict[str, Any] = {}
        loads: dict[str, Figures] = {}
        loads["sql"] = run_pgbench(
            postgres_bin("pgbench"), conninfo, sql.script(folder, len(variants)), clients=TILLS, seconds=plan.seconds
        )
        env = checkout_env(folder, shop, tills, variants)
        run_wrk("checkout.lua", address, env, connections=TILLS, seconds=2, cpus=(0, 1))
        with measured_cpu({"api": api, "database": _backends(parent)}) as runs["processors busy at checkout"]:
            loads["checkout"] = run_wrk(
                "checkout.lua", address, env, connections=TILLS, seconds=plan.seconds, cpus=(0, 1)
            )
        sampled = _sample_during(folder, api, address, env)
        _pin(api, {0})
        for other in _backends(parent):
            _pin([other], {1})
        loads |= _reads(folder, shop, variants, plan)
    loads["hello"] = _hello(plan)
    return _result(loads, runs | {"profile of the API at checkout": sampled}, plan, imported)


def checkout_env(folder: Path, shop: Shop, tills: list[Till], variants: list[dict[str, Any]]) -> dict[str, str]:
    """Write the files that the checkout script reads and return its environment."""
    priced = [f"{variant['id']} {round(float(variant['price']) * 100)}" for variant in variants]
    (folder / "variants").write_text("\n".join(priced) + "\n")
    (folder / "registers").write_text("\n".join(f"{till.register_id} {till.shift_id}" for till in tills) + "\n")
    return {
        "BENCH_VARIANTS": str(folder / "variants"),
        "BENCH_REGISTERS": str(folder / "registers"),
        "BENCH_THREADS": "1",
        "BENCH_COOKIE": shop.cookie,
        "BENCH_CSRF": shop.csrf,
        "BENCH_ORIGIN": shop.address,
    }


def _backends(parent: psutil.Process) -> list[psutil.Process]:
    return children(parent, "postgres")


def _pin(processes: list[psutil.Process], cpus: set[int]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            for thread in process.threads():
                os.sched_setaffinity(thread.id, cpus)


def _sample_during(folder: Path, api: list[psutil.Process], address: str, env: dict[str, str]) -> dict[str, float]:
    """Profile the busiest API process while checkouts run; apart from the measured load, as sampling costs time."""
    command = [sys.executable, "-c", "import benchmarks.run as r,sys,json; r.load_for_profile(*json.load(sys.stdin))"]
    load = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    if load.stdin is None:
        raise RuntimeError("the load has no standard input")
    load.stdin.write(json.dumps([address, env]))
    load.stdin.close()
    time.sleep(1)
    before = {process.pid: sum(process.cpu_times()[:2]) for process in api}
    time.sleep(1)
    busiest = max(api, key=lambda process: sum(process.cpu_times()[:2]) - before[process.pid])
    sampled = profile(busiest.pid, 5, folder)
    load.wait()
    return sampled


def load_for_profile(address: str, env: dict[str, str]) -> None:
    """Make checkouts for nine seconds, in a process of its own."""
    run_wrk("checkout.lua", address, env, connections=TILLS, seconds=9, cpus=(0, 1))


def _reads(folder: Path, shop: Shop, variants: list[dict[str, Any]], plan: Plan) -> dict[str, Figures]:
    loads = {}
    paths = {
        "look-up": [f"/api/v1/catalog/variants/by-code/{variant['barcode']}" for variant in variants],
        "list": ["/api/v1/catalog/variants?limit=50"],
    }
    for name, choices in paths.items():
        (folder / "paths").write_text("\n".join(choices) + "\n")
        env = {"BENCH_PATHS": str(folder / "paths"), "BENCH_COOKIE": shop.cookie}
        run_wrk("get.lua", shop.address, env, connections=CONNECTIONS, seconds=2, cpus=(1,))
        loads[name] = run_wrk("get.lua", shop.address, env, connections=CONNECTIONS, seconds=plan.seconds, cpus=(1,))
    return loads


def _hello(plan: Plan) -> Figures:
    """Measure the bare framework on the same server with the same settings, alone on the first core."""
    port = free_port()
    granian = Path(sys.executable).parent / "granian"
    command = ["taskset", "-c", "0", str(granian), "--interface", "asgi", "--workers", "1", "--loop", "uvloop"]
    command += ["--port", str(port), "--no-ws", "--log-level", "warning", "benchmarks.hello:app"]
    server = subprocess.Popen(command)
    try:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "paths").write_text("/hello\n")
            env = {"BENCH_PATHS": f"{folder}/paths", "BENCH_COOKIE": "none=none"}
            time.sleep(3)
            address = f"http://127.0.0.1:{port}"
            run_wrk("get.lua", address, env, connections=CONNECTIONS, seconds=2, cpus=(1,))
            return run_wrk("get.lua", address, env, connections=CONNECTIONS, seconds=plan.seconds, cpus=(1,))
    finally:
        server.terminate()
        server.wait(10)


def _result(loads: dict[str, Figures], runs: dict[str, Any], plan: Plan, imported: float) -> dict[str, Any]:
    ratios = {
        "checkout / sql": loads["checkout"].rate / loads["sql"].rate,
        "look-up / hello": loads["look-up"].rate / loads["hello"].rate,
        "list / hello": loads["list"].rate / loads["hello"].rate,
    }
    return {
        "machine": {
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "processor": _processor(),
            "kernel": platform.release(),
        },
        "plan": {"products": plan.products, "seconds": plan.seconds, "tills": TILLS, "connections": CONNECTIONS},
        "import_seconds": round(imported, 1),
        "loads": {name: _rounded(figures) for name, figures in loads.items()},
        "ratios": {name: {"reached": round(ratio, 3), "to reach": TARGETS[name]} for name, ratio in ratios.items()},
        **runs,
    }


def _rounded(figures: Figures) -> dict[str, float]:
    return {name: round(value, 2) for name, value in figures.as_dict().items()}


def _processor() -> str:
    if not shutil.which("lscpu"):
        return platform.processor()
    out = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout
    return next((line.split(":", 1)[1].strip() for line in out.splitlines() if line.startswith("Model name")), "")


def show(result: dict[str, Any]) -> None:
    """Print the result as a table."""
    print(f"{'load':<10}{'rate/s':>10}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}")
    for name, load in result["loads"].items():
        print(f"{name:<10}{load['rate']:>10}{load['p50_ms']:>10}{load['p95_ms']:>10}{load['p99_ms']:>10}")
    for name, ratio in result["ratios"].items():
        verdict = "reached" if ratio["reached"] >= ratio["to reach"] else "MISSED"
        print(f"{name:<20}{ratio['reached']:>8}   to reach {ratio['to reach']}   {verdict}")
    for part, share in result["profile of the API at checkout"].items():
        print(f"  {share:>6.1%}  {part}")


if __name__ == "__main__":
    main()
