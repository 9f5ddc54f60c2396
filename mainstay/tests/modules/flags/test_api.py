"""What other modules ask: without a statement, for whoever acts, at a place."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from uuid import UUID

import pytest
from lab.main import BELL, COLOUR, SIGN

from mainstay.flags.experiment import Trial
from mainstay.flags.rules import Rule, Steering
from mainstay.modules.flags.api import demand_on, is_on, record_outcome, value_of, variant_of
from mainstay.modules.flags.errors import SwitchedOff
from mainstay.permission import Bounds
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, Actor, UnitOfWork, WorkOpener

HERE, THERE = UUID(int=1), UUID(int=2)
LIMITED = Actor("person", UUID(int=3), role="cashier", reach=Bounds(frozenset({HERE})))


@pytest.fixture
def steered(open_work: WorkOpener) -> WorkOpener:
    """Units of work in whose flags the bell is on at one place."""
    steering = {BELL.key: Steering((Rule(True, places=frozenset({HERE})),)), SIGN.key: Steering(otherwise="large")}
    open_work.setup.flags.steer(steering, {})
    return open_work


async def test_a_flag_is_asked_for_the_place_that_is_named_else_for_those_of_whoever_acts(steered: WorkOpener) -> None:
    async with steered(LIMITED) as limited, steered(replace(LIMITED, reach=Bounds())) as unlimited:
        assert is_on(limited, BELL)
        assert not is_on(limited, BELL, THERE)
        assert not is_on(unlimited, BELL)
        assert is_on(unlimited, BELL, HERE)
        assert value_of(unlimited, SIGN) == "large"


async def test_asking_runs_no_statement(
    steered: WorkOpener, statements: Callable[[], AbstractAsyncContextManager[list[str]]]
) -> None:
    async with statements() as seen, steered(LIMITED) as uow:
        assert is_on(uow, BELL)

    assert seen == []


async def test_what_is_off_is_refused_with_its_name(steered: WorkOpener, api: Client, owner: Client) -> None:
    async with steered(SYSTEM) as uow:
        with pytest.raises(SwitchedOff) as refused:
            demand_on(uow, BELL)
        demand_on(uow, BELL, HERE)

    assert refused.value.extra == {"flag": BELL.key}
    answer = await owner.get("/api/v1/lab/bell")
    assert (answer.status_code, answer.json()["code"], answer.json()["flag"]) == (503, "flags.switched_off", BELL.key)


async def test_an_experiment_on_places_counts_places_and_nothing_without_one(
    open_work: WorkOpener, uow: UnitOfWork
) -> None:
    on_places = replace(COLOUR, unit="place")
    await uow.write("INSERT INTO flags_experiment (key) VALUES ($1)", COLOUR.key)
    await uow.commit()
    (row,) = await uow.read("SELECT started_at FROM flags_experiment")
    open_work.setup.flags.steer({}, {COLOUR.key: Trial(row["started_at"])})

    async with open_work(LIMITED) as work:
        assert await variant_of(work, on_places) == "white"
        assert await variant_of(work, on_places, HERE) == COLOUR.variant_of(HERE)
        await record_outcome(work, on_places, True)
        await record_outcome(work, on_places, True, HERE)

    assert [row["unit_id"] for row in await uow.read("SELECT unit_id FROM flags_exposure")] == [HERE]
    assert [row["value"] for row in await uow.read("SELECT value FROM flags_outcome")] == [1.0]
