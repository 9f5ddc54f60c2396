"""What happens in mail; an event names a mail by its id and says nothing of what is in it."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class MailQueued(Event):
    """A mail waits to be handed over."""

    name: ClassVar[str] = "mail.queued"

    mail_id: UUID
