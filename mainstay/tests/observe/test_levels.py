"""A logger writes more or less for a while, whoever has it in hand."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from mainstay.observe.levels import Change, Levels

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)


class Written(structlog.BytesLogger):
    """A logger that keeps its lines."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.lines: list[str] = []

    def msg(self, line: str) -> None:  # type: ignore[override]  # a text is enough here
        self.lines.append(line)

    debug = info = warning = error = msg  # type: ignore[assignment]  # as above


@pytest.fixture
def levels() -> Iterator[Levels]:
    made = Levels()
    made.start(logging.INFO)
    yield made
    made.start(logging.INFO)


def lines(levels: Levels, name: str) -> tuple[Written, structlog.typing.FilteringBoundLogger]:
    written = Written(name)
    return written, levels.bound(written, [lambda _logger, _method, fields: fields["event"]], {})


def write(logger: structlog.typing.FilteringBoundLogger) -> None:
    logger.debug("debug")
    logger.info("info")
    logger.warning("warning")


def test_a_logger_in_hand_follows_a_change_and_the_way_back(levels: Levels) -> None:
    written, logger = lines(levels, "access")
    write(logger)
    levels.change("access", Change("debug", UNTIL))
    write(logger)
    levels.change("access", Change("warning", UNTIL))
    write(logger)
    levels.restore("access")
    write(logger)

    assert " ".join(written.lines) == "info warning debug info warning warning info warning"


def test_those_below_follow_the_nearest_and_others_do_not(levels: Levels) -> None:
    levels.change("mainstay", Change("error", UNTIL))
    levels.change("mainstay.net", Change("debug", UNTIL))
    found = {}
    for name in ("mainstay.net.client", "mainstay.work", "mainstayer", "access"):
        written, logger = lines(levels, name)
        write(logger)
        found[name] = len(written.lines)

    assert found == {"mainstay.net.client": 3, "mainstay.work": 0, "mainstayer": 2, "access": 2}
    assert levels.changes() == {"mainstay": Change("error", UNTIL), "mainstay.net": Change("debug", UNTIL)}


def test_the_standard_librarys_logger_of_that_name_follows_too(levels: Levels) -> None:
    library = logging.getLogger("mainstay.planted")
    levels.change("mainstay", Change("error", UNTIL))
    assert not library.isEnabledFor(logging.WARNING)

    levels.restore("mainstay")
    assert library.isEnabledFor(logging.WARNING)


def test_a_start_begins_with_one_level_for_all(levels: Levels) -> None:
    written, logger = lines(levels, "access")
    levels.change("access", Change("debug", UNTIL))
    levels.start(logging.WARNING)
    write(logger)

    assert (written.lines, levels.base, levels.changes()) == (["warning"], "warning", {})
