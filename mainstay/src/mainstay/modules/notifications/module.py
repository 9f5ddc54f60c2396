"""The manifest of the notifications module."""

from mainstay.module import Module
from mainstay.modules.notifications import jobs, models, routes
from mainstay.modules.notifications.service import bouncing
from mainstay.modules.notifications.settings import NotificationSettings

NOTIFICATIONS = Module(
    name="notifications",
    routers=(routes.router,),
    models=(models.Item, models.Preference, models.Reader, models.Bounce),
    jobs=(jobs.NOTE_BOUNCE, jobs.FORGET_PERSON),
    schedules=(jobs.GATHER, jobs.FORGET_THE_OLD),
    settings=(NotificationSettings,),
    notifications=(bouncing.OWN_ADDRESS, bouncing.ADDRESS),
)
