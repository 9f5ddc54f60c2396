"""The program under test: the sample program, unless a folder's own conftest says otherwise."""

import hypothesis
import pytest
from sample.main import make_program

from mainstay.bootstrap.program import Program

# How long one example takes on a busy machine says nothing; what must be fast is measured by `make bench`.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def program() -> Program:
    """The sample program."""
    return make_program()
