"""The manifest of the operations module."""

from mainstay.module import Module
from mainstay.modules.operations import cli, permissions, routes

OPERATIONS = Module(
    name="operations",
    routers=(routes.router,),
    permissions=(permissions.READ, permissions.MANAGE),
    commands=cli.app,
)
