"""The gate: so many at once, the most urgent first, and nobody waits for long."""

import asyncio

import pytest

from mainstay.web.overload.gate import Bounds, Gate
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.overload.urgency import FIRST, LAST, USUAL, Urgency

FOREVER = 60.0
ONE = Bounds((1, 1, 1), waiting=4, burst=FOREVER, standing=FOREVER)


def waiting(gate: Gate, *urgencies: Urgency) -> list["asyncio.Task[bool]"]:
    return [asyncio.create_task(gate.wait(each)) for each in urgencies]


async def all_wait(gate: Gate, count: int) -> None:
    async with asyncio.timeout(10):
        while gate.waiting < count:  # noqa: ASYNC110  they wait as soon as they had their turn
            await asyncio.sleep(0)


def test_bounds_leave_one_connection_and_room_for_what_is_urgent() -> None:
    shipped = Bounds.of(OverloadSettings(), connections=15)
    stated = Bounds.of(OverloadSettings(at_once=1, waiting=0), connections=15)

    assert shipped == Bounds((14, 11, 7), waiting=256, burst=0.2, standing=0.05)
    assert stated.at_once == (1, 1, 1)


def test_the_less_urgent_leave_room_for_the_more_urgent() -> None:
    gate = Gate(Bounds((4, 3, 2), 0, FOREVER, FOREVER))

    let_in = [gate.enter(each) for each in (LAST, LAST, LAST, USUAL, USUAL, FIRST, FIRST)]

    assert let_in == [True, True, False, True, False, True, False]
    assert gate.inside == 4


def test_who_leaves_makes_room_for_the_next() -> None:
    gate = Gate(ONE)

    assert [gate.enter(LAST), gate.enter(FIRST)] == [True, False]
    gate.leave(LAST)
    assert (gate.inside, gate.enter(FIRST)) == (0, True)


async def test_the_most_urgent_go_in_first_and_of_those_who_came_first() -> None:
    gate, order = Gate(ONE), []
    gate.enter(USUAL)

    async def go(urgency: Urgency, name: str) -> None:
        assert await gate.wait(urgency)
        order.append(name)
        gate.leave(urgency)

    going = [(LAST, "report"), (USUAL, "list"), (FIRST, "sale"), (FIRST, "another sale")]
    tasks = [asyncio.create_task(go(*each)) for each in going]
    await all_wait(gate, 4)
    gate.leave(USUAL)
    await asyncio.gather(*tasks)

    assert order == ["sale", "another sale", "list", "report"]
    assert (gate.inside, gate.waiting) == (0, 0)


async def test_where_there_is_no_room_to_wait_the_newest_of_the_least_urgent_goes() -> None:
    gate = Gate(ONE)
    gate.enter(FIRST)
    old, usual, young, first = waiting(gate, LAST, USUAL, LAST, FIRST)
    await all_wait(gate, 4)

    assert await gate.wait(LAST) is False, "it displaces nobody"
    more = waiting(gate, USUAL)
    assert await young is False
    late = waiting(gate, FIRST)
    assert await old is False
    assert await gate.wait(USUAL) is False, "there is nobody less urgent left"
    assert gate.waiting == 4

    for each in (FIRST, FIRST, FIRST, USUAL):
        gate.leave(each)
    assert [await each for each in (first, usual, *more, *late)] == [True] * 4


async def test_nobody_waits_for_longer_than_a_burst_may_take() -> None:
    gate = Gate(Bounds((1, 1, 1), 4, burst=0.01, standing=0.01))
    gate.enter(USUAL)

    assert await asyncio.wait_for(gate.wait(FIRST), 10) is False
    assert (gate.inside, gate.waiting) == (1, 0)


async def test_where_there_was_no_room_for_a_while_waiting_is_short() -> None:
    moment = 1000.0
    gate = Gate(Bounds((1, 1, 1), 4, burst=FOREVER, standing=0.01), lambda: moment)
    gate.enter(USUAL)
    moment += FOREVER
    patient = waiting(gate, USUAL)
    await all_wait(gate, 1)

    moment += 1
    assert await asyncio.wait_for(gate.wait(USUAL), 10) is False
    gate.leave(USUAL)
    assert await patient[0] is True
    late = waiting(gate, USUAL)
    await all_wait(gate, 1)
    assert not late[0].done(), "the queue had an end just now: this is a burst"
    gate.leave(USUAL)
    assert await late[0] is True


async def test_the_most_urgent_wait_for_a_burst_at_any_time() -> None:
    moment = 1000.0
    gate = Gate(Bounds((1, 1, 1), 4, burst=FOREVER, standing=0.001), lambda: moment)
    gate.enter(FIRST)
    moment += FOREVER + 1
    sales = waiting(gate, FIRST, FIRST, FIRST)
    await all_wait(gate, 3)

    assert await asyncio.wait_for(gate.wait(USUAL), 10) is False, "which is later than a sale would be refused"

    for _ in sales:
        gate.leave(FIRST)
    assert [await each for each in sales] == [True] * 3


async def test_the_shortage_of_one_urgency_is_not_anothers() -> None:
    moment = 1000.0
    gate = Gate(Bounds((2, 2, 1), 4, burst=FOREVER, standing=0.01), lambda: moment)
    gate.enter(LAST)
    moment += FOREVER + 1
    gate.enter(FIRST)
    patient = waiting(gate, FIRST)
    await all_wait(gate, 1)

    assert await asyncio.wait_for(gate.wait(LAST), 10) is False
    assert not patient[0].done()
    gate.leave(FIRST)
    assert await patient[0] is True


@pytest.mark.parametrize("is_let_in", [False, True])
async def test_who_is_cancelled_takes_no_place(is_let_in: bool) -> None:
    gate = Gate(ONE)
    gate.enter(USUAL)
    [task] = waiting(gate, USUAL)
    await all_wait(gate, 1)

    if is_let_in:
        gate.leave(USUAL)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (gate.inside, gate.waiting) == ((0, 0) if is_let_in else (1, 0))
