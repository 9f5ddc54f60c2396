"""The lab: a program with flags and an experiment, whose flags are read when a test says so."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from fastapi import FastAPI
from lab.main import make_program

from mainstay.bootstrap.flagging import Follower, flags_followed
from mainstay.bootstrap.program import Program
from mainstay.modules.flags.module import FLAGS
from mainstay.work import WorkOpener

Look = Callable[[], Awaitable[None]]


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return make_program()


@pytest.fixture
def look(app: FastAPI, open_work: WorkOpener) -> Iterator[Look]:
    """Has the API read how flags are steered, as its process does when it is told; afterwards all is as declared."""
    opener: WorkOpener = app.state.edge.open_work
    assert FLAGS.steered is not None
    follower = Follower((flags_followed(FLAGS.steered, opener.setup.flags),), opener)
    yield follower.look
    opener.setup.flags.steer({}, {})
