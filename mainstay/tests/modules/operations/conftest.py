"""A program with people, and an operator who steers it."""

from dataclasses import replace

import pytest
from sample.notes import MODULE

from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.operations.module import OPERATIONS


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="engine",
        title="Engine",
        description="Is looked after.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT, OPERATIONS, replace(MODULE, authenticate=None, at_start=None, sample=None)),
        migrations=("mainstay.migrations", "sample.migrations"),
    )
