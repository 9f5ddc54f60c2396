"""The manifest of the contacts module."""

from mainstay.module import Module
from tradepost.crm import cli, jobs, models, permissions, routes
from tradepost.crm.events import (
    ContactChanged,
    ContactCreated,
    ContactFileReceived,
    ContactsImported,
    ContactsMerged,
    MergeUndone,
    ScanWanted,
)

CRM = Module(
    name="crm",
    routers=(routes.router,),
    models=(
        models.Contact,
        models.Phone,
        models.Email,
        models.Website,
        models.Address,
        models.TimelineEntry,
        models.Key,
        models.Duplicate,
        models.NotSame,
        models.Merge,
        models.MergePart,
        models.Import,
        models.ImportRow,
    ),
    events=(
        ContactCreated,
        ContactChanged,
        ContactsMerged,
        MergeUndone,
        ContactsImported,
        ScanWanted,
        ContactFileReceived,
    ),
    jobs=(jobs.FOLLOW_COMPANY, jobs.FOLLOW_TAG, jobs.FIND_DUPLICATES, jobs.SCAN, jobs.READ_FILE),
    permissions=(permissions.READ, permissions.WRITE, permissions.EXPORT),
    cli=cli.app,
)
