"""The manifest of the interface module."""

from mainstay.module import Module
from mainstay.modules.interface import jobs, permissions, routes
from mainstay.modules.interface.settings import InterfaceSettings

INTERFACE = Module(
    name="interface",
    routers=(routes.router,),
    schedules=(jobs.FORGET_REPEATS, jobs.FORGET_FORMER),
    permissions=(permissions.READ,),
    settings=(InterfaceSettings,),
)
