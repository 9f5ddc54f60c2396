"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import jobs, models, permissions, routes
from mainstay.modules.identity.events import (
    OwnerLinkMade,
    PasswordRehashed,
    PersonInvited,
    PersonJoined,
    SignedIn,
    SignedOut,
)
from mainstay.modules.identity.service.invitations import announce_owner_link
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(routes.router,),
    models=(models.Person, models.Session, models.Invitation, models.Attempt),
    events=(OwnerLinkMade, PersonInvited, PersonJoined, SignedIn, SignedOut, PasswordRehashed),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE,),
    settings=(IdentitySettings,),
    authenticate=authenticate,
    at_start=announce_owner_link,
)
