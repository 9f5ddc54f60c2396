"""Every command, statement, number and setting that the runbook of incidents names is one that is known.

What stands there as code is of a kind that is tried here, or a word that is listed: a new one that is neither is red.
"""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from alarms import promtool
from fleet.runbooks import RUNBOOKS
from typer.core import TyperCommand
from typer.exceptions import TyperException

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.docs_cli import commands_of
from mainstay.bootstrap.documents import documents, every_command
from mainstay.bootstrap.program import Program
from mainstay.db.address import libpq_url, of_login
from tools.process import ROOT

RUNBOOK = RUNBOOKS / "incident.md"
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
METRIC = re.compile(r"\b(?:mainstay_\w+|tradepost:[\w:]+)")
# What the log says, parts of answers and of lines, states, and words of others' programs.
WORDS = frozenset({
    *("unavailable", "degraded", "overloaded", "last", "log", "[redacted]", "actor", "about", "route", "disk"),
    "backups",
    *("request_id", "trace_id", "statements", "database_ms", "call", "host", "outcome", "destination", "Retry-After"),
    *("a rollback failed", "TimeoutError", "new certificate", "The receiver of the database's log ended", "$PORT"),
    *("smtp://", "s3://", "clamd://", "vision://", "sQ", "SC", "max_connections", '["/etc/ssl/shop.pem"]'),
    *("--enable-feature=exemplar-storage", "lan/server.pem", "StreamMaxLength", "clamdscan --ping 1", "not_taken"),
})  # fmt: skip


# What an operator puts in the place of a variable.
GIVEN = {"$ID": "7f0c2a4e", "$SINCE": "2026-11-30T09:00:00", "$EMAIL": "olga@shop.example"}


@dataclass(frozen=True)
class Written:
    """What the program says of itself: its commands, settings, kinds of problems, and its code."""

    commands: dict[str, TyperCommand]
    settings: frozenset[str]
    problems: str
    calls: frozenset[str]
    sources: tuple[str, ...]


class Known:
    """What the program has, and Prometheus' and PostgreSQL's own judgement."""

    def __init__(self, program: Program, written: Written, database_url: str, rules: Path) -> None:
        self._written, self._url, self._tried = written, database_url, rules
        self._names = {right.name for right in program.permissions} | {job.name for job in program.jobs}
        self._rules = "".join(path.read_text() for path in (ROOT / "deploy" / "prometheus").glob("*.yml"))

    def trouble(self, code: str) -> str | None:
        """Say what is wrong with what stands as code; None when nothing is."""
        if code in WORDS:
            return None
        if code.split(maxsplit=1)[0] in {"tradepost", "serve", "make"} or code.startswith("--"):
            return self._command(code)
        if code.split(maxsplit=1)[0] in {"SELECT", "ANALYZE"}:
            return self._statement(code)
        if METRIC.search(code):
            return self._query(code)
        return None if self._is_there(code) else "it is nothing that is known"

    def script(self, text: str) -> Iterator[str]:
        """Yield what is wrong with a block of commands."""
        done = subprocess.run(["sh", "-n", "-c", text], capture_output=True, text=True, check=False)
        if done.returncode:
            yield done.stderr
        for line in text.splitlines():
            found = self._command(line) if line.startswith("tradepost ") else None
            if found is not None:
                yield found
            for path in re.findall(r"\$PORT(/[\w/]+)", line):
                if not self._is_there(path):
                    yield f"{path} is no address"

    def _command(self, line: str) -> str | None:
        words = [GIVEN.get(word, word) for word in shlex.split(line, comments=True)]
        if words[0] == "make":
            return None if f"\n{words[1]}:" in (ROOT / "Makefile").read_text() else "make knows no such target"
        typed = ["serve", *words] if line.startswith("--") else words[words[0] == "tradepost" :]
        if line == "--workers":
            typed.append("2")
        for count in (2, 1):
            if (command := self._written.commands.get(" ".join(typed[:count]))) is not None:
                try:
                    command.make_context(line, typed[count:])
                except TyperException as refusal:
                    return str(refusal) or "it needs more"
                return None
        return "there is no such command"

    def _statement(self, sql: str) -> str | None:
        explained = sql if sql.startswith("ANALYZE") else f"EXPLAIN {sql}"
        try:
            with psycopg.connect(libpq_url(of_login(self._url))) as connection:
                connection.execute(explained.encode())
        except psycopg.Error as refusal:
            return str(refusal)
        return None

    def _query(self, query: str) -> str | None:
        """A name in braces without values says by which label a number is told apart."""
        expr = re.sub(r"\{(\w+)\}", r'{\1!=""}', query)
        self._tried.write_text(json.dumps({"groups": [{"name": "a", "rules": [{"record": "b", "expr": expr}]}]}))
        checked = promtool("check", "rules", self._tried)
        if checked.returncode:
            return checked.stderr
        labels = re.findall(r"(\w+)(?==~|!=|=)", expr)
        labels += re.findall(r"\w+", " ".join(re.findall(r"by \((.*?)\)", expr)))
        return next((trouble for name in METRIC.findall(query) if (trouble := self._number(name, labels))), None)

    def _number(self, name: str, labels: list[str]) -> str | None:
        """A label must stand where the number is counted."""
        if f"record: {name}\n" in self._rules:
            return None
        stem = re.sub(r"_(bucket|count|sum)$", "", name)
        told = [text for text in self._written.sources if f'"{stem}"' in text]
        missing = [label for label in labels if not any(re.search(rf"\b{label}\b", text) for text in told)]
        return f"the program tells no {name}" if not told else f"{name} has no {missing[0]}" if missing else None

    def _is_there(self, code: str) -> bool:
        if code.startswith("TRADEPOST_"):
            return code.partition("=")[0] in self._written.settings
        if code.startswith("…_"):
            return any(name.endswith(code[1:]) for name in self._written.settings)
        if re.fullmatch(r"Tradepost[A-Z]\w+", code):
            return f"alert: {code}\n" in self._rules
        if "/health/" in code or "/api/" in code:
            return (code if " " in code else f"GET {code}") in self._written.calls
        return (ROOT / code).exists() or code in self._names or f"`{code}`" in self._written.problems


@pytest.fixture(scope="module")
def written(program: Program) -> Written:
    commands = commands_of(create_cli(program))
    made = documents(program, commands)
    settings = frozenset(re.findall(r"TRADEPOST_\w+", made["settings.md"].decode()))
    sources = tuple(path.read_text() for path in (ROOT / "mainstay" / "src").rglob("*.py"))
    paths = json.loads(made["openapi.json"])["paths"]
    calls = frozenset(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)
    return Written(dict(every_command(commands)), settings, made["problems.md"].decode(), calls, sources)


@pytest.fixture
def known(program: Program, written: Written, database_url: str, tmp_path: Path) -> Known:
    return Known(program, written, database_url, tmp_path / "tried.yml")


def test_all_that_stands_in_the_runbook_is_known(known: Known) -> None:
    text = RUNBOOK.read_text()
    spans = sorted(set(SPAN.findall(FENCE.sub("", text))))
    found = {span: trouble for span in spans if (trouble := known.trouble(span)) is not None}
    found |= {block: trouble for block in FENCE.findall(text) for trouble in known.script(block)}

    assert found == {}
    assert len(spans) > 90


def test_no_word_is_listed_that_stands_there_no_more() -> None:
    assert set(SPAN.findall(RUNBOOK.read_text())) >= WORDS


@pytest.mark.parametrize(
    "wrong",
    [
        "tradepost backups --newest",
        "tradepost back-up",
        "tradepost reset-access",
        "serve --wlan",
        "--walkers",
        "make role",
        "SELECT * FROM pg_stat_activity WHERE waits = 'Lock'",
        "SELECT * FROM pg_stat_activty",
        "topk(5, sum by (route) (increase(mainstay_requests_total[1h]))",
        "sum by (rout) (rate(mainstay_overload_refused_total[5m]))",
        'mainstay_requests_total{state=~"5.."}',
        "mainstay_request_total",
        "tradepost:failed:left",
        "TRADEPOST_DATABASE_POOL",
        "…_POOL_OVERFLOWS",
        "TradepostTooSlow",
        "/health/well",
        "PUT /api/v1/operations/log-levels",
        "deploy/grafana/shop.json",
        "operations.mistakes",
        "something else",
    ],
)
def test_what_is_wrong_is_found(known: Known, wrong: str) -> None:
    assert known.trouble(wrong) is not None


@pytest.mark.parametrize(
    "wrong", ["tradepost logs --requests 1\n", 'curl "http://127.0.0.1:$PORT/health/red"\n', "if then\n"]
)
def test_a_block_that_is_wrong_is_found(known: Known, wrong: str) -> None:
    assert list(known.script(wrong))
