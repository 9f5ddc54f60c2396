"""Tests whose coverage is not measured: other tests reach the same lines, and tracing doubles the time of these.

A conftest.py that imports the hook has it for the tests of its folder, and for the programs that they start.
"""

import os
import sys
from collections.abc import Generator

import pytest

# What a child process is told to measure by.
CHILDREN = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace nothing while a test, its fixtures and their programs run.

    The tracer is put aside and not stopped: in a process of xdist there are two, and the other would take its place.
    """
    tracer = sys.gettrace()
    told = os.environ.pop(CHILDREN, None)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        if told is not None:
            os.environ[CHILDREN] = told
