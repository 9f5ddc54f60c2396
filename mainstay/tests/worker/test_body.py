"""A job's effects happen exactly once, within its time limit, and for events that it answers."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from sample.notes import TICK, TRACE, NoteWritten

from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.body import Envelope, UnknownEvent, perform, perform_scheduled


def envelope(text: str = "hello", seconds: float = 0) -> Envelope:
    payload = NoteWritten(note_id=uuid4(), text=text, seconds=seconds).model_dump(mode="json")
    return {"id": str(uuid4()), "name": NoteWritten.name, "payload": payload, "request_id": "request-17"}


async def count(open_work: WorkOpener) -> int:
    async with open_work(SYSTEM) as uow:
        return int(await uow.read_value("SELECT count(*) FROM sample_effect"))


async def test_the_second_delivery_of_an_event_does_nothing(open_work: WorkOpener) -> None:
    event = envelope()

    assert await perform(TRACE, open_work, event) is True
    assert await perform(TRACE, open_work, event) is False

    assert await count(open_work) == 1


async def test_two_deliveries_at_the_same_time_have_one_effect(committed: WorkOpener) -> None:
    event = envelope(seconds=0.2)

    outcomes = await asyncio.gather(*(perform(TRACE, committed, event) for _ in range(3)))

    assert sorted(outcomes) == [False, False, True]
    assert await count(committed) == 1


async def test_a_job_that_fails_leaves_nothing_and_may_run_again(open_work: WorkOpener) -> None:
    event = envelope("fail")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="makes its job fail"):
            await perform(TRACE, open_work, event)

    assert await count(open_work) == 0


async def test_a_job_ends_at_its_time_limit(open_work: WorkOpener) -> None:
    with pytest.raises(TimeoutError):
        await perform(replace(TRACE, time_limit=0.05), open_work, envelope(seconds=5))

    assert await count(open_work) == 0


async def test_what_is_prepared_is_handed_to_the_job_and_holds_no_transaction(open_work: WorkOpener) -> None:
    told: list[str] = []

    async def prepare(uow: UnitOfWork, event: NoteWritten) -> str:
        assert await uow.read_value("SELECT count(*) FROM mainstay_job_done") == 0
        return event.text.upper()

    async def run(_uow: UnitOfWork, _event: NoteWritten, prepared: str) -> None:
        told.append(prepared)

    job = replace(TRACE, run=run, prepare=prepare)
    event = envelope()

    assert await perform(job, open_work, event) is True
    assert await perform(job, open_work, event) is False

    assert told == ["HELLO"]


async def test_what_is_done_is_not_prepared_again(open_work: WorkOpener) -> None:
    event = envelope()
    await perform(TRACE, open_work, event)

    async def prepare(_uow: UnitOfWork, _event: NoteWritten) -> None:
        raise AssertionError("this is slow and for nothing")

    assert await perform(replace(TRACE, prepare=prepare), open_work, event) is False


async def test_a_job_that_cannot_be_prepared_is_not_done(open_work: WorkOpener) -> None:
    async def prepare(_uow: UnitOfWork, _event: NoteWritten) -> None:
        raise OSError("not reachable")

    event = envelope()
    with pytest.raises(OSError, match="not reachable"):
        await perform(replace(TRACE, prepare=prepare), open_work, event)

    assert await perform(TRACE, open_work, event) is True


async def test_the_time_limit_is_for_preparing_too(open_work: WorkOpener) -> None:
    async def prepare(_uow: UnitOfWork, _event: NoteWritten) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await perform(replace(TRACE, prepare=prepare, time_limit=0.05), open_work, envelope())


async def test_a_job_refuses_an_event_that_it_does_not_answer(open_work: WorkOpener) -> None:
    with pytest.raises(UnknownEvent, match=r"sample\.trace does not answer the event sample\.gone"):
        await perform(TRACE, open_work, {**envelope(), "name": "sample.gone"})


async def test_a_schedule_runs_once_for_a_moment(open_work: WorkOpener) -> None:
    outcomes = [await perform_scheduled(TICK, open_work, moment) for moment in (1000, 1000, 2000)]

    assert outcomes == [True, False, True]
    assert await count(open_work) == 2
