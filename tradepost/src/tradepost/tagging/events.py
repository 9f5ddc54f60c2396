"""What happens to tags; what becomes of a labelled thing is told by the module that keeps it."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class TagRenamed(Event):
    """A tag or group has another name now."""

    name: ClassVar[str] = "tagging.tag_renamed"
    tag_id: UUID
    old_name: str
    new_name: str


class TagDeleted(Event):
    """A tag or group is gone, from everything that had it."""

    name: ClassVar[str] = "tagging.tag_deleted"
    tag_id: UUID
    old_name: str
