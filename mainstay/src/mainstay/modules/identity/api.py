"""The front door of identity for other modules: who people are, approvals of one act, and shared devices that end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.modules.identity.repository import people as people_rows
from mainstay.modules.identity.repository import readers, roles
from mainstay.modules.identity.repository.approvals import Act as _Act
from mainstay.modules.identity.service import approvals, marks, rights, stations
from mainstay.modules.identity.service.passwords import fold
from mainstay.modules.identity.service.pins import PinGiven
from mainstay.permission import Permission
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


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be written to."""

    id: UUID
    address: str
    name: str


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


async def readers_with_role(uow: UnitOfWork, role: str) -> list[Reader]:
    """Return the people with a role who are here and can be written to, the earliest first."""
    return [Reader(row["id"], row["email"], row["name"]) for row in await readers.readers_with(uow, [role])]


async def readers_with_right(uow: UnitOfWork, right: Permission, place_id: UUID | None = None) -> list[Reader]:
    """Return the people who are here and whose role holds a right today, the earliest first.

    Of those who are limited to places, only who reaches `place_id`.
    """
    held = [row["key"] for row in await roles.roles(uow) if right.name in rights.held_by(uow, row)]
    return [Reader(row["id"], row["email"], row["name"]) for row in await readers.readers_at(uow, held, place_id)]


async def readers_of(uow: UnitOfWork, person_ids: Iterable[UUID]) -> list[Reader]:
    """Return those of some people who are here, the earliest first."""
    rows = await readers.readers(uow, list(person_ids))
    return [Reader(row["id"], row["email"], row["name"]) for row in rows]


async def reader_at(uow: UnitOfWork, address: str) -> Reader | None:
    """Return who is here with an e-mail address; None when nobody is."""
    row = await readers.reader_of(uow, fold(address))
    return None if row is None else Reader(row["id"], row["email"], row["name"])


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
