"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import jobs, permissions
from mainstay.modules.identity.events import (
    AccessEnded,
    OwnerLinkMade,
    PasswordChanged,
    PasswordRehashed,
    PersonInvited,
    PersonJoined,
    PersonRenamed,
    ResetLinkMade,
    SignedIn,
    SignedOut,
)
from mainstay.modules.identity.models.invitations import Invitation
from mainstay.modules.identity.models.people import Person
from mainstay.modules.identity.models.resets import Reset
from mainstay.modules.identity.models.sessions import Attempt, Session
from mainstay.modules.identity.routes import account, invitations, people, resets, session
from mainstay.modules.identity.service.invitations import announce_owner_link
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(invitations.router, session.router, account.router, people.router, resets.router),
    models=(Person, Session, Invitation, Attempt, Reset),
    events=(
        OwnerLinkMade,
        PersonInvited,
        PersonJoined,
        PersonRenamed,
        SignedIn,
        SignedOut,
        AccessEnded,
        PasswordRehashed,
        PasswordChanged,
        ResetLinkMade,
    ),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE,),
    settings=(IdentitySettings,),
    authenticate=authenticate,
    at_start=announce_owner_link,
)
