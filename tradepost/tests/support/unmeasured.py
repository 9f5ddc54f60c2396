"""Tests whose coverage is not measured: other tests reach the same lines, and tracing doubles the time of these.

A conftest.py that imports the hook has it for the tests of its folder, and for the programs that they start.
"""

import os
from collections.abc import Generator

import pytest

# What a child process is told to measure by.
CHILDREN = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop measuring while a test, its fixtures and their programs run."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = plugin.cov_controller if plugin else None
    told = os.environ.pop(CHILDREN, None)
    if controller:
        controller.pause()
    try:
        return (yield)
    finally:
        if controller:
            controller.resume()
        if told is not None:
            os.environ[CHILDREN] = told
