"""While sending is switched off, or nothing may be changed, nothing is sent, and nothing of it is lost."""

import json
from collections.abc import Awaitable, Callable

import pytest
from webhook_calls import added, rounds

from mainstay import ids
from mainstay.flags.flag import Flag
from mainstay.flags.rules import Steering
from mainstay.flags.state import READ_ONLY
from mainstay.modules.webhooks.flags import DELIVERY
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.testing.receiver import Receiver
from mainstay.work import WorkOpener

Publish = Callable[..., Awaitable[None]]


@pytest.mark.parametrize("flag", [(DELIVERY, False), (READ_ONLY, True)])
async def test_nothing_is_sent_while_it_is_switched_off_and_all_of_it_afterwards(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish, flag: tuple[Flag, bool]
) -> None:
    await added(committed, receiver.url)
    switched, value = flag
    committed.setup.flags.steer({switched.key: Steering(otherwise=value)}, {})
    person = ids.new_id()
    await publish(person)

    for _ in range(3):
        assert await dispatcher.round() == 0.05
    await dispatcher.settled()
    assert receiver.got == []

    committed.setup.flags.steer({}, {})
    await rounds(dispatcher, lambda: bool(receiver.got))
    assert [json.loads(got.body)["data"]["person_id"] for got in receiver.got] == [str(person)]
