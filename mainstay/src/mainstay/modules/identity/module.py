"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import jobs, permissions
from mainstay.modules.identity.events import (
    OwnerLinkMade,
    PasswordRehashed,
    PersonInvited,
    PersonJoined,
    SignedIn,
    SignedOut,
)
from mainstay.modules.identity.models.invitations import Invitation
from mainstay.modules.identity.models.people import Person
from mainstay.modules.identity.models.sessions import Attempt, Session
from mainstay.modules.identity.routes import invitations, people, session
from mainstay.modules.identity.service.invitations import announce_owner_link
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(invitations.router, session.router, people.router),
    models=(Person, Session, Invitation, Attempt),
    events=(OwnerLinkMade, PersonInvited, PersonJoined, SignedIn, SignedOut, PasswordRehashed),
    jobs=(jobs.NOTIFY,),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE,),
    settings=(IdentitySettings,),
    authenticate=authenticate,
    at_start=announce_owner_link,
)
