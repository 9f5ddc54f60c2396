"""The probe program as a process of its own, and browsers that call it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.testing.limits import allowances
from mainstay.web.csrf import csrf_token
from probe.main import SECRET_KEY

COOKIE = "__Host-probe"
PATIENCE = 15.0
SCRAPER = "a token for the scraper"  # pragma: allowlist secret


@dataclass(frozen=True)
class Served:
    """A program that serves: its address, its database and what it has written on standard output."""

    url: str
    database_url: str
    log: Path
    process: "subprocess.Popen[str]"

    def lines(self, **wanted: object) -> list[dict[str, Any]]:
        """Return the log's lines with the `wanted` fields; each of its lines must be JSON."""
        # As bytes: a line of text may hold what Python takes for the end of one.
        found = [json.loads(line) for line in self.log.read_bytes().splitlines()]
        return [line for line in found if all(line.get(name) == value for name, value in wanted.items())]

    def line(self, **wanted: object) -> dict[str, Any]:
        """Return the one line with the `wanted` fields, as soon as it is there."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.lines(**wanted)):
            assert time.monotonic() < deadline, f"There is no line with {wanted}."
        assert len(found) == 1, found
        return found[0]

    def ask(self, sql: str) -> Any:  # noqa: ANN401  whatever the query gives
        """Return one value from the database."""
        with psycopg.connect(database.plain(self.database_url)) as connection:
            row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


@contextmanager
def serving(database_url: str, folder: Path, **environment: str) -> Iterator[Served]:
    """Serve the probe program inside the block."""
    log = folder / "stdout.log"
    own = {"PROBE_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    variables = {**allowances("probe"), **os.environ, **own, **environment}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "probe"],
            env=variables,
            cwd=Path(__file__).parents[1],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        assert process.stderr is not None
        url = f"http://127.0.0.1:{int(process.stderr.readline())}"
        _wait_until_live(url, process)
        yield Served(url, database_url, log, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            if process.stderr is not None:
                process.stderr.close()


def _wait_until_live(url: str, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx2.get(f"{url}/health/live", timeout=5)
        except httpx2.TransportError:
            continue
        return
    raise AssertionError("The probe program did not start to serve.")


async def number(client: Client, name: str, **labels: str) -> float:
    """Return a number of the program as Prometheus reads it, 0 when it is not there."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {SCRAPER}"})
    assert answer.status_code == 200, answer.text
    braced = "{" + ",".join(f'{key}="{value}"' for key, value in sorted(labels.items())) + "}" if labels else ""
    found = [line for line in answer.text.splitlines() if line.startswith(f"{name}{braced} ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def client_of(served: Served, token: str | None = None) -> Client:
    """Return a browser on the program, with the session of a token."""
    client = Client(served.url)
    if token is not None:
        client.headers["Cookie"] = f"theme=dark; {COOKIE}={token}"
        client.csrf_token = csrf_token(SECRET_KEY, token)
    return client
