"""Twice as much as can be done: `python -m benchmarks.overload [--seconds N] [--rounds N]`; writes benchmarks/results/.

First each kind of request alone, and a shop's mix of them, from connections that ask again as soon as they are
answered: that is the peak. Then the same mix comes twice as fast as that, whatever becomes of it. By turns, and on the
program itself as well as through the shipped HAProxy configuration. What is done is told in requests, and in work: each
answer counts as the part of a second that its kind takes at its own peak, so that answering the cheap ones alone is no
merit.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import psutil

from benchmarks.flood import OK, OTHER, REFUSED
from benchmarks.shop import Shop, running_program
from benchmarks.slow import haproxy
from benchmarks.usage import children, prefer
from mainstay import clock
from mainstay.web.overload.settings import OverloadSettings
from tools.process import ROOT, install_from_system

RESULTS = Path(__file__).parent / "results"
TILLS = 24
TIMES = 2.0
# Seconds after which a load has all its connections.
CONNECTED_AFTER = 1.0
# Bounds of issue 5.
LEAST_GOODPUT = 0.9
LONGEST_REFUSAL_MS = 500.0
PAYMENTS = 0.99
# One call in twelve is a sale, two in five are reports: what comes first must not be more than can be done, even twice.
MIX = {"payment": 0.08, "scan": 0.22, "list": 0.30, "report": 0.40}
LOOK_UPS = {"scan": 1.0}
# Of a line of HAProxy's log the status, and behind bytes and cookies the state at the end.
END = re.compile(r" (\d{3}|-1) \d+ \S+ \S+ (\S{4}) \d+/")


@dataclass(slots=True)
class Plan:
    """What is measured, on what."""

    seconds: float
    rounds: int
    connections: int
    program: psutil.Process = field(default_factory=psutil.Process)
    load: dict[str, Any] = field(default_factory=dict)

    def run(self, address: str, mix: Mapping[str, float], rate: float = 0, **changed: Any) -> Any:  # noqa: ANN401  JSON as it comes
        """Make a load, in a process of its own; with `changed` parts of the plan."""
        wanted = {
            **self.load,
            "headers": {**self.load["headers"], "Host": address.partition("//")[2], "Origin": address},
            "port": int(address.rpartition(":")[2]),
            "tls": address.startswith("https"),
            "mix": dict(mix),
            "rate": rate,
            "seconds": self.seconds,
            "connections": self.connections,
            **changed,
        }
        # All that is measured, and what measures, goes before other programs of the machine; new connections have
        # processes of their own in the database.
        self._prefer()
        again = Timer(CONNECTED_AFTER, self._prefer)
        again.start()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.flood"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        prefer([psutil.Process(process.pid)])
        told, _ = process.communicate(json.dumps(wanted), timeout=10 * self.seconds + 30)
        again.cancel()
        if process.returncode:
            raise RuntimeError("the load maker failed")
        return json.loads(told)

    def _prefer(self) -> None:
        prefer([*children(self.program, ""), *psutil.Process().children()])


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of each load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=12)
    options = parser.parse_args()
    if shutil.which("haproxy") is None:
        install_from_system("haproxy", "The proxy that is measured (HAProxy)")
    plan = Plan(options.seconds, options.rounds, options.connections)
    result: dict[str, Any] = {"load average": os.getloadavg(), "mix": MIX, "times": TIMES}
    missed: list[str] = []
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{clock.now():%Y-%m-%d}-overload.json"
    with tempfile.TemporaryDirectory(prefix="tradepost-overload-") as folder:
        Path(folder).chmod(0o755)  # the database server runs as another user below it
        for name, found in measure(Path(folder), plan):
            result[name] = found
            missed += [f"{name}: {each}" for each in found["missed"]]
            print(f"{name}: {json.dumps(found, indent=1)}", flush=True)
            path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {path.relative_to(ROOT)}")
    if missed:
        sys.exit("\n".join(missed))


def measure(folder: Path, plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what was measured on the program, and through the proxy."""
    data = folder / "data"
    data.mkdir()
    shipped = OverloadSettings.model_construct()
    env = {
        "TRADEPOST_LOG_LEVEL": "warning",
        "TRADEPOST_WEB_TRUSTED_PROXIES": '["127.0.0.1"]',
        **{f"TRADEPOST_OVERLOAD_{name.upper()}": str(value) for name, value in shipped.model_dump().items() if value},
        **{key: value for key, value in os.environ.items() if key.startswith("TRADEPOST_OVERLOAD_")},
    }
    with running_program(data, env) as (address, link, process):
        plan.program = psutil.Process(process.pid)
        shop = Shop(address, link)
        store = shop.set_up()
        shop.import_products(300, store)
        plan.load = load_of(shop, store)
        plan.run(address, {"payment": 1.0}, seconds=1, tills=[plan.load["first till"]])
        yield "the program alone", overload(address, plan)
        # What each request came to is a line of its log, which costs it nothing that could be measured.
        with haproxy(folder, address, "info") as secure:
            found = overload(secure, plan)
        yield "behind HAProxy", found | {"ends by HAProxy": ends(folder / "haproxy.log")}


def ends(log: Path) -> dict[str, Any]:
    """Return how many requests ended how, by status and by the state in which they ended, and lines of the odd ones.

    Of the states (see the manual of HAProxy) `----` is an answer, `sQ--` a refusal, and `C…` the end of a load.
    """
    counts: Counter[str] = Counter()
    odd: list[str] = []
    for line in log.read_text().splitlines():
        if (match := END.search(line)) is None:
            continue
        counts[" ".join(match.groups())] += 1
        if match[2] not in {"----", "sQ--"} and not match[2].startswith("C"):
            odd.append(line)
    return {"count": counts, "odd": odd[:20]}


def load_of(shop: Shop, store: str) -> dict[str, Any]:
    """Return what requests are made of."""
    variants = shop.variants(200)
    scans = [f"/api/v1/pos/find/by-code/{each['barcode']}?store_id={store}" for each in variants]
    first, *tills = [(till.register_id, till.shift_id) for till in shop.open_tills(TILLS, store)]
    return {
        "first till": first,
        "headers": {"Cookie": shop.cookie, "X-CSRF-Token": shop.csrf},
        "variants": [(each["id"], round(float(each["price"]) * 100)) for each in variants],
        "tills": tills,
        "paths": {
            "scan": scans,
            "list": ["/api/v1/catalog/variants?limit=50"],
            # Of a till that sells nothing more: what it costs must not grow while it is measured.
            "report": [f"/api/v1/pos/sales?shift_id={first[1]}&limit=100"],
        },
    }


def overload(address: str, plan: Plan) -> dict[str, Any]:
    """Measure peaks, and twice as much."""
    plan.run(address, MIX, seconds=2)
    peaks = {kind: rate_of(plan.run(address, {kind: 1.0}, seconds=plan.seconds / 2)) for kind in MIX}
    rounds = [one_round(address, plan, MIX, peaks) for _ in range(plan.rounds)]
    look_ups = [one_round(address, plan, LOOK_UPS, peaks) for _ in range(plan.rounds)]
    found: dict[str, Any] = {
        "peak of each kind per s": {kind: round(rate) for kind, rate in peaks.items()},
        "missed": [],
    }
    for name, each in (("the mix", rounds), ("look-ups alone", look_ups)):
        found[name] = {
            "goodput in work": round(statistics.median(one["goodput in work"] for one in each), 3),
            "goodput in requests": round(statistics.median(one["goodput in requests"] for one in each), 3),
            "rounds": each,
        }
        # Goodput of the cheapest requests alone is only told: refusing one takes a good part of what answering it does.
        found["missed"] += missed_of(name, each)
    if found["the mix"]["goodput in work"] < LEAST_GOODPUT:
        found["missed"].append(f"the mix: goodput {found['the mix']['goodput in work']} of the peak")
    return found


def one_round(address: str, plan: Plan, mix: Mapping[str, float], peaks: Mapping[str, float]) -> dict[str, Any]:
    """Measure the peak, and then twice as much."""
    at_peak = plan.run(address, mix)
    peak = rate_of(at_peak)
    flooded = plan.run(address, mix, rate=peak * TIMES)
    return {
        "peak per s": round(peak),
        "offered per s": round(sum(kind["sent"] for kind in flooded["kinds"].values()) / flooded["seconds"]),
        "answered per s": round(rate_of(flooded)),
        "goodput in requests": round(rate_of(flooded) / peak, 3),
        "goodput in work": round(work_of(flooded, peaks) / work_of(at_peak, peaks), 3),
        "answered share": {kind: round(share_of(seen), 4) for kind, seen in flooded["kinds"].items()},
        "at peak": at_peak["kinds"],
        "twice as much": flooded["kinds"],
        "health": flooded["health"],
        "load maker": flooded["load maker"],
    }


def rate_of(found: dict[str, Any]) -> float:
    """Return how many were answered in a second."""
    return float(sum(kind.get(OK, {}).get("count", 0) for kind in found["kinds"].values()) / found["seconds"])


def work_of(found: dict[str, Any], peaks: Mapping[str, float]) -> float:
    """Return how much of each second was put into answers, by what their kinds take alone."""
    kinds = found["kinds"].items()
    return float(sum(kind.get(OK, {}).get("count", 0) / peaks[name] for name, kind in kinds) / found["seconds"])


def share_of(seen: dict[str, Any]) -> float:
    """Return which part of a kind was answered."""
    return float(seen.get(OK, {}).get("count", 0) / max(1, seen["sent"]))


def missed_of(name: str, rounds: list[dict[str, Any]]) -> list[str]:
    """Return what is not as issue 5 wants it."""
    missed = []
    for each in rounds:
        kinds = each["twice as much"]
        longest = max((kind.get(REFUSED, {}).get("max ms", 0) for kind in kinds.values()), default=0)
        if longest > LONGEST_REFUSAL_MS:
            missed.append(f"{name}: a refusal after {longest} ms")
        if sum(kind["without Retry-After"] for kind in kinds.values()):
            missed.append(f"{name}: refusals without Retry-After")
        if failed := sum(kind.get(OTHER, {}).get("count", 0) for kind in kinds.values()):
            missed.append(f"{name}: {failed} requests failed otherwise")
        if each["health"]["failed"]:
            missed.append(f"{name}: health did not answer {each['health']['failed']} times")
        shares = each["answered share"]
        if shares.get("payment", 1) < PAYMENTS or shares.get("payment", 1) < shares.get("report", 0):
            missed.append(f"{name}: of the payments {shares['payment']:.1%} were answered")
    return missed


if __name__ == "__main__":
    main()
