"""Programs that tests start and whose coverage is not measured: other tests reach the same lines, and tracing them
doubles their time.

A conftest.py that imports the hook has it for the tests of its folder.
"""

import os
from collections.abc import Generator

import pytest

# What a child process is told to measure by.
CHILDREN = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Tell no child process to measure while a test and its fixtures run; this process goes on measuring."""
    told = os.environ.pop(CHILDREN, None)
    try:
        return (yield)
    finally:
        if told is not None:
            os.environ[CHILDREN] = told
