"""The manifest of the numbers."""

from mainstay.module import Module
from tradepost.insight import permissions, routes, service

INSIGHT = Module(name="insight", routers=(routes.router,), permissions=(permissions.READ,), observe=service.observe)
