"""The manifest of the audit module."""

from mainstay.module import Module
from mainstay.modules.audit import cli, invariants, jobs, permissions
from mainstay.modules.audit.models import AuditCheckpoint, AuditEntry, AuditLink, AuditPending, AuditPrivate
from mainstay.modules.audit.routes import router
from mainstay.modules.audit.settings import AuditSettings

AUDIT = Module(
    name="audit",
    routers=(router,),
    models=(AuditEntry, AuditPrivate, AuditLink, AuditPending, AuditCheckpoint),
    schedules=(jobs.SEAL, jobs.EXPIRE),
    permissions=(permissions.READ,),
    settings=(AuditSettings,),
    cli=cli.app,
    invariants=invariants.ALL,
)
