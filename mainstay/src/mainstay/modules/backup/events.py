"""What happens in backup."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class BackupWanted(Event):
    """A backup is to be made: it was due, or somebody asked for it."""

    name: ClassVar[str] = "backup.wanted"

    backup_id: UUID
