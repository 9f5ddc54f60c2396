"""What leaves the trail: personal data on request, and entries that have had their time. Both are on record."""

from uuid import UUID

import structlog

from mainstay.messages.audit import Entry
from mainstay.modules.audit.repository import chain as repository
from mainstay.modules.audit.service.chain import Head
from mainstay.modules.audit.settings import AuditSettings
from mainstay.work import UnitOfWork

logger = structlog.stdlib.get_logger(__name__)

ERASED = "audit.erased"
EXPIRED = "audit.expired"
CHECKPOINT = "audit.checkpoint"
# Erasing a person also takes name and address from the entries of what they did.
PERSON = "identity.person"


async def erase(uow: UnitOfWork, object_type: str, object_id: UUID | str) -> int:
    """Erase what the trail says of a thing beyond that something happened; return how many parts went.

    Who did what when stays, by id, and so does the chain (GDPR Art. 17; rule 37).
    """
    removed = await repository.erase(uow, object_type, str(object_id))
    uow.record(Entry(ERASED, object_type, object_id, new={"parts": removed}))
    return removed


async def expire(uow: UnitOfWork) -> Head | None:
    """Delete the sealed entries that are older than the settings keep them; return the checkpoint that is left.

    The checkpoint is an entry of the chain itself, so that nobody adds another one unseen.
    """
    row = await repository.expire(uow, uow.setup.settings.of(AuditSettings).keep_years)
    if row is None:
        return None
    checkpoint = Head(row["through"], row["through_hash"])
    uow.record(Entry(EXPIRED, CHECKPOINT, str(checkpoint), new={"removed": row["removed"]}))
    logger.info("audit entries have had their time", removed=row["removed"], checkpoint=str(checkpoint))
    return checkpoint
