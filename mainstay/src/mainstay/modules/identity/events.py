"""What happens in identity; events name people by id and hold no secrets."""

from typing import ClassVar, Literal
from uuid import UUID

from mainstay.messages.event import Event


class OwnerLinkMade(Event):
    """A one-time link for the first owner was made; earlier ones are dead."""

    name: ClassVar[str] = "identity.owner_link_made"

    invitation_id: UUID


class PersonInvited(Event):
    """Somebody was invited to join with a role."""

    name: ClassVar[str] = "identity.person_invited"

    invitation_id: UUID
    role: str


class PersonJoined(Event):
    """Somebody accepted an invitation and can sign in from now on."""

    name: ClassVar[str] = "identity.person_joined"

    person_id: UUID
    invitation_id: UUID
    role: str


class SignUpRequested(Event):
    """Somebody wants to join; who is not in the log."""

    name: ClassVar[str] = "identity.sign_up_requested"

    sign_up_id: UUID


class SignUpConfirmed(Event):
    """Somebody who wants to join confirmed their address, and waits until somebody decides."""

    name: ClassVar[str] = "identity.sign_up_confirmed"

    sign_up_id: UUID


class SignUpRefused(Event):
    """Somebody who wanted to join may not; they are forgotten."""

    name: ClassVar[str] = "identity.sign_up_refused"

    sign_up_id: UUID


class PersonApproved(Event):
    """Somebody who signed up by themselves was approved with a role, and can sign in from now on."""

    name: ClassVar[str] = "identity.person_approved"

    person_id: UUID
    role: str


class SignedIn(Event):
    """A person began a session."""

    name: ClassVar[str] = "identity.signed_in"

    person_id: UUID
    session_id: UUID


class SignedOut(Event):
    """A person ended a session."""

    name: ClassVar[str] = "identity.signed_out"

    person_id: UUID
    session_id: UUID


class PasswordRehashed(Event):
    """A password was hashed again at sign-in because the settings ask for more work now."""

    name: ClassVar[str] = "identity.password_rehashed"

    person_id: UUID


class AccessEnded(Event):
    """Every session of a person ended, but perhaps the one that asked for it."""

    name: ClassVar[str] = "identity.access_ended"

    person_id: UUID


class SignedOutEverywhere(Event):
    """A person ended all their sessions and tokens but the one they were using."""

    name: ClassVar[str] = "identity.signed_out_everywhere"

    person_id: UUID


class PasswordChanged(Event):
    """A person set another password, on their own page or by a link that somebody made for them."""

    name: ClassVar[str] = "identity.password_changed"

    person_id: UUID
    by_link: bool = False


class PersonRenamed(Event):
    """A person took another name."""

    name: ClassVar[str] = "identity.person_renamed"

    person_id: UUID


class ResetRequested(Event):
    """Somebody who is not signed in asked for a link to set a new password; for whom is not in the log."""

    name: ClassVar[str] = "identity.reset_requested"

    request_id: UUID


class ResetLinkMade(Event):
    """A one-time link was made by which a person sets a new password; earlier ones are dead."""

    name: ClassVar[str] = "identity.reset_link_made"

    person_id: UUID


class PersonChanged(Event):
    """Somebody changed another person's name, role or whether they are active."""

    name: ClassVar[str] = "identity.person_changed"

    person_id: UUID


class PersonDeleted(Event):
    """A person was deleted; documents keep referring to them."""

    name: ClassVar[str] = "identity.person_deleted"

    person_id: UUID


class RoleChanged(Event):
    """A role was made, changed or deleted."""

    name: ClassVar[str] = "identity.role_changed"

    key: str


class FactorAdded(Event):
    """A person has one more second factor."""

    name: ClassVar[str] = "identity.factor_added"

    person_id: UUID
    kind: Literal["totp", "passkey"]


class FactorRemoved(Event):
    """A second factor of a person is gone."""

    name: ClassVar[str] = "identity.factor_removed"

    person_id: UUID
    kind: Literal["totp", "passkey"]


class RecoveryCodesMade(Event):
    """A person has new recovery codes; those from before are worth nothing."""

    name: ClassVar[str] = "identity.recovery_codes_made"

    person_id: UUID


class RecoveryCodeUsed(Event):
    """A person gave a recovery code instead of a second factor."""

    name: ClassVar[str] = "identity.recovery_code_used"

    person_id: UUID


class FactorPolicyChanged(Event):
    """Other roles than before must have a second factor."""

    name: ClassVar[str] = "identity.factor_policy_changed"

    roles: list[str]


class ClientSignedIn(Event):
    """An API client began a family of tokens."""

    name: ClassVar[str] = "identity.client_signed_in"

    person_id: UUID
    family_id: UUID


class ClientSignedOut(Event):
    """An API client ended its family of tokens."""

    name: ClassVar[str] = "identity.client_signed_out"

    person_id: UUID
    family_id: UUID


class RefreshTokenReused(Event):
    """A refresh token was shown again after it was spent: it or its successor was stolen, and the family is dead."""

    name: ClassVar[str] = "identity.refresh_token_reused"

    person_id: UUID
    family_id: UUID


class SigningKeyRotated(Event):
    """Access tokens are signed with another key."""

    name: ClassVar[str] = "identity.signing_key_rotated"

    kid: str


class ApiKeyMade(Event):
    """An API key was made; `person_id` is null for a service's."""

    name: ClassVar[str] = "identity.api_key_made"

    key_id: UUID
    person_id: UUID | None


class ApiKeyRevoked(Event):
    """An API key was ended; `person_id` is null for a service's."""

    name: ClassVar[str] = "identity.api_key_revoked"

    key_id: UUID
    person_id: UUID | None


class StationEnrolled(Event):
    """People can sign in on a device by their PIN."""

    name: ClassVar[str] = "identity.station_enrolled"

    station_id: UUID
    place_id: UUID


class StationRevoked(Event):
    """A device takes no PINs any more."""

    name: ClassVar[str] = "identity.station_revoked"

    station_id: UUID
    place_id: UUID


class PinChanged(Event):
    """A person set a PIN, or took it away."""

    name: ClassVar[str] = "identity.pin_changed"

    person_id: UUID
    is_set: bool


class ActApproved(Event):
    """Somebody approved one act of somebody else."""

    name: ClassVar[str] = "identity.act_approved"

    approval_id: UUID
    permission: str
    object_type: str
    object_id: UUID
    requester_id: UUID
    approver_id: UUID
