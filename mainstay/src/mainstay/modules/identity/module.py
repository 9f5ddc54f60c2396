"""The manifest of the identity module."""

from mainstay.module import Module
from mainstay.modules.identity import cli, jobs, permissions
from mainstay.modules.identity.events import (
    AccessEnded,
    ActApproved,
    ApiKeyMade,
    ApiKeyRevoked,
    ClientSignedIn,
    ClientSignedOut,
    FactorAdded,
    FactorPolicyChanged,
    FactorRemoved,
    OwnerLinkMade,
    PasswordChanged,
    PasswordRehashed,
    PersonApproved,
    PersonChanged,
    PersonDeleted,
    PersonInvited,
    PersonJoined,
    PersonRenamed,
    PinChanged,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    RefreshTokenReused,
    ResetLinkMade,
    ResetRequested,
    RoleChanged,
    SignedIn,
    SignedOut,
    SignedOutEverywhere,
    SigningKeyRotated,
    SignUpConfirmed,
    SignUpRefused,
    SignUpRequested,
    StationEnrolled,
    StationRevoked,
)
from mainstay.modules.identity.models.factors import FactorPolicy, FactorTry, Passkey, Policy, RecoveryCode, Totp
from mainstay.modules.identity.models.invitations import Invitation
from mainstay.modules.identity.models.keys import ApiKey
from mainstay.modules.identity.models.people import Person
from mainstay.modules.identity.models.resets import Reset, ResetRequest
from mainstay.modules.identity.models.roles import Role
from mainstay.modules.identity.models.sessions import Attempt, Session
from mainstay.modules.identity.models.sign_ups import SignUp
from mainstay.modules.identity.models.stations import Approval, EnrolledStation, Pin
from mainstay.modules.identity.models.steps import Challenge, PendingSignIn
from mainstay.modules.identity.models.tokens import RefreshToken, SigningKey, TokenFamily
from mainstay.modules.identity.routes import (
    account,
    factors,
    invitations,
    keys,
    overview,
    people,
    pins,
    resets,
    roles,
    second_step,
    session,
    sign_ups,
    stations,
    tokens,
)
from mainstay.modules.identity.service import bearers, signing, totp
from mainstay.modules.identity.service.invitations import at_start
from mainstay.modules.identity.service.pins import SEALED as SEALED_PINS
from mainstay.modules.identity.service.sessions import authenticate
from mainstay.modules.identity.settings import IdentitySettings

IDENTITY = Module(
    name="identity",
    routers=(
        *(invitations.router, session.router, second_step.router, tokens.router, factors.router, account.router),
        *(keys.router, people.router, roles.router, resets.router, pins.router, stations.router),
        *(overview.router, sign_ups.router),
    ),
    root_routers=(tokens.well_known,),
    models=(
        *(Role, Person, Session, Invitation, Attempt, Reset, ResetRequest, SignUp),
        *(Totp, RecoveryCode, Passkey, FactorTry, FactorPolicy, Policy, PendingSignIn, Challenge),
        *(SigningKey, TokenFamily, RefreshToken, ApiKey),
        *(EnrolledStation, Pin, Approval),
    ),
    events=(
        *(OwnerLinkMade, PersonInvited, PersonJoined, PersonRenamed, PersonChanged, PersonDeleted, RoleChanged),
        *(SignedIn, SignedOut, SignedOutEverywhere, AccessEnded, PasswordRehashed, PasswordChanged, ResetLinkMade),
        *(ResetRequested, SignUpRequested, SignUpConfirmed, SignUpRefused, PersonApproved),
        *(FactorAdded, FactorRemoved, RecoveryCodesMade, RecoveryCodeUsed, FactorPolicyChanged),
        *(ClientSignedIn, ClientSignedOut, RefreshTokenReused, SigningKeyRotated, ApiKeyMade, ApiKeyRevoked),
        *(StationEnrolled, StationRevoked, PinChanged, ActApproved),
    ),
    jobs=(jobs.NOTIFY, jobs.ANSWER_RESET_REQUEST, jobs.ANSWER_SIGN_UP, jobs.ANNOUNCE_SIGN_UP),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE, permissions.ROLES, permissions.STATIONS, permissions.KEYS),
    settings=(IdentitySettings,),
    commands=cli.app,
    authenticate=authenticate,
    authenticate_bearer=bearers.authenticate,
    rotate=signing.rotate,
    sealed=(totp.SEALED, signing.SEALED, SEALED_PINS),
    at_start=at_start,
)
