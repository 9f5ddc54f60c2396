"""Errors that a process could not write into the database, left on the disk of the machine for one that can.

The parent of all processes has no database, and a process that ends while the database is away has one no more.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import orjson
import structlog
from pydantic import TypeAdapter, ValidationError

from mainstay.observe.gathering import Batch

FOLDER: Final = "errors"
# Files that wait at most.
MOST: Final = 100
_ENDING: Final = ".json"

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """A batch that waits on the disk."""

    path: Path
    batch: Batch

    def remove(self) -> None:
        """Let go of it: it is written."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder in which batches wait; it is made when the first one is left."""

    folder: Path

    @classmethod
    def of(cls, data_dir: Path) -> "Spool":
        """Return the one of the program with this data folder."""
        return cls(data_dir / FOLDER)

    def leave(self, batch: Batch) -> bool:
        """Leave a batch; False where that cannot be done, or too many wait."""
        path = self.folder / f"{batch.origin.writer.hex}-{batch.number:09d}{_ENDING}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if len(self._names()) >= MOST:
                return False
            new = path.with_suffix(".new")
            new.write_bytes(orjson.dumps(batch, default=list))
            new.replace(path)
        except OSError as failure:
            logger.warning("errors", outcome="not left", reason=str(failure))
            return False
        return True

    def oldest(self, release: str) -> Left | None:
        """Return the batch that waits longest; of a process that did not know its `release`, it has this one.

        One that cannot be read is deleted. Those of one process are in their order.
        """
        for name in self._names():
            path = self.folder / name
            try:
                batch = _form().validate_json(path.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, ValidationError) as failure:
                logger.warning("errors", outcome="unreadable", file=name, reason=type(failure).__name__)
                path.unlink(missing_ok=True)
                continue
            origin = batch.origin
            return Left(path, replace(batch, origin=replace(origin, release=origin.release or release)))
        return None

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self.folder.iterdir() if path.suffix == _ENDING)
        except FileNotFoundError:
            return []


@cache
def _form() -> TypeAdapter[Batch]:
    return TypeAdapter(Batch)
