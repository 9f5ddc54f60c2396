"""What a command did to the logs of the tests' process is undone, so that later tests can log."""

import io
import logging
import sys

import pytest
import structlog

from mainstay import context
from mainstay.observe.logs import configure_logging
from mainstay.testing.logs import logs_put_back


def test_logs_work_after_a_command_has_closed_where_it_wrote() -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level, sys.excepthook
    with logs_put_back():
        closed = io.BytesIO()
        configure_logging("error", closed)
        closed.close()
        with pytest.raises(ValueError, match="closed file"):
            structlog.stdlib.get_logger("lost").error("nobody hears this")

    structlog.stdlib.get_logger("kept").error("this is heard")
    assert (logging.getLogger().handlers, logging.getLogger().level, sys.excepthook) == before


@pytest.mark.parametrize("turn", ["first", "then"])
def test_each_test_finds_the_logs_as_they_were(turn: str, request: pytest.FixtureRequest) -> None:
    """The fixture comes by itself: whichever of the two is the later one would fail without it."""
    assert "_logs_are_put_back" in request.fixturenames
    structlog.stdlib.get_logger(turn).error("this is heard")
    assert context.request_id.get() == context.NOBODYS
    context.request_id.set(turn)
    closed = io.BytesIO()
    configure_logging("error", closed)
    closed.close()


def test_an_error_is_told_without_the_values_of_its_frames(capsys: pytest.CaptureFixture[str]) -> None:
    """They take longer than most tests."""
    word = "quokka".upper()
    try:
        raise ValueError("this is why")
    except ValueError:
        structlog.stdlib.get_logger("told").exception("it failed")

    told = capsys.readouterr().out
    assert "Traceback (most recent call last):\n" in told
    assert "ValueError: this is why" in told
    assert word not in told
