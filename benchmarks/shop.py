"""A shop to measure: the real program on its own data folder, filled and opened through its own front door."""

import io
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from mainstay import ids
from mainstay.testing.limits import allowances

PASSWORD = "a long enough measuring password"  # noqa: S105  of a throw-away shop  # pragma: allowlist secret
SEED = 20261121
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Till:
    """An open register."""

    register_id: str
    shift_id: str


class Shop:
    """A client of the running program, signed in as its owner."""

    def __init__(self, address: str, setup_link: str) -> None:
        self.address = address
        self.http = httpx2.Client(base_url=address, timeout=60, headers={"Origin": address})
        token = setup_link.split("#", 1)[1]
        person = {"token": token, "name": "Owner", "email": "owner@example.com", "password": PASSWORD}
        answer = self.http.post("/api/v1/identity/invitations/accept", json=person)
        answer.raise_for_status()
        self.csrf = str(answer.json()["csrf_token"])
        # A Secure cookie does not travel over plain HTTP in this client; a browser trusts localhost.
        self.cookie = answer.headers["set-cookie"].split(";", 1)[0]
        self.http.headers.update({"Cookie": self.cookie, "X-CSRF-Token": self.csrf})

    def call(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401  JSON as it comes
        """Return the JSON answer of a call; raises for an error status."""
        answer = self.http.request(method, f"/api/v1{path}", **options)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def set_up(self) -> str:
        """Create the business with one store whose stock may go below zero; return its id."""
        store_id = str(ids.new_id())
        store = {
            "id": store_id,
            "code": "B",
            "name": "Bench",
            "time_zone": "Europe/Paris",
            "day_cutoff": "04:00",
            "prices_include_tax": True,
            "rounding_level": "document",
            "rounding_mode": "half_up",
            "cash_rounding": None,
            "negative_stock": "allow",
            "receipt_header": [],
            "receipt_footer": [],
        }
        rates = [{"rate": rate, "name": f"VAT {rate} %"} for rate in ("5.5", "10", "20")]
        business = {"name": "Bench", "currency": "EUR", "country": "FR", "time_zone": "Europe/Paris"}
        self.call("POST", "/shop", json={**business, "tax_rates": rates, "store": store})
        return store_id

    def import_products(self, count: int, store_id: str) -> None:
        """Import `count` made-up products through the import, opening stock included, and wait for both jobs."""
        file = {"id": str(ids.new_id()), "filename": "bench.csv", "store_id": store_id}
        body = products_csv(count)
        answer = self.call("POST", "/catalog/imports", params=file, content=body, headers={"Content-Type": "text/csv"})
        self._wait(lambda: self._is_imported(str(answer["id"]), count))
        variant = self.variants(1)[0]["id"]
        levels = {"store_id": store_id, "variant_id": [variant]}
        self._wait(lambda: bool(self.call("GET", "/stock/levels", params=levels)["items"]))

    def _is_imported(self, import_id: str, count: int) -> bool:
        state = self.call("GET", f"/catalog/imports/{import_id}")
        if state["status"] == "failed" or (state["status"] == "done" and state["rows_accepted"] != count):
            raise RuntimeError(f"the import ended as {state}")
        return bool(state["status"] == "done")

    @staticmethod
    def _wait(condition: Any, seconds: int = 600) -> None:  # noqa: ANN401  a callable without arguments
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise RuntimeError("the shop was not ready in time")
            time.sleep(0.2)

    def variants(self, count: int) -> list[dict[str, Any]]:
        """Return the first `count` variants by name."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while len(found) < count:
            page = self.call("GET", "/catalog/variants", params={"limit": 200, **cursor})
            found += page["items"]
            if not page["next_cursor"]:
                break
            cursor = {"cursor": page["next_cursor"]}
        return found[:count]

    def open_tills(self, count: int, store_id: str) -> list[Till]:
        """Set up `count` registers and open them."""
        tills = []
        for number in range(count):
            register, shift = str(ids.new_id()), str(ids.new_id())
            self.call(
                "POST",
                "/pos/registers",
                json={"id": register, "store_id": store_id, "code": f"B{number}", "name": f"Till {number}"},
            )
            self.call("POST", "/pos/shifts", json={"id": shift, "register_id": register, "float_minor": 10000})
            tills.append(Till(register, shift))
        return tills


def products_csv(count: int) -> bytes:
    """Return `count` products with right EAN-13 codes as CSV; the same for every run."""
    draw = random.Random(SEED)
    words = [
        "apple",
        "bread",
        "butter",
        "cheese",
        "coffee",
        "honey",
        "jam",
        "juice",
        "milk",
        "oat",
        "olive",
        "pasta",
        "pepper",
        "rice",
        "salt",
        "tea",
        "tomato",
    ]
    out = io.StringIO()
    out.write("barcode,name,price,tax_rate,stock\n")
    for number in range(count):
        digits = f"{200_000_000_000 + number:012d}"
        total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
        name = " ".join(draw.choices(words, k=3)) + f" {number}"
        cents = draw.randint(49, 2499)
        out.write(
            f"{digits}{-total % 10},{name},{cents // 100}.{cents % 100:02d},{draw.choice(['5.5', '10', '20'])},500\n"
        )
    return out.getvalue().encode()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_program(data_dir: Path, env: dict[str, str]) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """Run `tradepost serve`; yield its address, the printed set-up link and the process."""
    port = free_port()
    log = (data_dir / "bench.log").open("w+")
    command = [sys.executable, "-m", "tradepost", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    process = subprocess.Popen(
        command, stdout=log, stderr=subprocess.STDOUT, text=True, env={**os.environ, **allowances("tradepost"), **env}
    )
    try:
        yield f"http://localhost:{port}", _setup_link(process, data_dir / "bench.log"), process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def _setup_link(process: subprocess.Popen[str], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"https?://\S+/setup#[\w-]+", log.read_text())
        if found:
            return found.group(0)
        time.sleep(0.1)
    raise RuntimeError(f"the program did not start:\n{log.read_text()}")
