"""What other modules may ask of the audit trail; entries they write by `UnitOfWork.record`."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from mainstay.modules.audit.repository import entries
from mainstay.modules.audit.service import removing
from mainstay.work import UnitOfWork


async def erase(uow: UnitOfWork, object_type: str, object_id: UUID | str) -> int:
    """Erase the personal data that the trail holds about a thing, which is on record then; return how many parts went.

    That something was done to it stays, and so does the chain. For `identity.person`, name and address go from the
    entries of what that person did, too.
    """
    return await removing.erase(uow, object_type, object_id)


async def count(uow: UnitOfWork, acts: Sequence[str], span: timedelta) -> dict[str, int]:
    """Return how often each of `acts` is in the trail of the last `span`; none is missing from the answer."""
    return await entries.count(uow, acts, span)
