"""Health checks answer in time, whatever the thing they ask does."""

import asyncio

from structlog.testing import capture_logs

from mainstay import clock
from mainstay.observe.health import Check, Unhealthy, examine, examine_in_turn, held


async def well() -> None:
    await asyncio.sleep(0)


async def ill() -> None:
    raise Unhealthy("It has a cold.")


async def broken() -> None:
    raise RuntimeError("the inside")


async def stalled() -> None:
    await asyncio.Event().wait()


async def test_in_turn_no_check_runs_beside_another() -> None:
    running: list[int] = []
    most: list[int] = []

    async def looked() -> None:
        running.append(1)
        most.append(len(running))
        await asyncio.sleep(0)
        running.pop()

    found = await examine_in_turn([Check("one", looked), Check("two", ill), Check("three", looked)])

    assert [(each.name, each.reason) for each in found] == [("one", None), ("two", "It has a cold."), ("three", None)]
    assert most == [1, 1]


async def test_each_check_says_what_is_wrong_in_its_order() -> None:
    found = await examine([Check("one", well), Check("two", ill), Check("three", well)])

    assert [(each.name, each.reason) for each in found] == [("one", None), ("two", "It has a cold."), ("three", None)]
    assert all(each.duration >= 0 for each in found)


async def test_a_check_that_does_not_answer_is_given_up_and_holds_up_nobody() -> None:
    began = clock.monotonic()

    found = await examine([Check("slow", stalled, limit=0.05), Check("slower", stalled, limit=0.1), Check("ok", well)])

    assert clock.monotonic() - began < 2
    assert [each.reason for each in found] == [
        "There was no answer within 0.05 seconds.",
        "There was no answer within 0.1 seconds.",
        None,
    ]


async def test_an_unforeseen_failure_is_told_to_the_log_and_not_to_the_caller() -> None:
    with capture_logs() as lines:
        found = await examine([Check("disk", broken)])

    assert found[0].reason == "It cannot be reached or does not work."
    assert [(line["check"], line["reason"]) for line in lines] == [("disk", "RuntimeError('the inside')")]


async def test_an_answer_holds_for_a_while_and_many_who_ask_at_once_ask_one_question() -> None:
    asked: list[bool] = []
    now = 100.0

    async def ask() -> None:
        asked.append(True)
        await asyncio.sleep(0)
        if len(asked) == 1:
            raise Unhealthy("It has a cold.")

    check = Check("held", held(ask, 5.0, lambda: now), is_needed=False)
    first = await examine([check] * 3)
    now = 104.9
    still = await examine([check])
    now = 105.0
    second = await examine([check] * 3)

    assert [(each.reason, each.is_needed) for each in first] == [("It has a cold.", False)] * 3
    assert still[0].reason == "It has a cold."
    assert [each.reason for each in second] == [None] * 3
    assert len(asked) == 2
