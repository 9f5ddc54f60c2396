"""The manifest of the browser module."""

from mainstay.module import Module
from mainstay.modules.browser import routes

BROWSER = Module(name="browser", routers=(routes.router,))
