"""The front door of identity for other modules: who people are, approvals of one act, and shared devices that end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.modules.identity.repository import people as people_rows
from mainstay.modules.identity.repository import readers
from mainstay.modules.identity.repository.approvals import Act as _Act
from mainstay.modules.identity.service import approvals, marks, rights, stations
from mainstay.modules.identity.service.pins import PinGiven
from mainstay.permission import OWNER, Permission
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Act:
    """What may need an approval: the right, the thing it is done to, and all that is to be done, as text.

    Two acts with other contents are two acts: an approval of the one is none of the other.
    """

    right: Permission
    object_type: str
    object_id: UUID
    content: str


@dataclass(frozen=True, slots=True)
class ApproverPin:
    """The PIN that somebody typed to approve, who they are, and the program's secret key."""

    person_id: UUID
    pin: str
    keyring: Keyring


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval for whoever asked; the token is shown once."""

    token: str
    expires_at: datetime
    approver_name: str


@dataclass(frozen=True, slots=True)
class Someone:
    """A person, here or gone, and which of their role's rights count at shared devices."""

    id: UUID
    name: str
    rights: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person by name; who was deactivated or deleted is not active, and deleted ones may have lost their name."""

    id: UUID
    name: str
    is_active: bool


# More people than anybody chooses from.
MOST_COLLEAGUES = 500


async def colleagues(uow: UnitOfWork, person_ids: Iterable[UUID]) -> dict[UUID, Colleague]:
    """Return who people are, by id, in one statement; unknown ones are absent."""
    wanted = list(set(person_ids))
    rows = await people_rows.colleagues(uow, wanted) if wanted else []
    return {row["id"]: Colleague(**row) for row in rows}


async def active_colleagues(uow: UnitOfWork) -> list[Colleague]:
    """Return the people who are here, by name, at most 500."""
    return [Colleague(**row) for row in await people_rows.active(uow, MOST_COLLEAGUES)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be written to."""

    id: UUID
    name: str
    email: str


async def owners(uow: UnitOfWork) -> list[Reader]:
    """Return the active owners who have an address."""
    return [Reader(**row) for row in await readers.readers_with(uow, [OWNER])]


async def approve(uow: UnitOfWork, act: Act, approver: ApproverPin) -> Approval:
    """Approve an act of the actor, who signed in by PIN, by somebody else's PIN.

    To be called before anything is written. Raises NoStation, ApproverRefused, WrongPin and TooManyAttempts.
    """
    given = await approvals.give(uow, _row(act), PinGiven(approver.person_id, approver.pin, approver.keyring))
    return Approval(given.token, given.expires_at, given.approver_name)


async def use_approval(uow: UnitOfWork, act: Act, token: str | None) -> Someone:
    """Use up the approval of an act for which the actor lacks the right, in the act's transaction; return who gave it.

    Raises ApprovalNeeded, ApprovalRefused, and NotAllowed where nobody can approve.
    """
    approver = await approvals.use(uow, act.right, _row(act), token)
    return Someone(approver.id, approver.name)


async def marked(uow: UnitOfWork, keyring: Keyring, place_id: UUID, mark: str) -> Someone | None:
    """Return whose mark was made at a place (see `SessionStationOut.mark`); None when it proves nothing.

    Of somebody who is away or gone it tells the name, for what they did before, and no rights.
    """
    person_id = marks.read(keyring, place_id, mark)
    row = None if person_id is None else await people_rows.with_role(uow, person_id)
    if row is None:
        return None
    held = rights.held_by(uow, row) if row["is_active"] else frozenset[str]()
    return Someone(row["id"], row["name"], held & uow.setup.roles.for_stations)


async def end_stations(uow: UnitOfWork, place_id: UUID) -> None:
    """Have no device at a place take PINs any more."""
    await stations.revoke_at(uow, place_id)


def _row(act: Act) -> _Act:
    return _Act(act.right.name, act.object_type, act.object_id, crypto.digest(act.content))
