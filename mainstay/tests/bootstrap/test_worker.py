"""The worker of a program runs its jobs, by its settings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from sample.notes import NoteWritten

from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import opened
from mainstay.bootstrap.worker import create_worker
from mainstay.errors import ConfigurationError
from mainstay.work import SYSTEM, WorkOpener


async def test_the_jobs_of_the_program_are_run(
    program: Program, fresh_database_url: str, until: Callable[..., Awaitable[Any]]
) -> None:
    async with opened(program, program.configuration(), fresh_database_url, name="test") as open_work:
        worker = create_worker(program, fresh_database_url, open_work)
        async with open_work(SYSTEM) as uow:
            uow.publish(NoteWritten(note_id=uuid4(), text="hello"))
        running = asyncio.create_task(worker.run())

        assert await until(lambda: _effects(open_work)) == 1

        worker.stop()
        await running


def test_settings_that_do_not_fit_are_refused(
    program: Program, open_work: WorkOpener, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMPLE_WORKER_POLL", "0")

    with pytest.raises(ConfigurationError, match="SAMPLE_WORKER_POLL"):
        create_worker(program, database_url, open_work)


def test_a_queue_that_no_job_has_is_refused(
    program: Program, open_work: WorkOpener, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when it is taken: the worker then works for nobody, and does not say so."""
    monkeypatch.setenv("SAMPLE_WORKER_QUEUES", '["default", "letter"]')

    with pytest.raises(ConfigurationError, match="WORKER_QUEUES names letter; there are default"):
        create_worker(program, database_url, open_work)


async def _effects(open_work: WorkOpener) -> int:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM sample_effect"))
