"""Subscriptions: add, change, pause, resume, exchange the secret, test, send again, look at what became of it."""

import ipaddress
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from mainstay import clock, ids
from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkItemIn, BulkOut
from mainstay.db.grammar import Asked
from mainstay.errors import VersionConflict
from mainstay.messages.audit import Entry, Values
from mainstay.modules.webhooks.errors import (
    AddressNotAllowed,
    DeliveryUnknown,
    EventUnknown,
    IdTaken,
    NotActive,
    SubscriptionUnknown,
    TooMany,
)
from mainstay.modules.webhooks.repository import deliveries, events
from mainstay.modules.webhooks.repository import subscriptions as repository
from mainstay.modules.webhooks.repository.deliveries import NewDelivery
from mainstay.modules.webhooks.repository.events import Range
from mainstay.modules.webhooks.repository.subscriptions import Wanted
from mainstay.modules.webhooks.schemas import DeliveriesBulkIn
from mainstay.modules.webhooks.service import signing
from mainstay.modules.webhooks.service.fan_out import EVERYTHING, matched, told
from mainstay.net.client import Client
from mainstay.net.destination import Destination
from mainstay.net.failures import CallFailed
from mainstay.settings import CoreSettings
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

MOST: Final = 100
MOST_AGAIN: Final = 10_000
OVERLAP: Final = timedelta(hours=24)
TEST: Final = "webhooks.test"
KIND: Final = "webhooks.subscription"


@dataclass(frozen=True, slots=True)
class Made:
    """A subscription with its secret, which is shown this once."""

    secret: str
    row: Row


async def all_of(uow: UnitOfWork) -> list[Row]:
    """Return all subscriptions. Raises NotAllowed, as all of these do, for whoever is limited to a part of the records.

    Events tell of all places and of everybody's records.
    """
    demand_whole(uow)
    return await repository.all_of(uow)


async def one(uow: UnitOfWork, key: UUID) -> Row:
    """Return a subscription. Raises SubscriptionUnknown."""
    demand_whole(uow)
    row = await repository.one(uow, key)
    if row is None:
        raise SubscriptionUnknown("There is no such webhook.")
    return row


async def add(uow: UnitOfWork, key: UUID, wanted: Wanted) -> Made:
    """Have events sent. Raises AddressNotAllowed, EventUnknown, TooMany and IdTaken."""
    await _check(uow, wanted)
    if await repository.count(uow) >= MOST:
        raise TooMany(f"There are {MOST} webhooks; delete one that is not used any more.")
    secret = signing.new_secret()
    if not await repository.add(uow, key, wanted, signing.seal(uow, secret, key)):
        raise IdTaken("A webhook with this id exists.")
    uow.record(Entry("webhooks.subscription_added", KIND, key, new=_told(wanted)))
    return Made(signing.shown(secret), await one(uow, key))


async def change(uow: UnitOfWork, key: UUID, version: int, wanted: Wanted) -> Row:
    """Change what is sent where. Raises what `add` raises, SubscriptionUnknown and VersionConflict."""
    await _check(uow, wanted)
    row = await one(uow, key)
    before = Wanted(row["url"], row["description"], row["events"], row["filters"])
    if not await repository.change(uow, key, version, wanted):
        mine = {name: value for name, value in asdict(wanted).items() if name in repository.VERSIONED.facts}
        raise await _conflict(uow, Attempt(key, version, mine))
    uow.record(Entry("webhooks.subscription_changed", KIND, key, old=_told(before), new=_told(wanted)))
    return await one(uow, key)


async def set_state(uow: UnitOfWork, key: UUID, version: int, state: str) -> Row:
    """Pause or resume. Raises SubscriptionUnknown and VersionConflict."""
    row = await one(uow, key)
    if not await repository.set_state(uow, key, version, state):
        raise await _conflict(uow, Attempt(key, version, {"state": state}))
    act = "webhooks.subscription_paused" if state == "paused" else "webhooks.subscription_resumed"
    uow.record(Entry(act, KIND, key, old={"state": row["state"]}, new={"state": state}))
    return await one(uow, key)


async def rotate(uow: UnitOfWork, key: UUID, version: int) -> Made:
    """Give a subscription another secret; for a day messages carry both signatures.

    Raises SubscriptionUnknown and VersionConflict: of two who do it at once one would be left with a secret that
    signs nothing.
    """
    await one(uow, key)
    secret = signing.new_secret()
    if not await repository.rotate(uow, key, version, signing.seal(uow, secret, key), OVERLAP):
        raise await _conflict(uow, Attempt(key, version, {}))
    uow.record(Entry("webhooks.secret_rotated", KIND, key))
    return Made(signing.shown(secret), await one(uow, key))


async def remove(uow: UnitOfWork, key: UUID) -> None:
    """Delete a subscription and what it knows. Raises SubscriptionUnknown."""
    row = await one(uow, key)
    await repository.remove(uow, key)
    before = Wanted(row["url"], row["description"], row["events"], row["filters"])
    uow.record(Entry("webhooks.subscription_removed", KIND, key, old=_told(before)))


async def test(uow: UnitOfWork, key: UUID) -> UUID:
    """Have a test event sent; return the delivery's id. Raises SubscriptionUnknown and NotActive."""
    _demand_active(await one(uow, key))
    event_id = ids.new_id()
    content = {"type": TEST, "timestamp": clock.now().isoformat(), "id": str(event_id), "position": 0, "data": {}}
    body = json.dumps(content, separators=(",", ":"))
    delivery = NewDelivery(ids.new_id(), key, event_id, TEST, 0, str(event_id), body)
    await deliveries.add(uow, [delivery])
    uow.record(Entry("webhooks.test_sent", KIND, key))
    return delivery.id


async def send_again(uow: UnitOfWork, key: UUID, wanted: Range) -> int:
    """Send the events of a part of the log, those that were delivered too; return how many of them it wants.

    Each keeps the id that it had. Raises SubscriptionUnknown and NotActive.
    """
    row = await one(uow, key)
    _demand_active(row)
    new = matched(uow, await events.in_range(uow, wanted, MOST_AGAIN), [row])
    await deliveries.add(uow, new, again=True)
    uow.record(Entry("webhooks.sent_again", KIND, key, new={"count": len(new)}))
    return len(new)


async def change_deliveries(uow: UnitOfWork, wanted: DeliveriesBulkIn) -> BulkOut:
    """Send deliveries again that are over, those too that were delivered; tell what becomes of each."""
    demand_whole(uow)
    rows = await deliveries.locked(uow, [item.id for item in wanted.items])
    outcomes = Outcomes[UUID, BulkItemIn](wanted, dict.fromkeys(rows), _no_delivery())
    outcomes.unchanged([key for key, row in rows.items() if row["state"] == "waiting"])
    outcomes.refused([key for key in outcomes.keys if rows[key]["of_subscription"] != "active"], _not_active())
    chosen = outcomes.keys
    await deliveries.send_again(uow, chosen)
    for subscription_id, count in Counter(rows[key]["subscription_id"] for key in chosen).items():
        uow.record(Entry("webhooks.sent_again", KIND, subscription_id, new={"count": count}))
    outcomes.changed(dict.fromkeys(chosen))
    return outcomes.answer(BulkOut)


async def listed(
    uow: UnitOfWork, key: UUID, asked: Asked, cursor: str | None, size: int
) -> tuple[list[Row], str | None]:
    """Return a page of the deliveries of a subscription that fit, and the cursor of the next one.

    Raises SubscriptionUnknown.
    """
    await one(uow, key)
    return await deliveries.listed(uow, key, asked, cursor, size)


async def delivery(uow: UnitOfWork, key: UUID) -> tuple[Row, list[Row]]:
    """Return a delivery and its tries. Raises DeliveryUnknown."""
    demand_whole(uow)
    row = await deliveries.one(uow, key)
    if row is None:
        raise _no_delivery()
    return row, await deliveries.attempts(uow, key)


def demand_whole(uow: UnitOfWork) -> None:
    """Raise NotAllowed for whoever is limited to a part of the records: events tell of all of them."""
    uow.actor.demand_everywhere(*uow.setup.roles.records)


async def _check(uow: UnitOfWork, wanted: Wanted) -> None:
    demand_whole(uow)
    known = told(uow.setup.events)
    modules = {f"{name.partition('.')[0]}.*" for name in known}
    for name in wanted.events:
        if name not in known and name not in modules and name != EVERYTHING:
            raise EventUnknown("There is no such event.", extra={"event": name})
    try:
        place = Destination.of(wanted.url)
        if _is_number(place.host):
            # A name is looked up when it is called: here that would tell how this network looks from inside.
            await (await uow.resource(Client)).guard.addresses(place.host, place.port)
    except CallFailed as failure:
        raise AddressNotAllowed(str(failure)) from failure
    if place.scheme != "https" and uow.setup.settings.of(CoreSettings).environment == "production":
        raise AddressNotAllowed("In production the address must begin with https://.")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _conflict(uow: UnitOfWork, attempt: Attempt) -> VersionConflict:
    await one(uow, UUID(str(attempt.key)))
    return await conflict(uow, repository.VERSIONED, attempt)


def _demand_active(row: Row) -> None:
    if row["state"] != "active":
        raise _not_active()


def _not_active() -> NotActive:
    return NotActive("This webhook is paused or switched off; resume it first.")


def _no_delivery() -> DeliveryUnknown:
    return DeliveryUnknown("There is no such delivery; deliveries are forgotten after a while.")


def _told(wanted: Wanted) -> Values:
    """Return what the trail says: of the address the host alone, for the rest may be a secret."""
    host = Destination.of(wanted.url).name
    return {"host": host, "description": wanted.description, "events": list(wanted.events)}
