"""Whose a file is, and what that means: who reaches a record reaches its files, by the rights that its module names."""

from typing import Literal
from uuid import UUID

from mainstay.modules.files.errors import FileUnknown, OwnerUnknown
from mainstay.modules.files.repository import files as repository
from mainstay.setup import FileOwner
from mainstay.work import Row, UnitOfWork

Wish = Literal["read", "write"]


async def demand_owner(uow: UnitOfWork, kind: str, owner_id: UUID, wish: Wish) -> FileOwner:
    """Return what a kind of records says of files. Raises NotAllowed, and OwnerUnknown for no such record."""
    owner = uow.setup.file_owners.get(kind)
    if owner is None:
        raise OwnerUnknown("There is no such kind of record with files.")
    # Whoever changes a record's files sees them too.
    uow.actor.demand(owner.read, *((owner.write,) if wish == "write" else ()))
    if not await owner.has(uow, owner_id):
        raise OwnerUnknown("There is no such record.")
    return owner


async def demand_file(uow: UnitOfWork, file_id: UUID, wish: Wish) -> Row:
    """Return a file that the actor reaches. Raises FileUnknown, and NotAllowed where the right is lacking."""
    row = await repository.one(uow, file_id)
    if row is None or row["owner_kind"] not in uow.setup.file_owners:
        raise FileUnknown("There is no such file.")
    try:
        await demand_owner(uow, row["owner_kind"], row["owner_id"], wish)
    except OwnerUnknown as failure:
        raise FileUnknown("There is no such file.") from failure
    return row
