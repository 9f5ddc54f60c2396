"""What happens to files."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class FileReceived(Event):
    """All of a file is here, and it is to be looked at by the scanner before anybody gets it."""

    name: ClassVar[str] = "files.received"

    file_id: UUID


class FileReady(Event):
    """A file may be given out; of a picture smaller forms are to be made."""

    name: ClassVar[str] = "files.ready"

    file_id: UUID


class BytesDropped(Event):
    """What lies under these keys belongs to nothing any more."""

    name: ClassVar[str] = "files.bytes_dropped"

    keys: tuple[str, ...]
