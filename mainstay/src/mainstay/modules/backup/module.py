"""The manifest of the backup module."""

from mainstay.db.backup.settings import BackupSettings
from mainstay.db.embedded.settings import RecoverySettings
from mainstay.module import Module
from mainstay.modules.backup import cli, jobs, models, permissions, routes
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service.letters import MISSED, WELL
from mainstay.modules.backup.service.watching import observe

BACKUP = Module(
    name="backup",
    routers=(routes.router,),
    models=(models.Database, models.Archive),
    events=(BackupWanted,),
    jobs=(jobs.MAKE,),
    schedules=(jobs.TICK,),
    permissions=(permissions.MANAGE,),
    settings=(BackupSettings, RecoverySettings),
    commands=cli.app,
    observe=observe,
    notifications=(MISSED, WELL),
)
