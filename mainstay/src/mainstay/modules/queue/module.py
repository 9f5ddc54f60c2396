"""The manifest of the queue module."""

from mainstay.module import Module
from mainstay.modules.queue import permissions, routes

QUEUE = Module(name="queue", routers=(routes.router,), permissions=(permissions.READ, permissions.MANAGE))
