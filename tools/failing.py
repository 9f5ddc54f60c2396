"""A plugin of pytest for `tools.suite`: keeps in a file what failed, in a line each, as soon as it has failed.

The run's own summary comes last, and not at all when the run breaks off. The file is named by FAILING.
"""

import os
from pathlib import Path

import pytest

FILE = "FAILING"
LENGTH = 300


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test, its preparation or its end that failed; processes of xdist leave it to the one that hears all."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        _note(f"{report.nodeid} ({report.when}): {_reason(report.longreprtext)}")


def pytest_internalerror(excrepr: object) -> None:
    """Note that pytest itself broke off, in whichever process."""
    _note(f"pytest broke off: {_reason(str(excrepr))}")


def _reason(text: str) -> str:
    """Return the line that says what was wrong: the first that pytest marks as such, or the last of all."""
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [line.removeprefix("E").strip() for line in lines if line.startswith("E  ")]
    return (marked[:1] or lines[-1:] or ["no reason given"])[0][:LENGTH]


def _note(line: str) -> None:
    if (path := os.environ.get(FILE)) is not None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
