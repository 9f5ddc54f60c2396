"""Programs that tests start and whose coverage is not measured: other tests reach the same lines, and tracing them
doubles their time.

A conftest.py that sets `pytest_runtest_protocol = unmeasured_below(Path(__file__).parent)` has it for its folder.
"""

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

# What a child process is told to measure by.
CHILDREN = "COVERAGE_PROCESS_CONFIG"


def unmeasured_below(folder: Path) -> Callable[[pytest.Item], Generator[None, object, object]]:
    """Return a hook that tells no child process to measure while a test of the folder and its fixtures run.

    This process goes on measuring. The folder is asked for here because pytest calls this hook of every conftest.py
    for every test, wherever the file lies.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
        told = os.environ.pop(CHILDREN, None) if item.path.is_relative_to(folder) else None
        try:
            return (yield)
        finally:
            if told is not None:
                os.environ[CHILDREN] = told

    return pytest_runtest_protocol
