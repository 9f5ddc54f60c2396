"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import jobs, permissions
from mainstay.modules.identity.events import (
    AccessEnded,
    ApiKeyMade,
    ApiKeyRevoked,
    ClientSignedIn,
    ClientSignedOut,
    OwnerLinkMade,
    PasswordRehashed,
    PersonInvited,
    PersonJoined,
    RefreshTokenReused,
    SignedIn,
    SignedOut,
    SigningKeyRotated,
)
from mainstay.modules.identity.models.invitations import Invitation
from mainstay.modules.identity.models.keys import ApiKey
from mainstay.modules.identity.models.people import Person
from mainstay.modules.identity.models.sessions import Attempt, Session
from mainstay.modules.identity.models.tokens import RefreshToken, SigningKey, TokenFamily
from mainstay.modules.identity.routes import invitations, keys, people, session, tokens
from mainstay.modules.identity.service import bearers, signing
from mainstay.modules.identity.service.invitations import announce_owner_link
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(invitations.router, session.router, people.router, tokens.router, keys.router),
    root_routers=(tokens.well_known,),
    models=(Person, Session, Invitation, Attempt, SigningKey, TokenFamily, RefreshToken, ApiKey),
    events=(
        OwnerLinkMade,
        PersonInvited,
        PersonJoined,
        SignedIn,
        SignedOut,
        PasswordRehashed,
        AccessEnded,
        ClientSignedIn,
        ClientSignedOut,
        RefreshTokenReused,
        SigningKeyRotated,
        ApiKeyMade,
        ApiKeyRevoked,
    ),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE, permissions.KEYS),
    settings=(IdentitySettings,),
    authenticate=authenticate,
    authenticate_bearer=bearers.authenticate,
    rotate=signing.rotate,
    at_start=announce_owner_link,
)
