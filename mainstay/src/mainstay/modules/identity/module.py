"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import jobs, permissions
from mainstay.modules.identity.events import (
    AccessEnded,
    FactorAdded,
    FactorPolicyChanged,
    FactorRemoved,
    OwnerLinkMade,
    PasswordRehashed,
    PersonInvited,
    PersonJoined,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SignedIn,
    SignedOut,
)
from mainstay.modules.identity.models.factors import FactorPolicy, FactorTry, Passkey, RecoveryCode, Totp
from mainstay.modules.identity.models.invitations import Invitation
from mainstay.modules.identity.models.people import Person
from mainstay.modules.identity.models.sessions import Attempt, Session
from mainstay.modules.identity.models.steps import Challenge, PendingSignIn
from mainstay.modules.identity.routes import factors, invitations, people, second_step, session
from mainstay.modules.identity.service.invitations import announce_owner_link
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(invitations.router, session.router, second_step.router, factors.router, people.router),
    models=(
        *(Person, Session, Invitation, Attempt),
        *(Totp, RecoveryCode, Passkey, FactorTry, FactorPolicy, PendingSignIn, Challenge),
    ),
    events=(
        *(OwnerLinkMade, PersonInvited, PersonJoined, SignedIn, SignedOut, PasswordRehashed, AccessEnded),
        *(FactorAdded, FactorRemoved, RecoveryCodesMade, RecoveryCodeUsed, FactorPolicyChanged),
    ),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE,),
    settings=(IdentitySettings,),
    authenticate=authenticate,
    at_start=announce_owner_link,
)
