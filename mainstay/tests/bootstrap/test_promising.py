"""A process keeps what it counted, however often it has to try, and a program that has no place for it goes without."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from mainstay.bootstrap import promising as module
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.promising import SUBJECT, Promising
from mainstay.errors import ServiceUnavailable
from mainstay.module import Module
from mainstay.observe.counters import Counters
from mainstay.observe.peers import Peers
from mainstay.observe.promises import Step
from mainstay.testing.collector import until
from mainstay.work import UnitOfWork, WorkOpener


class Table:
    """Where steps are kept: by writer and beginning; it is away at first for some tries."""

    def __init__(self, away: int = 0) -> None:
        self.rows: dict[tuple[UUID, object], Step] = {}
        self.away, self.tries = away, 0

    async def keep(self, _uow: UnitOfWork, writer: UUID, steps: Sequence[Step]) -> None:
        self.tries += 1
        if self.tries <= self.away:
            raise ServiceUnavailable("The database cannot be reached.")
        self.rows.update({(writer, each.began_at): each for each in steps})

    def requests(self) -> int:
        return sum(each.counts.requests for each in self.rows.values())


def program_of(*modules: Module) -> Program:
    return Program("keeper", "Keeper", "Keeps.", "1", modules=modules, migrations=("mainstay.migrations",))


def ask(counters: Counters, times: int) -> None:
    counters.add("mainstay_requests_total", times, method="GET", route="/a", status="200")


async def test_it_is_written_while_the_process_runs_and_the_last_in_its_end(
    open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    table, counters = Table(), Counters()
    async with Promising(Peers("api-1"), counters).kept(program_of(Module("a", keep_steps=table.keep)), open_work):
        ask(counters, 3)
        await until(lambda: table.requests() == 3)
        tries = table.tries
        monkeypatch.setattr(module, "PAUSE", 3600)
        ask(counters, 2)
    assert table.requests() == 5
    assert table.tries == tries + 1, "nothing is written when nothing has come"


async def test_while_the_database_is_away_it_waits_and_is_told_to_peers(
    open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, counters, peers = Table(away=2), Counters(), Peers("api-1")
    promising = Promising(peers, counters)
    ask(counters, 3)

    async def untold() -> int:
        (reply,) = await peers.ask(SUBJECT)
        steps = reply.content["steps"]
        assert isinstance(steps, list)
        return sum(int(str(each[1])) for each in steps if isinstance(each, list))

    with capture_logs() as lines:
        assert [await promising.write(table.keep, open_work), await untold()] == [False, 3]
        ask(counters, 1)
        assert [await promising.write(table.keep, open_work), await untold()] == [False, 4]
        assert [await promising.write(table.keep, open_work), await untold()] == [True, 0]
    assert table.requests() == 4
    assert [line["log_level"] for line in lines] == ["warning", "warning"]


async def test_a_program_that_keeps_none_goes_without(open_work: WorkOpener) -> None:
    counters, peers = Counters(), Peers("api-1")
    async with Promising(peers, counters).kept(program_of(), open_work):
        ask(counters, 3)

    (reply,) = await peers.ask(SUBJECT)
    assert len(str(reply.content["steps"])) > 2, "nobody has written it"
