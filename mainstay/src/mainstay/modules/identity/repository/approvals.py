"""Every statement about approvals. Moments are the database's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.work import Row, UnitOfWork

ADD = """
INSERT INTO identity_approval (
    id, token_digest, permission, object_type, object_id, content_digest, station_id, requester_id, approver_id,
    expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + $10::interval) RETURNING expires_at
"""

# Once, in the transaction of the act: a second use at the same moment waits for the row and finds it used.
USE = """
UPDATE identity_approval AS approval SET used_at = clock_timestamp()
FROM identity_person AS approver
WHERE approval.token_digest = $1 AND approval.used_at IS NULL AND approval.expires_at > clock_timestamp()
  AND approval.permission = $2 AND approval.object_type = $3 AND approval.object_id = $4
  AND approval.content_digest = $5 AND approval.station_id = $6 AND approval.requester_id = $7
  AND approver.id = approval.approver_id AND approver.is_active
RETURNING approver.id, approver.name
"""

# Given or asked for by a person; those that were used are part of what was done.
WITHDRAW_OF = "DELETE FROM identity_approval WHERE used_at IS NULL AND (approver_id = $1 OR requester_id = $1)"


@dataclass(frozen=True, slots=True)
class Act:
    """What is approved: the right that it needs, the thing it is done to, and the digest of all that is to be done."""

    permission: str
    object_type: str
    object_id: UUID
    content: bytes


@dataclass(frozen=True, slots=True)
class Bound:
    """To whom an approval is given, and at which device."""

    requester_id: UUID
    station_id: UUID


@dataclass(frozen=True, slots=True)
class NewApproval:
    """An approval about to be given."""

    id: UUID
    digest: bytes
    act: Act
    bound: Bound
    approver_id: UUID


async def add(uow: UnitOfWork, new: NewApproval, lifetime: timedelta) -> datetime:
    """Add an approval; return when it ends."""
    act, bound = new.act, new.bound
    what = (act.permission, act.object_type, act.object_id, act.content)
    who = (bound.station_id, bound.requester_id, new.approver_id)
    rows = await uow.write(ADD, new.id, new.digest, *what, *who, lifetime)
    moment: datetime = rows[0]["expires_at"]
    return moment


async def use(uow: UnitOfWork, digest: bytes, act: Act, bound: Bound) -> Row | None:
    """Use an approval up and return who gave it; None when it is not for this, was used, or has run out."""
    what = (act.permission, act.object_type, act.object_id, act.content)
    return await uow.write_row(USE, digest, *what, bound.station_id, bound.requester_id)


async def withdraw_of(uow: UnitOfWork, person_id: UUID) -> None:
    """Delete the approvals that a person gave, or asked for, and that nobody has used."""
    await uow.write(WITHDRAW_OF, person_id)
