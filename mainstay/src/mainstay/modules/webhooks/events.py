"""What happens in webhooks."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class WebhookReceived(Event):
    """A source sent a message, which is kept: a module that answers this reads it by `webhooks.api.received`."""

    name: ClassVar[str] = "webhooks.received"

    received_id: UUID
    source: str
