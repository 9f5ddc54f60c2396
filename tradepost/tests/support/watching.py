"""A real Prometheus and a real Alertmanager beside the running program, with the configuration that is shipped.

What is changed of it: the addresses, and all times, so that a minute takes a second.
"""

import asyncio
import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil

from mainstay.testing.collector import listening_aside
from mainstay.testing.mail import MailServer
from mainstay.testing.receiver import Receiver
from tools.process import ROOT
from tools.suite import watcher

DEPLOY: Final = ROOT / "deploy"
PATIENCE: Final = 120.0
# How long the rules look back, and wait, at most.
WINDOW: Final = "12s"
EXEMPLARS: Final = "--enable-feature=exemplar-storage"


@dataclass(frozen=True)
class Watch:
    """What watches the program: Prometheus, and whom Alertmanager tells."""

    prometheus: str
    mail: MailServer
    chat: Receiver

    async def query(self, expression: str) -> list[dict[str, Any]]:
        """Return what Prometheus answers; raises AssertionError when it does not understand."""
        async with httpx2.AsyncClient(base_url=self.prometheus, timeout=10) as client:
            answer = (await client.get("/api/v1/query", params={"query": expression})).json()
        assert answer["status"] == "success", (expression, answer)
        return list(answer["data"]["result"])

    async def exemplars(self, selector: str) -> dict[str, set[str]]:
        """Return the ids of traces that Prometheus keeps as exemplars of series, by their route."""
        now = time.time()
        async with httpx2.AsyncClient(base_url=self.prometheus, timeout=10) as client:
            wanted = {"query": selector, "start": str(now - 3600), "end": str(now + 60)}
            answer = (await client.get("/api/v1/query_exemplars", params=wanted)).json()
        assert answer["status"] == "success", (selector, answer)
        found: dict[str, set[str]] = {}
        for series in answer["data"]:
            traces = {each["labels"]["trace_id"] for each in series["exemplars"]}
            found.setdefault(series["seriesLabels"]["route"], set()).update(traces)
        return found

    async def value(self, expression: str) -> float:
        """Return the one number that Prometheus answers, a NaN where there is none."""
        result = await self.query(expression)
        return float(result[0]["value"][1]) if result else float("nan")

    async def until_asked(self, expression: str, holds: Callable[[float], bool], about: str = "") -> None:
        """Ask until the answer is so; raises AssertionError with the answer and what it is about."""
        deadline = time.monotonic() + PATIENCE
        while not holds(found := await self.value(expression)):
            assert time.monotonic() < deadline, (about, expression, found)
            await asyncio.sleep(0.2)

    def told(self, status: str) -> set[str]:
        """Return the alarms of which the chat was told that they are `firing` or `resolved`."""
        alarms = (each for got in self.chat.got for each in json.loads(got.body)["alerts"])
        return {each["labels"]["alertname"] for each in alarms if each["status"] == status}

    def mailed(self, status: str) -> set[str]:
        """Return the alarms of which the operator was told so by mail."""
        found = (
            re.match(rf"\[{status.upper()}\] (\w+): \S", str(mail.message["Subject"])) for mail in self.mail.received
        )
        return {subject[1] for subject in found if subject is not None}

    async def until(self, holds: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until something was told; raises AssertionError with what was."""
        deadline = time.monotonic() + patience
        while not holds():
            told = {status: (self.told(status), self.mailed(status)) for status in ("firing", "resolved")}
            assert time.monotonic() < deadline, told
            await asyncio.sleep(0.2)


@asynccontextmanager
async def watched(folder: Path, program: str, worker: int, token: str) -> AsyncIterator[Watch]:
    """Watch the program that answers at `program`, and whose worker tells its numbers at the port `worker`."""
    mail, chat = MailServer(), Receiver()
    with ExitStack() as stack:
        # Aside, because a mail may come between two tests, or while one ends.
        stack.enter_context(listening_aside(_taking(mail)))
        stack.enter_context(listening_aside(chat))
        teller = _run_alertmanager(stack, folder, mail, chat)
        token_file = folder / "tradepost.token"
        token_file.write_text(token)
        places = {"program": program, "worker": f"127.0.0.1:{worker}", "teller": teller, "token": str(token_file)}
        prometheus = _run_prometheus(stack, folder, places)
        watch = Watch(prometheus, mail, chat)
        await _until_ready(prometheus)
        yield watch


@asynccontextmanager
async def _taking(mail: MailServer) -> AsyncIterator[None]:
    await mail.start()
    yield
    await mail.stop()


def _run_alertmanager(stack: ExitStack, folder: Path, mail: MailServer, chat: Receiver) -> str:
    text = replaced(
        (DEPLOY / "alertmanager" / "alertmanager.yml").read_text(),
        {
            "mail.example:587": f"127.0.0.1:{mail.port}",
            "smtp_require_tls: true": "smtp_require_tls: false",
            "https://chat.example/hooks/tradepost": chat.url,
            "group_wait: 10s": "group_wait: 1s",
            "group_interval: 1m": "group_interval: 2s",
        },
    )
    (folder / "alertmanager.yml").write_text(text)
    address = f"127.0.0.1:{free_port()}"
    options = (f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alertmanager")
    stack.enter_context(
        running("alertmanager", folder, *options, f"--web.listen-address={address}", "--cluster.listen-address=")
    )
    return address


def _run_prometheus(stack: ExitStack, folder: Path, places: dict[str, str]) -> str:
    shipped = DEPLOY / "prometheus"
    text = replaced(
        (shipped / "prometheus.yml").read_text(),
        {
            # Not less: it is also the time that a reading may take, and the machine may be busy.
            "scrape_interval: 15s": "scrape_interval: 2s",
            "evaluation_interval: 15s": "evaluation_interval: 1s",
            "/etc/prometheus/tradepost.token": places["token"],
            "scheme: https": "scheme: http",
            '"shop.example"': f'"{places["program"]}"',
            '"127.0.0.1:9101"': f'"{places["worker"]}"',
            '"127.0.0.1:9093"': f'"{places["teller"]}"',
        },
    )
    (folder / "prometheus.yml").write_text(text)
    for rules in shipped.glob("*.yml"):
        if rules.name != "prometheus.yml":
            (folder / rules.name).write_text(hastened(rules.read_text()))
    address = f"127.0.0.1:{free_port()}"
    options = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/prometheus", EXEMPLARS)
    stack.enter_context(running("prometheus", folder, *options, f"--web.listen-address={address}"))
    return f"http://{address}"


def hastened(rules: str) -> str:
    """Return rules that look back over seconds instead of minutes, and wait as little; all else is as it was."""
    looking = re.sub(r"\[\d+[mhd]\]", f"[{WINDOW}]", rules)
    return re.sub(r"^(\s+for: )\d+[mh]$", r"\g<1>2s", looking, flags=re.MULTILINE)


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return a text with parts replaced; raises AssertionError when one is not there."""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


@contextmanager
def running(name: str, folder: Path, *options: str) -> Iterator[None]:
    """Run one of the programs that watch inside the block."""
    program = watcher(name)
    assert program is not None, f"{name} is missing: make test takes it from Debian's package"
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen([program, *options, "--log.level=warn"], stdout=log, stderr=log, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


async def _until_ready(prometheus: str) -> None:
    """Return when Prometheus has read the program's numbers."""
    deadline = time.monotonic() + PATIENCE
    async with httpx2.AsyncClient(base_url=prometheus, timeout=5) as client:
        while True:
            assert time.monotonic() < deadline, "Prometheus did not get ready"
            # Before it listens, and before it has read anything, it says nothing of use.
            with suppress(httpx2.TransportError, ValueError):
                answer = (await client.get("/api/v1/query", params={"query": "sum(up)"})).json()
                if answer["data"]["result"] and answer["data"]["result"][0]["value"][1] == "2":
                    return
            await asyncio.sleep(0.1)


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def standing_still(process: psutil.Process) -> Iterator[None]:
    """Have a process do nothing inside the block: on a busy machine it may take a call before its stop arrives."""
    process.send_signal(signal.SIGSTOP)
    try:
        deadline = time.monotonic() + PATIENCE
        while process.status() != psutil.STATUS_STOPPED:
            assert time.monotonic() < deadline
        yield
    finally:
        process.send_signal(signal.SIGCONT)
