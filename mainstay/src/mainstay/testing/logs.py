"""The logs of the process that runs the tests: what a command did to them is undone after each test.

A command that a test runs in its own process has the log go where the command writes. That is closed when it has ended:
whatever is logged in a later test would fail. And it says what is in hand: later tests would act in its name.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from mainstay import context


def pytest_configure() -> None:
    """Have errors be told as Python tells them.

    Unless somebody says otherwise, structlog shows the values of every frame: a second of the processor for each error
    of a route, of which nobody sees anything while tests pass.
    """
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


@contextmanager
def logs_put_back() -> Iterator[None]:
    """Have the logs after the block as they were before it."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    hooks = sys.excepthook, threading.excepthook
    present = context.request_id.get()
    yield
    context.request_id.set(present)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)
    sys.excepthook, threading.excepthook = hooks


@pytest.fixture(autouse=True)
def _logs_are_put_back() -> Iterator[None]:
    with logs_put_back():
        yield
