"""From the log to deliveries: who wants an event, what is sent of it, and for which object it keeps its place.

Whoever publishes knows nothing of this and pays nothing for it: the log is read after the commit, in its own order, up
to the oldest running transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from mainstay import ids
from mainstay.messages.event import Event
from mainstay.modules.webhooks.repository import deliveries as repository
from mainstay.modules.webhooks.repository import events as log
from mainstay.modules.webhooks.repository.deliveries import NewDelivery
from mainstay.work import Row, UnitOfWork

BATCH: Final = 500
EVERYTHING: Final = "*"
# The program's own housekeeping: letters that wait, and what webhooks themselves do.
NOT_TOLD: Final = frozenset({"mail", "webhooks"})


def told(events: Mapping[str, type[Event]]) -> list[str]:
    """Return the names of the events of which others can be told."""
    return sorted(name for name in events if name.partition(".")[0] not in NOT_TOLD)


async def fan_out(uow: UnitOfWork) -> bool:
    """Turn the next events of the log into deliveries; say whether there may be more.

    What was read and what came of it are one transaction: a process that dies loses nothing and doubles nothing.
    """
    place = await repository.hold_cursor(uow)
    if place is None:
        return False
    events = await log.following(uow, place, BATCH)
    if not events:
        return False
    await repository.add(uow, matched(uow, events, await repository.wanting(uow)))
    await repository.move_cursor(uow, (events[-1]["transaction_id"], events[-1]["position"]))
    return len(events) == BATCH


def matched(uow: UnitOfWork, events: Iterable[Row], subscriptions: Sequence[Row]) -> list[NewDelivery]:
    """Return a delivery for each event and each subscription that wants it."""
    return [
        _delivery(uow, event, subscription["id"])
        for event in events
        for subscription in subscriptions
        if is_wanted(event["name"], event["payload"], subscription)
    ]


def is_wanted(name: str, payload: Mapping[str, object], subscription: Row) -> bool:
    """Whether a subscription names the event, and each of its filters holds for it.

    A filter is about a field: an event without it does not pass. Values are compared as text, lists by what they hold.
    """
    module = name.partition(".")[0]
    wanted = {name, f"{module}.*", EVERYTHING}
    if module in NOT_TOLD or not wanted.intersection(subscription["events"]):
        return False
    return all(_holds(payload, each["field"], each["values"]) for each in subscription["filters"])


def _holds(payload: Mapping[str, object], field: str, values: Sequence[str]) -> bool:
    if field not in payload:
        return False
    present = payload[field]
    found = present if isinstance(present, list) else [present]
    return any(_text(each) in values for each in found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _delivery(uow: UnitOfWork, event: Row, subscription_id: UUID) -> NewDelivery:
    body = json.dumps(
        {
            "type": event["name"],
            "timestamp": event["happened_at"].isoformat(),
            "id": str(event["id"]),
            "position": event["position"],
            "data": event["payload"],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    key = _object(uow, event)
    return NewDelivery(ids.new_id(), subscription_id, event["id"], event["name"], event["position"], key, body)


def _object(uow: UnitOfWork, event: Row) -> str:
    """Return what an event is about: the id of the object, or else the event's own, which waits for no other."""
    kind = uow.setup.events.get(event["name"])
    field = kind.object_field() if kind is not None else None
    found = event["payload"].get(field) if field is not None else None
    return str(found or event["id"])
