"""Partners: what a call tells, when one is left alone, and what says nothing against it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from mainstay.net import failures
from mainstay.net.breakers import FIGURES, STATE, Breakers, Rule
from mainstay.net.calls import CALLS, GIVEN_UP
from mainstay.net.failures import CallFailed
from mainstay.net.partners import Judged, Manner, Partner, Partners, open_partners
from mainstay.net.settings import NetSettings, RedisSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration

NAME = "smtp://mail.example:587"


class Down(Exception):
    """The partner is ill."""


class NotThis(Exception):
    """The partner is well and does not want this."""


class Ours(Exception):
    """Something of ours went wrong."""


def judge(failure: Exception) -> Judged:
    meaning = {Down: Judged("down", is_well=False), NotThis: Judged("refused", is_well=True)}
    return meaning.get(type(failure), Judged("failed", is_well=None))


@dataclass
class Bench:
    """A partner on a clock that stands still until it is moved."""

    present: float = 10.0
    counters: Counters = field(default_factory=Counters)
    partner: Partner = field(init=False)

    def __post_init__(self) -> None:
        breakers = Breakers(self.counters, failures=9, rest=9, now=lambda: self.present)
        self.partner = Partners(breakers, self.counters).partner(NAME, Manner(30, judge, Rule(2, 60)))

    async def call(self, failure: Exception | None = None) -> str:
        """Make a call that ends so; return the code of a CallFailed, or the name of what it raised."""
        try:
            async with self.partner.calling("ask"):
                if failure is not None:
                    raise failure
        except CallFailed as failed:
            return failed.code
        except (Down, NotThis, Ours) as raised:
            return type(raised).__name__
        return ""

    def counted(self, outcome: str) -> float:
        return self.counters.value(CALLS, destination=NAME, outcome=outcome)

    def state(self) -> float:
        return self.counters.value(STATE, destination=NAME)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_partner_that_fails_is_left_alone_by_its_own_rule_and_comes_back_by_itself(bench: Bench) -> None:
    assert [await bench.call(Down()) for _ in range(2)] == ["Down"] * 2
    assert await bench.call() == failures.LEFT_ALONE
    assert (bench.state(), bench.counted("down"), bench.counted("left_alone")) == (FIGURES["open"], 2, 1)
    bench.present += 60
    assert [await bench.call(), await bench.call()] == ["", ""]
    assert (bench.state(), bench.counted("ok")) == (FIGURES["closed"], 2)


async def test_what_it_refuses_says_that_it_is_well(bench: Bench) -> None:
    assert [await bench.call(each) for each in (Down(), NotThis(), Down(), NotThis())][-1] == "NotThis"
    assert (bench.state(), bench.counted("refused")) == (FIGURES["closed"], 2)


async def test_a_failure_of_ours_neither_opens_nor_closes(bench: Bench) -> None:
    for failure in (Down(), Ours(), Ours(), Ours(), Ours()):
        await bench.call(failure)
    assert bench.state() == FIGURES["closed"]
    assert await bench.call(Down()) == "Down"
    assert bench.state() == FIGURES["open"]


async def test_a_trial_that_was_given_up_leaves_room_for_the_next(bench: Bench) -> None:
    await bench.call(Down())
    await bench.call(Down())
    bench.present += 60

    async def waits() -> None:
        async with bench.partner.calling("ask"):
            await asyncio.Event().wait()

    trial = asyncio.create_task(waits())
    await asyncio.sleep(0)
    assert await bench.call() == failures.LEFT_ALONE
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    assert (bench.counted(GIVEN_UP), await bench.call(), bench.state()) == (1, "", FIGURES["closed"])


async def test_its_time_ends_a_call_and_is_its_failure(bench: Bench) -> None:
    for _ in range(2):
        with pytest.raises(CallFailed) as failed:
            async with bench.partner.calling("ask", total=0.01):
                await asyncio.Event().wait()
        assert failed.value.code == failures.TIMEOUT
    assert (bench.state(), bench.counted("timeout")) == (FIGURES["open"], 2)


async def test_an_answer_can_show_that_it_is_ill_and_so_can_what_follows(bench: Bench) -> None:
    async with bench.partner.calling("ask") as call:
        call.found_ill("slow")
    assert (bench.counted("slow"), bench.state()) == (1, FIGURES["closed"])
    await bench.partner.broke_off("timeout")
    assert bench.state() == FIGURES["open"]


@pytest.fixture
async def opened() -> AsyncIterator[Partners]:
    async with open_partners(Configuration((NetSettings(failures=1), RedisSettings())), Counters()) as partners:
        yield partners


async def test_without_a_rule_of_its_own_it_goes_by_the_settings(opened: Partners) -> None:
    partner = opened.partner("clamd://scanner:3310", Manner(5, judge))
    with pytest.raises(Down):
        async with partner.calling("scan"):
            raise Down
    assert opened.counters.value(STATE, destination="clamd://scanner:3310") == FIGURES["open"]
