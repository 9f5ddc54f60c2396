"""What happens in mail; an event names a mail by its id and says nothing of what is in it."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class MailQueued(Event):
    """A mail waits to be handed over."""

    name: ClassVar[str] = "mail.queued"

    mail_id: UUID


class MailBounced(Event):
    """A mail cannot be delivered because of its address: the server refused it, or it came back."""

    name: ClassVar[str] = "mail.bounced"

    mail_id: UUID
