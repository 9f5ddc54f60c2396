"""Who is limited to stores or to a part of the records reaches nothing of webhooks, whatever their role allows."""

from collections.abc import Awaitable, Callable

import pytest

from mainstay import ids
from mainstay.db.grammar import Asked
from mainstay.errors import NotAllowed
from mainstay.modules.webhooks.repository.events import Range
from mainstay.modules.webhooks.repository.subscriptions import Wanted
from mainstay.modules.webhooks.service import feed, sources, subscriptions
from mainstay.permission import Bounds
from mainstay.work import Actor, UnitOfWork, WorkOpener

WANTED = Wanted("https://hooks.example.com/", "A", ["*"], [])
ACTS: dict[str, Callable[[UnitOfWork], Awaitable[object]]] = {
    "sources": sources.all_of,
    "add source": lambda uow: sources.add(uow, ids.new_id(), "shop", "A", None),
    "rotate source": lambda uow: sources.rotate(uow, ids.new_id(), 1, None),
    "remove source": lambda uow: sources.remove(uow, ids.new_id()),
    "subscriptions": subscriptions.all_of,
    "add": lambda uow: subscriptions.add(uow, ids.new_id(), WANTED),
    "change": lambda uow: subscriptions.change(uow, ids.new_id(), 1, WANTED),
    "pause": lambda uow: subscriptions.set_state(uow, ids.new_id(), 1, "paused"),
    "rotate": lambda uow: subscriptions.rotate(uow, ids.new_id(), 1),
    "remove": lambda uow: subscriptions.remove(uow, ids.new_id()),
    "test": lambda uow: subscriptions.test(uow, ids.new_id()),
    "again": lambda uow: subscriptions.send_again(uow, ids.new_id(), Range(first=0)),
    "deliveries": lambda uow: subscriptions.listed(uow, ids.new_id(), Asked(), None, 1),
    "delivery": lambda uow: subscriptions.delivery(uow, ids.new_id()),
    "feed": lambda uow: feed.read(uow, 0, (), 1),
}
LIMITED = Actor("person", ids.new_id(), reach=Bounds(places=frozenset()))


@pytest.mark.parametrize("act", ACTS)
async def test_who_is_limited_to_places_may_do_nothing_here(open_work: WorkOpener, act: str) -> None:
    async with open_work(LIMITED) as uow:
        with pytest.raises(NotAllowed):
            await ACTS[act](uow)


async def test_without_the_demand_they_would_see_all(open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: nothing but this demand stands in between."""
    monkeypatch.setattr(Actor, "demand_everywhere", lambda *_records: None)
    async with open_work(LIMITED) as uow:
        assert await sources.all_of(uow) == []
        assert (await feed.read(uow, 0, (), 1)).oldest is None
