"""The manifest of the interface module."""

from mainstay.module import Module
from mainstay.modules.interface import permissions, routes

INTERFACE = Module(name="interface", routers=(routes.router,), permissions=(permissions.READ,))
