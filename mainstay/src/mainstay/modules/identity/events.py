"""What happens in identity; events name people by id and hold no secrets."""

from typing import ClassVar
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
