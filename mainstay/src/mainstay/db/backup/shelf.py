"""The port of places for archives: what each can do, and an archive as one that lies in such a place."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Protocol


class Shelf(Protocol):
    """A place for archives under their names; what is written there appears whole, or not at all.

    Every method blocks, and raises BackupError when the place cannot be used.
    """

    @property
    def address(self) -> str:
        """Where it is, as people write it: a folder's path, or `s3://bucket/folder`."""
        ...

    def prepare(self) -> None:
        """Make it ready to be written to, and remove what killed backups left that never became whole."""
        ...

    def demand_room(self, wanted: int) -> None:
        """Return when so many bytes find room there."""
        ...

    def writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Yield what takes an archive, which has its name once the block has ended well; else nothing stays."""
        ...

    def opened(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Yield an archive from its begin on; it can be read once, and left before its end."""
        ...

    def sizes(self) -> dict[str, int]:
        """Return the names of all archives there, with their sizes in bytes."""
        ...

    def remove(self, name: str) -> None:
        """Remove an archive; that there is none is no failure."""
        ...


@dataclass(frozen=True, slots=True)
class Shelved:
    """An archive: the place it lies in, and its name there."""

    shelf: Shelf
    name: str

    def __str__(self) -> str:
        return f"{self.shelf.address}/{self.name}"

    def size(self) -> int:
        """Return its size in bytes; 0 when it is not there. Raises BackupError."""
        return self.shelf.sizes().get(self.name, 0)


def name_on(shelf: Shelf, address: str) -> str | None:
    """Return the name of the archive at an address; None when it lies elsewhere than on the shelf."""
    place, _, name = address.rpartition("/")
    return name if place == shelf.address else None
