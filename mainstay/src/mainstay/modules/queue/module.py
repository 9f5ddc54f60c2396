"""The manifest of the queue module."""

from mainstay.module import Module
from mainstay.modules.queue import permissions, routes, service

QUEUE = Module(
    name="queue",
    routers=(routes.router,),
    permissions=(permissions.READ, permissions.MANAGE),
    observe=service.observe,
    check=service.check,
)
