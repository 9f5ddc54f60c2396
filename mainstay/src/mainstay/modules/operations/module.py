"""The manifest of the operations module."""

from mainstay.module import Module
from mainstay.modules.operations import cli, jobs, models, permissions
from mainstay.modules.operations.repository.levels import CHANNEL
from mainstay.modules.operations.routes import errors as error_routes
from mainstay.modules.operations.routes import running
from mainstay.modules.operations.service import errors, levels, news, promises
from mainstay.setup import LevelsKept

OPERATIONS = Module(
    name="operations",
    routers=(running.router, error_routes.router),
    models=(models.Error, models.Occurrence, models.ErrorWriter, models.PromiseStep, models.LogLevel),
    schedules=(jobs.TELL_ERRORS, jobs.TIDY_ERRORS),
    permissions=(permissions.READ, permissions.MANAGE, permissions.ERRORS),
    commands=cli.app,
    observe=errors.observe,
    notifications=(news.NEW, news.BACK, news.MANY),
    keep_errors=errors.keep,
    keep_steps=promises.keep,
    levels=LevelsKept(CHANNEL, levels.wanted),
)
