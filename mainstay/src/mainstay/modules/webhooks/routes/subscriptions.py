"""The routes of subscriptions: where events are sent, and what became of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from mainstay.bulk.schemas import BulkOut
from mainstay.db.grammar import Asked
from mainstay.db.query import page_size
from mainstay.modules.webhooks.permissions import MANAGE
from mainstay.modules.webhooks.repository.deliveries import DELIVERIES
from mainstay.modules.webhooks.repository.events import Range
from mainstay.modules.webhooks.repository.subscriptions import Wanted
from mainstay.modules.webhooks.schemas import (
    AgainIn,
    AttemptOut,
    CountOut,
    DeliveriesBulkIn,
    DeliveriesOut,
    DeliveryDetailOut,
    DeliveryOut,
    SubscriptionFields,
    SubscriptionIn,
    SubscriptionMadeOut,
    SubscriptionOut,
    SubscriptionPatch,
    SubscriptionsOut,
    VersionIn,
)
from mainstay.modules.webhooks.service import subscriptions
from mainstay.modules.webhooks.service.fan_out import told
from mainstay.modules.webhooks.service.subscriptions import Made
from mainstay.web.asking import asks
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/webhooks", tags=["Webhooks"])

Managing = Annotated[UnitOfWork, work(MANAGE)]
ManagingAfresh = Annotated[UnitOfWork, work(MANAGE, fresh=True)]


@router.get("/subscriptions")
async def list_subscriptions(uow: Managing) -> SubscriptionsOut:
    """Where events are sent, and which events there are."""
    items = [_shown(row) for row in await subscriptions.all_of(uow)]
    return SubscriptionsOut(items=items, events=told(uow.setup.events))


@router.post("/subscriptions", status_code=201)
async def add_subscription(uow: ManagingAfresh, new: SubscriptionIn, response: Response) -> SubscriptionMadeOut:
    """Have events sent to an address, signed in the form of Standard Webhooks; the secret is in this answer alone.

    Events happening from now on are sent, each at least once, and those about one object in their order.
    """
    made = _made(await subscriptions.add(uow, new.id, _wanted(new)))
    response.headers["Location"] = f"/api/v1/webhooks/subscriptions/{new.id}"
    return made


@router.get("/subscriptions/{subscription_id}")
async def read_subscription(uow: Managing, subscription_id: UUID) -> SubscriptionOut:
    """One webhook."""
    return _shown(await subscriptions.one(uow, subscription_id))


@router.put("/subscriptions/{subscription_id}")
async def change_subscription(uow: ManagingAfresh, subscription_id: UUID, change: SubscriptionPatch) -> SubscriptionOut:
    """Change where events are sent, or which."""
    return _shown(await subscriptions.change(uow, subscription_id, change.version, _wanted(change)))


@router.delete("/subscriptions/{subscription_id}", status_code=204)
async def remove_subscription(uow: Managing, subscription_id: UUID) -> None:
    """Send nothing there any more, and delete what is known of earlier deliveries."""
    await subscriptions.remove(uow, subscription_id)


@router.post("/subscriptions/{subscription_id}/pause")
async def pause_subscription(uow: Managing, subscription_id: UUID, seen: VersionIn) -> SubscriptionOut:
    """Send nothing for the time being; deliveries wait."""
    return _shown(await subscriptions.set_state(uow, subscription_id, seen.version, "paused"))


@router.post("/subscriptions/{subscription_id}/resume")
async def resume_subscription(uow: Managing, subscription_id: UUID, seen: VersionIn) -> SubscriptionOut:
    """Send again, what waits at once; what happened while it was switched off is sent with `again`."""
    return _shown(await subscriptions.set_state(uow, subscription_id, seen.version, "active"))


@router.post("/subscriptions/{subscription_id}/rotate")
async def rotate_subscription_secret(
    uow: ManagingAfresh, subscription_id: UUID, seen: VersionIn
) -> SubscriptionMadeOut:
    """Get another secret; for a day messages carry the former one's signature too."""
    return _made(await subscriptions.rotate(uow, subscription_id, seen.version))


@router.post("/subscriptions/{subscription_id}/test", status_code=202)
@repeatable
async def test_subscription(uow: Managing, subscription_id: UUID) -> DeliveryOut:
    """Send an event `webhooks.test`, signed like all others; the delivery tells how it went."""
    row, _ = await subscriptions.delivery(uow, await subscriptions.test(uow, subscription_id))
    return DeliveryOut.model_validate(dict(row))


@router.post("/subscriptions/{subscription_id}/again", status_code=202)
@repeatable
@urgent(LAST)
async def send_events_again(uow: Managing, subscription_id: UUID, part: AgainIn) -> CountOut:
    """Send the events of a part of the log, those too that were delivered; each keeps its id."""
    wanted = Range(part.since, part.until, part.first_position, part.last_position)
    return CountOut(count=await subscriptions.send_again(uow, subscription_id, wanted))


@router.get("/subscriptions/{subscription_id}/deliveries")
@urgent(LAST)
async def list_deliveries(
    uow: Managing,
    subscription_id: UUID,
    asked: Annotated[Asked, asks(DELIVERIES)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeliveriesOut:
    """What became of the events for a webhook, the newest first."""
    rows, following = await subscriptions.listed(uow, subscription_id, asked, cursor, page_size(limit))
    return DeliveriesOut(items=[DeliveryOut.model_validate(dict(row)) for row in rows], next_cursor=following)


@router.post("/deliveries/bulk")
@repeatable
@urgent(LAST)
async def change_deliveries(uow: Managing, wanted: DeliveriesBulkIn) -> BulkOut:
    """Send many deliveries again that are over: given up, or delivered to a receiver that lost them."""
    return await subscriptions.change_deliveries(uow, wanted)


@router.get("/deliveries/{delivery_id}")
async def read_delivery(uow: Managing, delivery_id: UUID) -> DeliveryDetailOut:
    """One delivery: what is sent, and how each try went."""
    row, attempts = await subscriptions.delivery(uow, delivery_id)
    last: dict[str, Any] = (
        {name: attempts[0][name] for name in ("outcome", "status", "duration_ms")} if attempts else {}
    )
    shown = DeliveryOut.model_validate({**dict(row), **last})
    tried = [AttemptOut.model_validate(dict(each)) for each in attempts]
    return DeliveryDetailOut(delivery=shown, body=row["body"], attempts=tried)


def _wanted(fields: SubscriptionFields) -> Wanted:
    filters = [{"field": each.field, "values": each.values} for each in fields.filters]
    return Wanted(fields.url, fields.description, sorted(set(fields.events)), filters)


def _shown(row: Row) -> SubscriptionOut:
    return SubscriptionOut.model_validate(dict(row))


def _made(made: Made) -> SubscriptionMadeOut:
    return SubscriptionMadeOut(secret=made.secret, **_shown(made.row).model_dump())
