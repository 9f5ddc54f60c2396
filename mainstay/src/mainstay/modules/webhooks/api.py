"""The front door of webhooks: the message that an event `webhooks.received` is about."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from mainstay.modules.webhooks.service import receiving
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message of a source, byte for byte as it was signed."""

    source: str
    message_id: str
    body: bytes = field(repr=False)
    received_at: datetime


async def received(uow: UnitOfWork, received_id: UUID) -> ReceivedMessage | None:
    """Return a message; None when its source was removed or it has been forgotten."""
    row = await receiving.received(uow, received_id)
    if row is None:
        return None
    return ReceivedMessage(row["name"], row["message_id"], row["body"], row["received_at"])
