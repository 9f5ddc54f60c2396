"""The program under test: the sample program, unless a folder's own conftest says otherwise."""

import pytest
from sample.main import make_program

from mainstay.bootstrap.program import Program


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program."""
    return make_program()
