"""The manifest of the contacts module."""

from mainstay.module import Module
from tradepost.crm import cli, jobs, models, permissions, routes
from tradepost.crm.events import ContactChanged, ContactCreated, ContactsImported

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
    ),
    events=(ContactCreated, ContactChanged, ContactsImported),
    jobs=(jobs.FOLLOW_COMPANY, jobs.FOLLOW_TAG),
    permissions=(permissions.READ, permissions.WRITE, permissions.EXPORT),
    cli=cli.app,
)
