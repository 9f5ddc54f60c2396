"""The feed and what leaves the log, with transactions that really commit."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from webhook_calls import added, delivery_rows, rounds, until_somebody_waits

from mainstay import ids
from mainstay.messages import log
from mainstay.modules.identity.events import PersonChanged
from mainstay.modules.webhooks.errors import PositionGone
from mainstay.modules.webhooks.repository import deliveries
from mainstay.modules.webhooks.repository.events import Range
from mainstay.modules.webhooks.service import feed, subscriptions, upkeep
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.testing.database import as_owner
from mainstay.testing.receiver import Receiver
from mainstay.work import SYSTEM, WorkOpener

Publish = Callable[..., Awaitable[None]]
AGED = """
UPDATE mainstay_event SET happened_at = happened_at - interval '2 years' WHERE happened_at > now() - interval '1 year'
"""


async def read(open_work: WorkOpener, after: int = 0, limit: int = 100) -> list[int]:
    async with open_work(SYSTEM) as uow:
        return [row["position"] for row in (await feed.read(uow, after, (), limit)).events]


async def test_a_reader_that_goes_on_where_it_was_misses_nothing_that_commits_late(
    committed: WorkOpener, publish: Publish
) -> None:
    await publish(ids.new_id())
    (first,) = await read(committed)
    async with committed(SYSTEM) as slow:
        await slow.write(log.PUBLISH, slow.envelope(PersonChanged(person_id=ids.new_id())))
        await publish(ids.new_id())
        assert await read(committed, first) == []
    following = await read(committed, first)
    assert following == [first + 1, first + 2]
    assert await read(committed, first, limit=1) == [first + 1]


async def test_what_nobody_needs_leaves_the_log_and_a_reader_is_told(
    committed: WorkOpener, publish: Publish, dispatcher: Dispatcher, receiver: Receiver
) -> None:
    await added(committed, receiver.url)
    await publish(ids.new_id(), ids.new_id())
    first, second = await read(committed)
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    await dispatcher.settled()
    await age(committed)
    await publish(ids.new_id())
    await age(committed)
    async with committed(SYSTEM) as uow:
        await upkeep.forget_the_old(uow)
    # The third is as old, and has not been sent yet.
    assert await read(committed) == [second + 1]
    for gone in (first, second):
        with pytest.raises(PositionGone) as refused:
            await read(committed, gone)
        assert refused.value.extra == {"oldest": second + 1}


async def age(open_work: WorkOpener) -> None:
    """Make all events old, as their owner can and the program cannot."""
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE mainstay_event DISABLE TRIGGER USER")
        await uow.write(AGED)
        await uow.write("ALTER TABLE mainstay_event ENABLE TRIGGER USER")


async def test_nothing_young_leaves_the_log_and_no_other_way_leads_out(committed: WorkOpener, publish: Publish) -> None:
    await publish(ids.new_id())
    for statement in (
        "SELECT mainstay_forget_events(now(), NULL, NULL)",
        "DELETE FROM mainstay_event",
        "SELECT set_config('mainstay.forgetting', 'on', true); DELETE FROM mainstay_event",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with committed(SYSTEM) as uow:
                for part in statement.split("; "):
                    await uow.write(part)
    assert len(await read(committed)) == 1


async def test_a_part_is_sent_again_under_the_same_ids(
    committed: WorkOpener, publish: Publish, dispatcher: Dispatcher, receiver: Receiver
) -> None:
    """What happened before the subscription may be sent too."""
    await publish(ids.new_id())
    made = await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: len(receiver.got) == 1)
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        assert await subscriptions.send_again(uow, made.id, Range(first=0)) == 2
    await rounds(dispatcher, lambda: len(receiver.got) == 3)
    await dispatcher.settled()
    assert [row["state"] for row in await delivery_rows(committed)] == ["delivered"] * 2
    positions = [json.loads(got.body)["position"] for got in receiver.got]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == len(set(positions)) == 2


async def make_foreign(open_work: WorkOpener) -> None:
    """Have all transactions be of another cluster, where there were more."""
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE mainstay_event DISABLE TRIGGER USER")
        for table in ("mainstay_event", "webhooks_cursor"):
            await uow.write(f"UPDATE {table} SET transaction_id = transaction_id + 1000000000")
        await uow.write("ALTER TABLE mainstay_event ENABLE TRIGGER USER")


async def test_of_two_workers_that_start_one_numbers_the_log_anew_however_long_it_takes(
    committed: WorkOpener, publish: Publish
) -> None:
    await publish(ids.new_id())
    await make_foreign(committed)

    async def second() -> bool:
        async with committed(SYSTEM) as uow:
            await uow.write("SET LOCAL statement_timeout = '50ms'")
            return await deliveries.renumber(uow)

    async with committed(SYSTEM) as first, committed(SYSTEM) as watching:
        assert await deliveries.renumber(first)
        waiting = asyncio.create_task(second())
        await until_somebody_waits(watching)
        await first.write("SELECT pg_sleep(0.1)")
    assert not await waiting


async def test_a_log_from_another_cluster_goes_on_where_it_was(
    committed: WorkOpener, publish: Publish, dispatcher: Dispatcher, receiver: Receiver
) -> None:
    """Its transactions are still to come here: without the repair, no new event would ever be told of."""
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: len(receiver.got) == 1)
    await dispatcher.settled()
    await make_foreign(committed)
    await publish(ids.new_id())
    await dispatcher.round()
    await dispatcher.settled()
    assert len(receiver.got) == 1

    await dispatcher.prepare()
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: len(receiver.got) == 3)
    await dispatcher.settled()
    positions = [json.loads(got.body)["position"] for got in receiver.got]
    assert positions == sorted(set(positions)) == await read(committed)
    await dispatcher.prepare()
    assert await read(committed) == positions
