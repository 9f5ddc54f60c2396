"""A program that is identity and nothing else."""

import pytest

from mainstay.bootstrap.program import Program
from mainstay.modules.identity.module import IDENTITY


@pytest.fixture(scope="session")
def program() -> Program:
    """A program of one module."""
    return Program(
        name="doorkeeper",
        title="Doorkeeper",
        description="Lets people in.",
        version="1.0.0",
        modules=(IDENTITY,),
        migrations=("mainstay.migrations",),
    )
