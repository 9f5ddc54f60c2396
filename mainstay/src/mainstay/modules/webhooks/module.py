"""The manifest of the webhooks module."""

from mainstay.module import Module
from mainstay.modules.webhooks import jobs, models, permissions
from mainstay.modules.webhooks.events import WebhookReceived
from mainstay.modules.webhooks.flags import DELIVERY
from mainstay.modules.webhooks.routes import feed, sources, subscriptions
from mainstay.modules.webhooks.service import notices, signing
from mainstay.modules.webhooks.settings import WebhookSettings

WEBHOOKS = Module(
    name="webhooks",
    routers=(subscriptions.router, sources.router, feed.router),
    models=(
        *(models.Subscription, models.Cursor, models.Delivery, models.Attempt),
        *(models.Source, models.Received),
    ),
    events=(WebhookReceived,),
    schedules=(jobs.FORGET_THE_OLD,),
    loops=(jobs.DISPATCH,),
    permissions=(permissions.MANAGE, permissions.READ_EVENTS),
    settings=(WebhookSettings,),
    sealed=signing.SEALED,
    flags=(DELIVERY,),
    notifications=(notices.DISABLED,),
)
