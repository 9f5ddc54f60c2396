"""The manifest of the queue module."""

from mainstay.module import Module
from mainstay.modules.queue import jobs, permissions, routes, service

QUEUE = Module(
    name="queue",
    routers=(routes.router,),
    schedules=(jobs.TELL_FAILED,),
    permissions=(permissions.READ, permissions.MANAGE),
    observe=service.observe,
    check=service.check,
    notifications=(service.FAILED,),
)
