"""Sources: who may send messages, and by which secret."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mainstay.errors import FieldProblem, InvalidInput
from mainstay.messages.audit import Entry
from mainstay.modules.webhooks.errors import IdTaken, SourceUnknown, TooMany
from mainstay.modules.webhooks.repository import sources as repository
from mainstay.modules.webhooks.service import signing
from mainstay.modules.webhooks.service.subscriptions import MOST, OVERLAP, demand_whole
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

KIND: Final = "webhooks.source"
# The standard wants at least 24 bytes of a secret; some senders make shorter ones.
SHORTEST, LONGEST = 16, 64


@dataclass(frozen=True, slots=True)
class Made:
    """A source with its secret, which is shown this once."""

    secret: str
    row: Row


async def all_of(uow: UnitOfWork) -> list[Row]:
    """Return all sources. Raises NotAllowed, as all of these do, for whoever is limited to a part of the records.

    What a source tells is not of one place.
    """
    demand_whole(uow)
    return await repository.all_of(uow)


async def add(uow: UnitOfWork, key: UUID, name: str, description: str, given: str | None) -> Made:
    """Let somebody send messages, by a secret of theirs or a new one. Raises InvalidInput, TooMany and IdTaken."""
    demand_whole(uow)
    secret = _secret(given)
    if len(await repository.all_of(uow)) >= MOST:
        raise TooMany(f"There are {MOST} sources; delete one that is not used any more.")
    if not await repository.add(uow, key, name, description, signing.seal(uow, secret, key)):
        raise IdTaken("A source with this id or name exists.")
    uow.record(Entry("webhooks.source_added", KIND, key, new={"name": name, "description": description}))
    return Made(signing.shown(secret), await _one(uow, key))


async def rotate(uow: UnitOfWork, key: UUID, version: int, given: str | None) -> Made:
    """Give a source another secret; for a day the former one counts too. Raises SourceUnknown and VersionConflict."""
    secret, row = _secret(given), await _one(uow, key)
    if not await repository.rotate(uow, key, version, signing.seal(uow, secret, key), OVERLAP):
        # A secret is all that can be given, and is none of the facts.
        raise await conflict(uow, repository.VERSIONED, Attempt(key, version, {}))
    uow.record(Entry("webhooks.source_secret_rotated", KIND, key, new={"name": row["name"]}))
    return Made(signing.shown(secret), await _one(uow, key))


async def remove(uow: UnitOfWork, key: UUID) -> None:
    """Take nothing from a source any more, and delete what it sent. Raises SourceUnknown."""
    row = await _one(uow, key)
    await repository.remove(uow, key)
    uow.record(Entry("webhooks.source_removed", KIND, key, old={"name": row["name"]}))


async def _one(uow: UnitOfWork, key: UUID) -> Row:
    demand_whole(uow)
    row = await repository.one(uow, key)
    if row is None:
        raise SourceUnknown("There is no such source.")
    return row


def _secret(given: str | None) -> bytes:
    if given is None:
        return signing.new_secret()
    secret = signing.decoded(given)
    if secret is None or not SHORTEST <= len(secret) <= LONGEST:
        problem = FieldProblem("secret", "not_a_secret", "It must be whsec_ and 16 to 64 bytes in Base64.")
        raise InvalidInput("This is no secret as Standard Webhooks has them.", errors=[problem])
    return secret
