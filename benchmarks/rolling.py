"""Deploys to two servers and goes back while people read and sell: `make rolling`; writes benchmarks/results/.

Every block of commands in docs/runbooks/deploy.md and incident.md is run as it stands there, on a machine of its own
with the shipped services and the shipped proxy, an external PostgreSQL and a Valkey. Callers try nothing twice. None of
10,000 requests may fail, and every sale that was answered must be there once. Needs HAProxy; it is installed with apt
where that is allowed.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fleet import Fleet, open_fleet, until_served
from fleet.callers import Calls, assert_nothing_lost_or_doubled, calling, open_floor
from fleet.runbooks import commands, run
from valkey_server import valkey_in

from mainstay import clock, ids
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client
from mainstay.testing.process import make_folder
from tools.process import ROOT, install_from_system

RESULTS = Path(__file__).parent / "results"
RUNBOOK = "deploy.md"
ROLLING = "One server after the other"


@dataclass(slots=True)
class Deployment:
    """What one deployment is told, and how many seconds each of its steps took."""

    fleet: Fleet
    seconds: dict[str, float] = field(default_factory=dict)

    async def follow(self, step: str, script: str, **more: str) -> str:
        """Run a block of the runbook; return what it printed."""
        began = clock.monotonic()
        said = await asyncio.to_thread(run, script, {**self.fleet.operator, **more})
        self.seconds[step] = round(clock.monotonic() - began, 1)
        print(f"{step}: {self.seconds[step]} s", flush=True)
        return said

    async def install(self) -> None:
        """Start the shop for the first time, on both servers."""
        (block,) = commands(RUNBOOK, "The first time")
        said = await self.follow("the first time", block, PORT=str(self.fleet.ports[0]))
        _expect("/setup#", said)
        await self.follow("the second server", "systemctl start tradepost-api@$PORT", PORT=str(self.fleet.ports[1]))
        await until_served(self.fleet)

    async def roll(self, version: str) -> None:
        """Give both servers and the worker a version."""
        restart, restart_worker = commands(RUNBOOK, ROLLING)
        for name, port in zip(("one", "two"), self.fleet.ports, strict=True):
            await self.follow(f"server {name} to version {version}", restart, PORT=str(port), NEXT=version)
        await self.follow(f"the worker to version {version}", restart_worker, NUMBER="1")

    async def deploy(self) -> None:
        """Do everything that the runbook says, go back in the end, and look after both."""
        for heading in ("Prepare", "Migrate"):
            for block in commands(RUNBOOK, heading):
                await self.follow(heading.lower(), block, NEXT="two")
        (verify,) = commands(RUNBOOK, "Verify")
        for version in ("two", "one"):
            await self.roll(version)
            await self.follow(f"verify {version}", verify)


def _expect(words: str, said: str) -> None:
    if words not in said:
        sys.exit(f"Instead of {words}: {said}")


async def look(deployment: Deployment, owner: Client) -> None:
    """Follow the runbook for incidents as far as it has commands: what a request left in the log of all processes."""
    missing = await owner.get(f"/api/v1/pos/sales/{ids.new_id()}")
    began = clock.now() - timedelta(minutes=1)
    more = {"ID": missing.json()["request_id"], "SINCE": f"{began:%Y-%m-%dT%H:%M:%S}"}
    ready, logs = commands("incident.md", "# Something is wrong")
    _expect('"checks"', await deployment.follow("is it ready", ready, PORT=str(deployment.fleet.ports[0])))
    _expect(more["ID"], await deployment.follow("what the log has", logs, **more))


async def measure(fleet: Fleet, least: int) -> tuple[Calls, Deployment]:
    """Deploy under the load of at least so many requests."""
    deployment = Deployment(fleet)
    await deployment.install()
    async with fleet.owner() as owner:
        floor = await open_floor(owner, 4)
        async with calling(fleet, floor, readers=8, pause=0.02) as calls:
            await deployment.deploy()
            while calls.answered + len(calls.failed) < least:
                await owner.get("/api/v1/shop")
        await look(deployment, owner)
    assert_nothing_lost_or_doubled(fleet, floor, calls.sold)
    return calls, deployment


def told(fleet: Fleet, calls: Calls, deployment: Deployment) -> dict[str, object]:
    """Return what is written down."""
    passed = fleet.passed()
    return {
        "requests": calls.answered + len(calls.failed),
        "failed": calls.failed,
        "sales, each there once": len(calls.sold),
        "slowest answer s": round(calls.slowest, 2),
        "answered by": dict(Counter(each.server for each in passed)),
        "sent to another server by the proxy": sum(each.retries for each in passed),
        "seconds": deployment.seconds,
        "load average": os.getloadavg(),
    }


def main() -> None:
    """Measure, print, and write the result; ends with 1 when a request failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=10_000)
    options = parser.parse_args()
    if shutil.which("haproxy") is None:
        install_from_system("haproxy", "The proxy in front of the servers (HAProxy)")
    data = make_folder()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        server = stack.enter_context(EmbeddedPostgres(data, database="tradepost"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rolling-")))
        valkey = stack.enter_context(valkey_in(folder))
        tradepost = Path(sys.executable).parent / "tradepost"
        settings = {
            "TRADEPOST_REDIS_URL": valkey.url,
            "TRADEPOST_REDIS_PATIENCE_MS": "5000",
            "TRADEPOST_LOG_FILE": str(folder / "shop.log"),
        }
        fleet = stack.enter_context(open_fleet(make_folder(), server.dsn, tradepost, settings))
        calls, deployment = asyncio.run(measure(fleet, options.requests))
        result = told(fleet, calls, deployment)
    print(json.dumps(result, indent=2))
    path = RESULTS / f"{clock.now():%Y-%m-%d}-rolling.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"written to {path.relative_to(ROOT)}")
    if calls.failed:
        sys.exit(f"{len(calls.failed)} requests failed.")


if __name__ == "__main__":
    main()
