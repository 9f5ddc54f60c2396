"""The second place on disk: the log as it was received, base copies, and up to which moment nothing is missing.

    <folder>/<name of the data folder>/wal/           segments of the log; the one being written ends in .partial
                                       wal/earlier/   those from before a gap
                                       base/<name>/   a copy of the cluster; <name>.json tells of it, and comes last
                                       covered.json   until when all that was done is here
                                       files/         the program's files (`mainstay.storage.mirror`), where it has some

A restored data folder has a name of its own: it goes on from an earlier moment, and what came after it stays here.
"""

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from pydantic import TypeAdapter, ValidationError

from mainstay import clock, crypto
from mainstay.db.embedded.errors import EmbeddedDatabaseError

SEGMENT = re.compile(r"^([0-9A-F]{8})([0-9A-F]{16})(\.partial)?$")
_START = re.compile(r"START WAL LOCATION: ([0-9A-F]+)/([0-9A-F]+) \(file ([0-9A-F]{24})\)")
# How a base copy is called: by when it began.
NAME: Final = "%Y%m%dT%H%M%S.%fZ"
SEGMENT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Base:
    """A base copy: any moment from `ended_at` on can be reached from it. `start` is where its log begins."""

    name: str
    ended_at: datetime
    timeline: int
    start: int
    segment: str

    @property
    def began_at(self) -> datetime:
        """When it began, which its name tells; when it ended, where the name tells nothing."""
        try:
            return datetime.strptime(self.name, NAME).replace(tzinfo=UTC)
        except ValueError:
            return self.ended_at


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of the log: `number` is its place, the same on all timelines."""

    path: Path
    timeline: int
    number: int
    is_partial: bool

    @property
    def name(self) -> str:
        """Its name when it is whole."""
        return self.path.name.removesuffix(".partial")


class Store:
    """What was received of one data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wal = path / "wal"
        self.base = path / "base"
        # The receiver goes on where its folder ends, and looks into none below it.
        self.earlier = self.wal / "earlier"
        self.files = path / "files"

    @classmethod
    def open(cls, folder: Path, name: str) -> Self:
        """Return the store of the data folder `name`, made where it is missing. Raises EmbeddedDatabaseError.

        The folder itself must be there: a disk that is not mounted is to be noticed.
        """
        if not folder.is_dir():
            raise EmbeddedDatabaseError(
                f"The folder {folder} that is to receive the database's log (…_RECOVERY_FOLDER) does not exist; "
                "mount its disk, or make it."
            )
        store = cls(folder / name)
        for path in (store.path, store.wal, store.base):
            path.mkdir(mode=0o700, exist_ok=True)
        return store

    def bases(self) -> list[Base]:
        """Return the base copies that are whole, the oldest first."""
        found = []
        for path in self.base.glob("*.json"):
            with suppress(ValidationError, OSError):
                found.append(_BASE.validate_json(path.read_bytes()))
        return sorted(found, key=lambda base: base.ended_at)

    def keep(self, base: Base) -> None:
        """Tell of a base copy whose folder is in its place."""
        self._put(self.base / f"{base.name}.json", _BASE.dump_json(base))

    def covered(self) -> datetime | None:
        """Return until when all that was done is here; None when nobody has said."""
        try:
            return _MOMENT.validate_python(json.loads((self.path / "covered.json").read_bytes())["until"])
        except (OSError, ValueError, KeyError):
            return None

    def cover(self, until: datetime) -> None:
        """Remember until when all that was done is here."""
        self._put(self.path / "covered.json", json.dumps({"until": until.isoformat()}).encode())

    def segments(self) -> list[Segment]:
        """Return the files of the log in order; of a whole and a partial one of the same place only the whole one."""
        found: dict[str, Segment] = {}
        for path in sorted(self._received(), key=lambda path: path.name, reverse=True):
            if match := SEGMENT.match(path.name):
                timeline, place = int(match[1], 16), match[2]
                number = int(place[:8], 16) * (2**32 // SEGMENT_BYTES) + int(place[8:], 16)
                found[match[1] + place] = Segment(path, timeline, number, match[3] is not None)
        return sorted(found.values(), key=lambda segment: (segment.number, segment.timeline))

    def histories(self) -> list[Path]:
        """Return the files that tell of timelines."""
        return [path for path in self._received() if path.suffix == ".history"]

    def set_aside(self) -> None:
        """Put away what was received: the server has not got what follows it, and the receiver begins anew."""
        self.earlier.mkdir(mode=0o700, exist_ok=True)
        for path in self.wal.iterdir():
            if SEGMENT.match(path.name):
                path.replace(self.earlier / path.name)

    def has_gap_after(self, base: Base) -> bool:
        """Whether what is received now does not follow the log of a base copy."""
        present = [path.name for path in self.wal.iterdir() if SEGMENT.match(path.name)]
        return bool(present) and min(present)[8:24] > base.segment[8:]

    def _received(self) -> list[Path]:
        folders = (folder for folder in (self.wal, self.earlier) if folder.is_dir())
        return [path for folder in folders for path in folder.iterdir()]

    def prune(self, before: datetime) -> None:
        """Remove the base copies that no moment from `before` on needs, and the log from before the oldest kept one."""
        bases = self.bases()
        older = [base for base in bases if base.ended_at <= before]
        for base in older[:-1]:
            (self.base / f"{base.name}.json").unlink(missing_ok=True)
            shutil.rmtree(self.base / base.name, ignore_errors=True)
        kept = {base.name for base in self.bases()}
        for path in self.base.iterdir():
            if path.is_dir() and path.name not in kept and not path.name.startswith("."):
                shutil.rmtree(path, ignore_errors=True)
        if bases:
            oldest = min(self.bases(), key=lambda base: base.start)
            for segment in self.segments():
                if segment.name[8:] < oldest.segment[8:]:
                    segment.path.unlink(missing_ok=True)

    @staticmethod
    def _put(path: Path, content: bytes) -> None:
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def name_of(base: Path) -> str:
    """Return what a data folder is called in second places; `base` is what is the program's own beside its cluster."""
    path = base / "second.place"
    if not path.exists():
        path.write_text(f"{clock.now():%Y%m%d-%H%M%S}-{crypto.new_salt(4).hex()}\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def base_of(path: Path, name: str, ended_at: datetime) -> Base:
    """Return what a copied cluster's label says of it. Raises EmbeddedDatabaseError."""
    found = _START.search((path / "backup_label").read_text(encoding="utf-8"))
    if found is None:
        raise EmbeddedDatabaseError(f"The label of the base copy in {path} cannot be read.")
    return Base(name, ended_at, int(found[3][:8], 16), (int(found[1], 16) << 32) + int(found[2], 16), found[3])


_BASE = TypeAdapter(Base)
_MOMENT = TypeAdapter(datetime)
