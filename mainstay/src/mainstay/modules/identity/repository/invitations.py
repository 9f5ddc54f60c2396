"""Every statement about one-time links. Moments are the database's, so that all processes agree on them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

# One row is ever the first owner's: a new link replaces the old one while there is no owner.
PUT_OWNER_LINK = """
INSERT INTO identity_invitation (id, token_digest, is_first_owner, role, expires_at)
SELECT $1, $2, true, 'owner', now() + $3::interval
WHERE NOT EXISTS (SELECT FROM identity_person WHERE role = 'owner')
ON CONFLICT (is_first_owner) WHERE is_first_owner DO UPDATE
SET token_digest = excluded.token_digest, created_at = now(), expires_at = excluded.expires_at
WHERE identity_invitation.accepted_at IS NULL
RETURNING id, expires_at
"""

PUT_INVITATION = """
INSERT INTO identity_invitation AS present (id, token_digest, role, name, email, created_by, expires_at, place_ids)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval, $8)
ON CONFLICT (id) DO UPDATE SET token_digest = excluded.token_digest, expires_at = excluded.expires_at
WHERE present.accepted_at IS NULL
  AND (present.role, present.name, present.email, present.created_by)
    = (excluded.role, excluded.name, excluded.email, excluded.created_by)
  AND present.place_ids IS NOT DISTINCT FROM excluded.place_ids
RETURNING id, expires_at
"""

OPEN_INVITATION = """
SELECT id, role, name, email, expires_at, is_first_owner, place_ids, created_by FROM identity_invitation
WHERE token_digest = $1 AND accepted_at IS NULL AND expires_at > now()
"""

ACCEPT_INVITATION = "UPDATE identity_invitation SET accepted_at = now(), accepted_by = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation about to be made; `place_ids` are those that the person will be limited to, None: to none."""

    id: UUID
    role: str
    name: str
    email: str
    place_ids: tuple[UUID, ...] | None = None


async def put_owner_link(uow: UnitOfWork, invitation_id: UUID, digest: bytes, lifetime: timedelta) -> Row | None:
    """Make the first owner's link, or replace it; None when there is an owner."""
    return await uow.write_row(PUT_OWNER_LINK, invitation_id, digest, lifetime)


async def put_invitation(uow: UnitOfWork, invitation: NewInvitation, digest: bytes, lifetime: timedelta) -> Row | None:
    """Add an invitation of the actor's, or renew the equal one; None when the id is another's."""
    new = invitation
    places = None if new.place_ids is None else list(new.place_ids)
    who = (new.role, new.name, new.email, uow.actor.id)
    return await uow.write_row(PUT_INVITATION, new.id, digest, *who, lifetime, places)


async def open_invitation(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find the invitation that a token still opens."""
    return await uow.read_row(OPEN_INVITATION, digest)


async def hold_invitation(uow: UnitOfWork, digest: bytes) -> Row | None:
    """Find the invitation that a token still opens, and keep others from it until this work ends."""
    # Whoever waited for the row here sees it accepted, and so does not find it.
    return await uow.write_row(f"{OPEN_INVITATION} FOR UPDATE", digest)


async def accept_invitation(uow: UnitOfWork, invitation_id: UUID, person_id: UUID) -> None:
    """Use up an invitation for a person."""
    await uow.write(ACCEPT_INVITATION, invitation_id, person_id)
