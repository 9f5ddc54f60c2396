"""Errors are counted once, bounded in every way, and open again when they come again after they were resolved."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest

from mainstay import clock as clocks
from mainstay.modules.operations import jobs
from mainstay.modules.operations.schemas import ErrorDetailOut, ErrorOut, ErrorState
from mainstay.modules.operations.service import errors
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import KEPT, Batch, Gatherer, Origin
from mainstay.observe.tracker import BROWSER, ErrorSettings
from mainstay.observe.troubles import Frame, Trouble
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener


def trouble(function: str = "pay", logger: str = "shop", request: str = "r-1") -> Trouble:
    frames = (Frame("lib/loop.py", 7, "run", is_ours=False), Frame("shop/till.py", 12, function))
    facts = {"request_id": request, "trace_id": "t-1", "route": "/api/v1/till"}
    return Trouble("error", logger, "unhandled error", "ValueError", "said", frames, facts)


class Process:
    """A process that makes mistakes."""

    def __init__(self, role: str = "api", release: str = "1.0.0") -> None:
        self._gatherer = Gatherer(Origin.of(role, release, "till-1"), Counters(), 10_000)

    def batch(self, troubles: Iterable[Trouble]) -> Batch:
        """Return the next batch, which has these."""
        self._gatherer.settled()
        for each in troubles:
            self._gatherer.take(each)
        batch = self._gatherer.batch()
        assert batch is not None
        return batch


async def keep(open_work: WorkOpener, batch: Batch) -> None:
    async with open_work(SYSTEM) as uow:
        await errors.keep(uow, batch)


async def listed(open_work: WorkOpener) -> list[ErrorOut]:
    async with open_work(SYSTEM) as uow:
        return await errors.listed(uow, None, None, None, 5_000)


async def detail(open_work: WorkOpener, key: UUID) -> ErrorDetailOut:
    async with open_work(SYSTEM) as uow:
        return await errors.one(uow, key)


async def set_state(open_work: WorkOpener, error: ErrorOut, state: ErrorState) -> ErrorOut:
    async with open_work(SYSTEM) as uow:
        return await errors.set_state(uow, error.id, error.version, state)


async def test_a_batch_is_counted_once_however_often_it_is_written(open_work: WorkOpener, clock: FrozenClock) -> None:
    """As after a commit of which nobody learned that it had been done."""
    first, second = Process(), Process("worker", "1.1.0")
    batch = first.batch([trouble(request=f"r-{number}") for number in range(3)])
    for each in (batch, batch, second.batch([trouble()]), batch):
        await keep(open_work, each)
    clock.move(timedelta(minutes=1))
    await keep(open_work, first.batch([trouble()]))

    api, worker = await listed(open_work)
    assert (api.role, api.count, worker.role, worker.count) == ("api", 4, "worker", 1)
    assert (api.kind, api.place, api.state, api.version) == ("ValueError", "shop/till.py:pay", "open", 1)
    assert api.last_at - api.first_at == timedelta(minutes=1)
    assert (worker.first_release, worker.last_release) == ("1.1.0", "1.1.0")
    seen = (await detail(open_work, api.id)).occurrences
    assert [(each.number, each.request_id) for each in seen] == [(4, "r-1"), (3, "r-2"), (2, "r-1"), (1, "r-0")]


async def test_ten_thousand_equal_ones_are_one_statement_with_the_latest_kept(
    open_work: WorkOpener, statements: object
) -> None:
    process = Process()
    await keep(open_work, process.batch([trouble()]))
    storm = process.batch(trouble(request=f"r-{number}") for number in range(10_000))
    async with statements() as asked:  # type: ignore[operator]  # a fixture that gives a context
        await keep(open_work, storm)

    assert len([each for each in asked if "SAVEPOINT" not in each]) == 1
    (error,) = await listed(open_work)
    seen = (await detail(open_work, error.id)).occurrences
    assert (error.count, len(seen)) == (10_001, KEPT)
    assert [(each.number, each.request_id) for each in (seen[0], seen[-1])] == [(10_001, "r-9999"), (9_992, "r-9990")]
    assert (seen[0].facts, seen[0].machine, seen[0].sentence) == ({"route": "/api/v1/till"}, "till-1", "said")
    assert [(each.file, each.line, each.is_ours) for each in seen[0].frames] == [
        ("lib/loop.py", 7, False),
        ("shop/till.py", 12, True),
    ]


async def test_one_that_comes_again_after_it_was_resolved_is_open_again_and_says_in_which_release(
    open_work: WorkOpener, clock: FrozenClock
) -> None:
    await keep(open_work, Process().batch([trouble()]))
    (error,) = await listed(open_work)
    late = Process().batch([trouble()])
    clock.move(timedelta(minutes=1))
    resolved = await set_state(open_work, error, "resolved")
    assert (resolved.state, resolved.resolved_release, resolved.version) == ("resolved", "1.0.0", 2)

    await keep(open_work, late)
    (still,) = await listed(open_work)
    assert (still.state, still.count, still.returns) == ("resolved", 2, 0), "it came before, and was written late"

    clock.move(timedelta(minutes=1))
    newer = Process(release="1.1.0")
    await keep(open_work, newer.batch([trouble()]))
    (back,) = await listed(open_work)
    assert (back.state, back.count, back.returns, back.returned_release) == ("open", 3, 1, "1.1.0")
    assert (back.first_release, back.last_release, back.version) == ("1.0.0", "1.1.0", 3)
    assert back.returned_at == clock.now()
    await keep(open_work, newer.batch([trouble()]))
    (again,) = await listed(open_work)
    assert (again.returns, again.version) == (1, 3), "it returns once, and coming again changes no version"


async def test_an_ignored_one_is_counted_only(open_work: WorkOpener) -> None:
    process = Process()
    await keep(open_work, process.batch([trouble()]))
    (error,) = await listed(open_work)
    await set_state(open_work, error, "ignored")

    await keep(open_work, process.batch([trouble(request="r-2")]))

    (after,) = await listed(open_work)
    assert (after.state, after.count) == ("ignored", 2)
    assert [each.request_id for each in (await detail(open_work, error.id)).occurrences] == ["r-1"]


async def test_beyond_the_setting_the_oldest_go_and_browsers_take_no_room_from_the_program(
    open_work: WorkOpener, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ErrorSettings.model_construct(most=10, keep_days=90)
    monkeypatch.setattr(errors, "_chosen", lambda _uow: settings)
    process = Process()
    await keep(open_work, process.batch([trouble("own")]))
    for start in (0, 15):
        clock.move(timedelta(seconds=1))
        made = [trouble(f"step_{number}", BROWSER) for number in range(start, start + 15)]
        await keep(open_work, process.batch(made))

    found = await listed(open_work)
    assert [each.place for each in found if each.role == "api"] == ["shop/till.py:own"]
    browsers = {each.place for each in found if each.role == "browser"}
    assert len(browsers) == 10
    assert browsers <= {f"shop/till.py:step_{number}" for number in range(15, 30)}


async def test_what_has_not_come_for_long_is_forgotten(open_work: WorkOpener, clock: FrozenClock) -> None:
    process = Process()
    await keep(open_work, process.batch([trouble("old"), trouble("new")]))
    clock.move(timedelta(days=60))
    await keep(open_work, process.batch([trouble("new")]))
    clock.move(timedelta(days=31))

    async with open_work(SYSTEM) as uow:
        await jobs.TIDY_ERRORS.run(uow)

    assert [(each.place, each.count) for each in await listed(open_work)] == [("shop/till.py:new", 2)]
    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM operations_error_occurrence") == 2
        assert await uow.read_value("SELECT count(*) FROM operations_error_writer") == 0


async def test_numbers_tell_how_many_are_open_and_how_many_have_just_come(
    open_work: WorkOpener, clock: FrozenClock
) -> None:
    process, counters = Process(), Counters()
    await keep(open_work, process.batch([trouble("old"), trouble("resolved")]))
    clock.move(timedelta(hours=2))
    resolved = next(each for each in await listed(open_work) if each.place.endswith("resolved"))
    await set_state(open_work, resolved, "resolved")
    clock.move(timedelta(seconds=1))
    await keep(open_work, process.batch([trouble("resolved"), trouble(logger=BROWSER)]))

    async with open_work(SYSTEM) as uow:
        await errors.observe(uow, counters)
        assert await errors.count_open(uow) == 3

    found = {
        role: (counters.value(errors.OPEN, role=role), counters.value(errors.FRESH, role=role)) for role in errors.ROLES
    }
    assert found == {"api": (2, 1), "worker": (0, 0), "browser": (1, 1), "supervisor": (0, 0)}
    assert clocks.now() == clock.now()
