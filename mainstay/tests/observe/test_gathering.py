"""Errors wait in a process: equal ones as one with a count, bounded, and without what is somebody's."""

import gc
import logging
import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
import structlog

from mainstay.errors import NotFound
from mainstay.observe import troubles
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import (
    BROWSERS_A_MINUTE,
    DEEPEST,
    HEARD,
    KEPT,
    LOST,
    WRITTEN,
    Batch,
    Gatherer,
    Origin,
    aside,
    fingerprint_of,
)
from mainstay.observe.logs import configure_logging
from mainstay.observe.tracker import BROWSER
from mainstay.observe.troubles import Frame, Trouble
from mainstay.testing.frozen import FrozenClock

ORIGIN = Origin.of("api", "1.2.3", "till-1")


def trouble(kind: str = "ValueError", function: str = "pay", logger: str = "shop", **facts: str) -> Trouble:
    frames = (Frame("lib/loop.py", 7, "run", is_ours=False), Frame("shop/till.py", 12, function))
    return Trouble("error", logger, "unhandled error", kind, "", frames, facts)


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.fixture
def gatherer(counters: Counters) -> Iterator[Gatherer]:
    yield Gatherer(ORIGIN, counters, 50)
    gc.enable()


def given(gatherer: Gatherer) -> Batch:
    batch = gatherer.batch()
    assert batch is not None
    return batch


def test_a_storm_is_one_mistake_with_an_exact_count_and_the_latest_times(
    gatherer: Gatherer, counters: Counters
) -> None:
    def storm(number: int) -> None:
        for step in range(2_500):
            gatherer.take(trouble(request_id=f"{number}-{step}"))

    threads = [threading.Thread(target=storm, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    (mistake,) = given(gatherer).mistakes
    assert (mistake.count, len(mistake.latest)) == (10_000, KEPT)
    assert mistake.latest[-1].request_id in {f"{number}-2499" for number in range(4)}
    assert counters.value(HEARD, role="api") == 10_000


def test_the_same_mistake_is_one_and_another_place_kind_or_part_is_another(gatherer: Gatherer) -> None:
    for each in (trouble(), trouble(), trouble(function="refund"), trouble("KeyError"), trouble(logger=BROWSER)):
        gatherer.take(each)

    mistakes = given(gatherer).mistakes
    assert [(each.role, each.kind, each.place, each.count) for each in mistakes] == [
        ("api", "ValueError", "shop/till.py:pay", 2),
        ("api", "ValueError", "shop/till.py:refund", 1),
        ("api", "KeyError", "shop/till.py:pay", 1),
        ("browser", "ValueError", "shop/till.py:pay", 1),
    ]
    assert len({each.fingerprint for each in mistakes}) == 4
    assert fingerprint_of("api", trouble()) == mistakes[0].fingerprint
    assert fingerprint_of("worker", trouble()) != mistakes[0].fingerprint


def test_a_batch_stays_the_same_until_it_is_settled_and_later_ones_wait_behind_it(
    gatherer: Gatherer, counters: Counters
) -> None:
    assert gatherer.batch() is None
    gatherer.take(trouble())
    first = given(gatherer)
    gatherer.take(trouble())
    assert given(gatherer) is first
    assert [each.count for each in first.mistakes] == [1]

    gatherer.settled()
    second = given(gatherer)
    assert (first.number, second.number, second.mistakes[0].count) == (1, 2, 1)
    assert first.origin.writer == second.origin.writer
    gatherer.settled(lost_by="refused")
    assert gatherer.batch() is None
    assert counters.value(WRITTEN, role="api") == 1
    assert counters.value(LOST, role="api", reason="refused") == 1


def test_of_too_many_different_ones_those_that_are_left_out_are_counted(counters: Counters) -> None:
    gatherer = Gatherer(ORIGIN, counters, 3)
    for number in range(5):
        gatherer.take(trouble(function=f"step_{number}"))
    gatherer.take(trouble(function="step_0"))

    assert [each.count for each in given(gatherer).mistakes] == [2, 1, 1]
    assert counters.value(LOST, role="api", reason="too_many") == 2


def test_browsers_may_tell_of_a_few_different_ones_a_minute_and_crowd_nobody_out(
    counters: Counters, clock: FrozenClock
) -> None:
    """Anybody may report; of the same mistake all are counted, in every batch."""
    gatherer = Gatherer(ORIGIN, counters, 1_000)
    for _ in range(2):
        for number in range(100):
            gatherer.take(trouble(f"Forged{number}", logger=BROWSER))
        gatherer.take(trouble())
        assert len(given(gatherer).mistakes) == BROWSERS_A_MINUTE + 1
        gatherer.settled()

    assert counters.value(WRITTEN, role="browser") == 2 * BROWSERS_A_MINUTE
    assert counters.value(LOST, role="browser", reason="browsers") == 2 * (100 - BROWSERS_A_MINUTE)
    assert counters.value(WRITTEN, role="api") == 2


def test_what_goes_wrong_while_errors_are_kept_is_none(gatherer: Gatherer, counters: Counters) -> None:
    with aside():
        gatherer.take(trouble())

    assert gatherer.batch() is None
    assert counters.value(HEARD, role="api") == 0
    gatherer.take(trouble())
    assert gatherer.batch() is not None


def test_texts_that_no_database_takes_are_mended_and_long_ones_cut(gatherer: Gatherer) -> None:
    frames = tuple(Frame(f"shop/{'x' * 500}.py", number, "pay\x00\ud800") for number in range(40))
    gatherer.take(Trouble("error", "shop", "a\x00b", "Odd\x00Error", "said \ud800", frames, {"route": "/a\x00"}))

    (mistake,) = given(gatherer).mistakes
    (seen,) = mistake.latest
    assert (mistake.event, mistake.kind, seen.sentence, seen.facts) == ("ab", "OddError", "said ?", {"route": "/a"})
    assert len(seen.frames) == DEEPEST
    assert seen.frames[-1].line == 39
    assert (len(mistake.place), len(seen.frames[0].file), seen.frames[0].function) == (300, 300, "pay?")


def test_whose_and_what_it_was_about_is_left_out(gatherer: Gatherer) -> None:
    ids = {"request_id": "r-1", "trace_id": "t-1", "actor": "ada", "event_id": "e-1", "delivery_id": "d-1"}
    gatherer.take(trouble(**ids, route="/api/v1/till", method="POST"))

    (seen,) = given(gatherer).mistakes[0].latest
    assert (seen.request_id, seen.trace_id) == ("r-1", "t-1")
    assert seen.facts == {"route": "/api/v1/till", "method": "POST"}


def test_an_error_of_the_log_is_gathered_without_what_it_says(gatherer: Gatherer) -> None:
    configure_logging("info", BytesIO())
    with troubles.heard(gatherer.take):
        try:
            raise ValueError("ada@shop.example has 4111 1111 1111 1111")
        except ValueError:
            structlog.get_logger("bakery").exception("it failed")
        structlog.get_logger("bakery").error("refused", exc_info=NotFound("Ask +49 30 1234567."))

    first, second = given(gatherer).mistakes
    assert (first.kind, first.latest[0].sentence) == ("ValueError", "")
    assert first.place == ("test_gathering.py:test_an_error_of_the_log_is_gathered_without_what_it_says")
    assert second.latest[0].sentence == "Ask …."


class Garbage:
    """Logs an error when it is collected, in the middle of anything."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        logging.getLogger("garbage").error("collected")


def test_what_is_collected_as_garbage_meanwhile_locks_nobody_out(
    gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure_logging("info", BytesIO())
    real = Counters.add

    def add(self: Counters, name: str, amount: float = 1, **labels: str) -> None:
        gc.collect()
        real(self, name, amount, **labels)

    # It is collected where the test says so.
    gc.disable()
    with troubles.heard(gatherer.take):
        Garbage()
        monkeypatch.setattr(Counters, "add", add)
        done = threading.Thread(target=gatherer.take, args=(trouble(),), daemon=True)
        done.start()
        done.join(20)
        assert not done.is_alive(), "the lock is its own thread's"

    assert {each.event for each in given(gatherer).mistakes} == {"unhandled error", "collected"}
