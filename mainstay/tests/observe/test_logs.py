"""Logs: every line is one JSON object, whoever writes it, and secrets are not in it."""

import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import structlog
from pydantic import SecretStr

from mainstay import context
from mainstay.observe.logs import LogSettings, configure_logging, render
from mainstay.testing.frozen import FrozenClock

CRASH = """
import asyncio, logging, threading, warnings, sys
import structlog
from mainstay.observe.logs import configure_logging

library = logging.getLogger("library.of.old")
library.addHandler(logging.StreamHandler(sys.stdout))
library.propagate = False
configure_logging("debug")
structlog.get_logger("ours").info("started", answer=42)
library.warning("from the %s library", "old")
warnings.warn("something is old", DeprecationWarning)
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()

async def main():
    asyncio.get_running_loop().call_exception_handler({"message": "loop trouble", "exception": ValueError("lost")})

asyncio.run(main(), debug=False)
raise RuntimeError("the end")
"""


# The level "debug" lets the event loop say which selector it uses.
CHATTER = ("debug", "asyncio")


@pytest.fixture
def stream() -> Iterator[io.BytesIO]:
    """Where the logs go; everything is as before after the test."""
    handlers, level = logging.root.handlers[:], logging.root.level
    hooks = sys.excepthook, threading.excepthook
    configuration = structlog.get_config()
    yield io.BytesIO()
    structlog.configure(**configuration)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(stream: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.practice(55)
def test_a_process_that_does_everything_wrong_writes_nothing_but_json() -> None:
    done = subprocess.run([sys.executable, "-W", "always", "-c", CRASH], capture_output=True, text=True, check=False)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [
        (line["level"], line["logger"]) for line in found if line["logger"] != "asyncio" or line["level"] == "error"
    ] == [
        ("info", "ours"),
        ("warning", "library.of.old"),
        ("warning", "py.warnings"),
        ("critical", "mainstay.crash"),
        ("error", "asyncio"),
        ("critical", "mainstay.crash"),
    ]
    assert found[0]["answer"] == 42
    assert "from the old library" in [line["event"] for line in found]
    crashes = [line["exception"] for line in found if line["logger"] == "mainstay.crash"]
    assert "ZeroDivisionError" in crashes[0]
    assert crashes[1].rstrip().endswith("RuntimeError: the end")
    assert done.stderr == ""


def test_a_line_says_when_where_what_and_for_which_request(stream: io.BytesIO, clock: FrozenClock) -> None:
    configure_logging("info", stream)
    token = context.request_id.set("request-7")
    structlog.get_logger("shop").warning("sold out", item="tea", id=UUID(int=7))
    context.request_id.reset(token)

    assert lines(stream) == [
        {
            "time": "2026-11-21T10:30:00Z",
            "level": "warning",
            "logger": "shop",
            "event": "sold out",
            "request_id": "request-7",
            "item": "tea",
            "id": "00000000-0000-0000-0000-000000000007",
        }
    ]
    assert clock.now().year == 2026


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "token",
        "csrf_token",
        "Authorization",
        "set-cookie",
        "secret_key",
        "api_key",
        "apikey",
    ],
)
def test_values_under_secret_names_are_not_written(stream: io.BytesIO, name: str) -> None:
    configure_logging("info", stream)

    structlog.get_logger("shop").info("signed in", **{name: "hush", "nested": {name: "hush", "other": 1}})
    logging.getLogger("library").info("signed in", extra={name: "hush"})

    assert "hush" not in stream.getvalue().decode()
    assert lines(stream)[0][name] == "[redacted]"
    assert lines(stream)[0]["nested"] == {name: "[redacted]", "other": 1}


@dataclass
class Customer:
    email: str
    card: str


# What a library or a hand in a hurry might write, and where.
LEAKS: dict[str, Callable[[], None]] = {
    "deep": lambda: shop().info("x", a={"b": {"password": "hush"}}),
    "in a list": lambda: shop().info("x", a=[{"token": "hush"}]),
    "of a class": lambda: shop().info("x", who=Customer("hush@shop.example", "4111111111111111")),
    "secret type": lambda: shop().info("x", it=SecretStr("hush"), those=[b"hush"]),
    "field": lambda: shop().info("x", reason="mail to hush@shop.example, token=hush, Bearer hush-hush"),
    "said": lambda: shop().info("mail to hush@shop.example"),
    "said by a library": lambda: logging.getLogger("library").info("GET /a?token=%s HTTP/1.1", "hush"),
    "with extra": lambda: logging.getLogger("library").info("x", extra={"a": {"b": ["hush@shop.example"]}}),
    "path": lambda: shop().info("request", path="/people/hush@shop.example"),
    "exception": lambda: shop().error("x", exc_info=ValueError("card 4111111111111111 of hush@shop.example")),
    "cause": lambda: shop().error("x", exc_info=caused("Key (name)=(hush) already exists.")),
    "no text": lambda: shop().info("x", a={1: "hush@shop.example", "\ud800": 10**30}),
}


def shop() -> structlog.typing.FilteringBoundLogger:
    made: structlog.typing.FilteringBoundLogger = structlog.get_logger("shop")
    return made


def caused(said: str) -> Exception:
    failure = RuntimeError("it failed")
    failure.__cause__ = LookupError(said)
    return failure


@pytest.mark.parametrize("where", LEAKS)
def test_neither_secrets_nor_personal_data_are_in_a_line_wherever_they_stand(stream: io.BytesIO, where: str) -> None:
    configure_logging("info", stream)

    LEAKS[where]()

    (line,) = stream.getvalue().decode().splitlines()
    assert "[redacted]" in line
    assert not [each for each in ("hush", "4111111111111111") if each in line]


def test_the_lines_of_requests_and_jobs_are_told_whole(stream: io.BytesIO) -> None:
    configure_logging("info", stream)
    facts = {
        "method": "GET",
        "route": "/api/v1/pos/find/by-code/{code}",
        "path": "/api/v1/pos/find/by-code/4006381333931",
        "status": 200,
        "actor": str(UUID(int=7)),
        "job": "catalog.learn_words",
        "job_id": 4111111111,
        "event_id": str(UUID(int=8)),
        "head": "4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6a3ce929d0e0e4736",  # pragma: allowlist secret
        "position": 1796038835123456,
    }
    structlog.get_logger("access").info("request", **facts)

    assert {name: value for name, value in lines(stream)[0].items() if name in facts} == facts


def test_the_level_decides_for_all_loggers(stream: io.BytesIO) -> None:
    configure_logging("warning", stream)
    structlog.get_logger("ours").info("quiet")
    logging.getLogger("theirs").info("quiet")
    structlog.get_logger("ours").error("loud")
    logging.getLogger("theirs").error("loud")

    assert [line["event"] for line in lines(stream)] == ["loud", "loud"]


def test_traces_are_written_however_they_are_given(stream: io.BytesIO) -> None:
    configure_logging("info", stream)
    try:
        raise KeyError("lost")
    except KeyError as failure:
        structlog.get_logger("ours").exception("by being handled")
        structlog.get_logger("ours").error("by itself", exc_info=failure)
        logging.getLogger("theirs").exception("by the library")
    structlog.get_logger("ours").error("without", exc_info=None)

    found = lines(stream)
    assert all("KeyError: 'lost'" in line["exception"] for line in found[:3])
    assert "exception" not in found[3]


@pytest.mark.parametrize("value", [10**30, {1: "a key that is no text"}, object(), "\ud800", float("nan")])
def test_what_json_cannot_hold_does_not_break_the_line(value: object) -> None:
    line = json.loads(render("info", "shop", "strange", {"value": value}))

    assert line["event"] == "strange"
    assert "value" in line


def test_line_breaks_inside_a_value_do_not_break_the_line(stream: io.BytesIO) -> None:
    configure_logging("info", stream)

    structlog.get_logger("shop").info("one\ntwo", path='/a\r\n{"forged": true}')

    assert len(stream.getvalue().splitlines()) == 1
    assert lines(stream)[0]["path"] == '/a\r\n{"forged": true}'


def test_a_record_that_cannot_be_written_is_reported_and_breaks_nothing(
    stream: io.BytesIO, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("info", stream)

    logging.getLogger("theirs").info("%d items", "many")

    assert stream.getvalue() == b""
    assert "--- Logging error ---" in capsys.readouterr().err


def test_warnings_become_lines(stream: io.BytesIO) -> None:
    configure_logging("info", stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)

    assert lines(stream)[0]["logger"] == "py.warnings"


def test_ctrl_c_is_no_crash(stream: io.BytesIO, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", stream)

    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert stream.getvalue() == b""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_level_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_LOG_LEVEL", "error")

    assert LogSettings.load("shop").level == "error"
