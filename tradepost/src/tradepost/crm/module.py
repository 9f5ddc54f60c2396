"""The manifest of the contacts module."""

from mainstay.module import Module
from tradepost.crm import cli, jobs, models, permissions, routes
from tradepost.crm.events import ContactChanged, ContactCreated, ContactsImported, ScanWanted

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
        models.Redirect,
        models.Key,
        models.Duplicate,
        models.NotSame,
    ),
    events=(ContactCreated, ContactChanged, ContactsImported, ScanWanted),
    jobs=(jobs.FOLLOW_COMPANY, jobs.FOLLOW_TAG, jobs.FIND_DUPLICATES, jobs.SCAN),
    permissions=(permissions.READ, permissions.WRITE, permissions.EXPORT),
    cli=cli.app,
)
