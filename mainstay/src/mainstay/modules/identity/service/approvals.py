"""One-shot approval: somebody who has a right agrees, by their PIN on the spot, to one act of somebody who lacks it.

It is given for one act on one thing with one content, to one person at one device, and used up by the transaction of
that act. Nobody approves their own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import crypto, ids
from mainstay.errors import NotAllowed
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import ApprovalNeeded, ApprovalRefused, ApproverRefused, NoStation, WrongPin
from mainstay.modules.identity.events import ActApproved
from mainstay.modules.identity.repository import approvals as repository
from mainstay.modules.identity.repository.approvals import Act, Bound, NewApproval
from mainstay.modules.identity.service import pins, stations
from mainstay.modules.identity.service.pins import PinGiven
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import Permission
from mainstay.work import Station, UnitOfWork

OWN = "Somebody else must approve what you do."


@dataclass(frozen=True, slots=True)
class Given:
    """An approval as the person who asked for it gets it: the token is shown once."""

    token: str
    expires_at: datetime
    approver_name: str


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approved an act."""

    id: UUID
    name: str


def _bound(uow: UnitOfWork) -> tuple[Bound, Station]:
    """Return whom an approval is given to, and where. Raises NoStation for who did not sign in by PIN."""
    person_id, station = uow.actor.id, uow.actor.station
    if person_id is None or station is None:
        raise NoStation("Approvals are given where people sign in by PIN; sign in there by yours.")
    return Bound(person_id, station.id), station


async def give(uow: UnitOfWork, act: Act, given: PinGiven) -> Given:
    """Approve an act of the actor by somebody else's PIN; to be called before the transaction begins.

    Raises ApproverRefused, WrongPin, TooManyAttempts and NoStation.
    """
    bound, station = _bound(uow)
    if given.person_id == bound.requester_id:
        raise ApproverRefused(OWN)
    try:
        proven = await pins.prove(uow, station, given)
    except WrongPin:
        told = {"permission": act.permission, "object_id": str(act.object_id), "approver_id": str(given.person_id)}
        await uow.record_apart(Entry("identity.approval_failed", act.object_type, act.object_id, new=told))
        raise
    is_here = stations.reaches(proven.row, await stations.stand_of(uow, station))
    if act.permission not in proven.rights or not is_here:
        raise ApproverRefused(f"{proven.row['name']} may not approve this either; ask somebody else.")
    await pins.accept(uow, proven)
    token, approver_id = crypto.new_token(), proven.row["id"]
    new = NewApproval(ids.new_id(), crypto.digest(token), act, bound, approver_id)
    lifetime = timedelta(seconds=uow.setup.settings.of(IdentitySettings).approval_seconds)
    expires_at = await repository.add(uow, new, lifetime)
    _tell(uow, new)
    return Given(token, expires_at, proven.row["name"])


def _tell(uow: UnitOfWork, new: NewApproval) -> None:
    act = new.act
    uow.publish(
        ActApproved(
            approval_id=new.id,
            permission=act.permission,
            object_type=act.object_type,
            object_id=act.object_id,
            requester_id=new.bound.requester_id,
            approver_id=new.approver_id,
        )
    )
    told = {"permission": act.permission}
    uow.record(Entry("identity.act_approved", act.object_type, act.object_id, new=told, approver_id=new.approver_id))


async def use(uow: UnitOfWork, right: Permission, act: Act, token: str | None) -> Approver:
    """Use an approval up, in the transaction of the act for which the actor lacks `right`; return who gave it.

    Raises ApprovalNeeded without a token at a shared device, NotAllowed elsewhere, and ApprovalRefused.
    """
    if uow.actor.station is None:
        raise NotAllowed(f"This needs the right “{right.title}”.", extra={"permission": right.name})
    if token is None:
        raise ApprovalNeeded(
            f"Somebody with the right “{right.title}” must approve this.", extra={"permission": right.name}
        )
    row = await repository.use(uow, crypto.digest(token), act, _bound(uow)[0])
    if row is None:
        raise ApprovalRefused("This approval was used, has run out, or was given for something else; ask again.")
    return Approver(row["id"], row["name"])
