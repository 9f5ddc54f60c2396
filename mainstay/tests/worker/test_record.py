"""That how a run ended cannot be kept hides nothing, and is an error where the program is at fault."""

from contextlib import AbstractAsyncContextManager
from typing import Never, cast

import asyncpg
import pytest
from structlog.testing import capture_logs

from mainstay.work import Actor, WorkOpener
from mainstay.worker.record import Run, note_failure

UNKEPT = "how a job ended could not be kept"
FAILED = Run("failed", 5, RuntimeError())


class Away(AbstractAsyncContextManager[Never]):
    """Work that cannot begin."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    async def __aenter__(self) -> Never:
        raise self._failure

    async def __aexit__(self, *_: object) -> None:
        raise AssertionError


async def test_a_failure_that_cannot_be_kept_is_an_error_in_the_log_and_hides_nothing(committed: WorkOpener) -> None:
    beyond = 2**70
    with capture_logs() as lines:
        await note_failure(committed, beyond, 1, FAILED)

    assert [(line["event"], line["log_level"]) for line in lines] == [(UNKEPT, "error")]


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), asyncpg.AdminShutdownError("terminating")])
async def test_a_database_that_is_away_is_no_error_of_the_program(failure: Exception) -> None:
    """Its restart was an error in the log, of which owners were told."""

    def away(_actor: Actor) -> Away:
        return Away(failure)

    with capture_logs() as lines:
        await note_failure(cast("WorkOpener", away), 1, 1, FAILED)

    assert [(line["event"], line["log_level"]) for line in lines] == [(UNKEPT, "warning")]
    assert lines[0]["reason"].endswith(type(failure).__name__)
