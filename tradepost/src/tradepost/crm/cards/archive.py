"""Takes pictures out of a ZIP archive, one at a time and never onto the disk: names are only labels here.

What is bounded: entries and the size of their list before it is parsed, the bytes of each, and of all together as they
are unpacked, whatever the archive claims (a ZIP bomb lies about it).
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from tradepost.crm.cards.limits import MEBI, Limits
from tradepost.crm.errors import ArchiveRefused

MOST_ENTRIES: Final = 200
# Every unpacked byte counts, those of refused files too.
MOST_BYTES: Final = 400 * MEBI
# A name of 255 bytes and what stands with it, for each entry: the list is parsed at once.
LONGEST_LIST: Final = 512 * 1024
STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
END: Final = b"PK\x05\x06"
END_SIZE: Final = 22
LONGEST_COMMENT: Final = 65_535
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LONGEST_NAME: Final = 255
DAMAGED: Final = "The archive is damaged or was not sent whole; pack it again, or send the pictures one by one."
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of an archive: its content, which is yet to be looked at."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of an archive that is not taken, and why."""

    filename: str
    code: str
    sentence: str


def is_archive(start: bytes) -> bool:
    """Whether a file that begins so is a ZIP archive."""
    return start.startswith(STARTS)


def unpack(file: IO[bytes], limits: Limits | None = None) -> Iterator[Unpacked | Refused]:
    """Yield the files of an archive in its order, each read when it is asked for. Raises ArchiveRefused."""
    limits = limits or Limits()
    with _open(file) as archive:
        entries = [entry for entry in archive.infolist() if not _is_no_file(entry)]
        if len(entries) > MOST_ENTRIES:
            raise ArchiveRefused(f"The archive has {len(entries)} files; send at most {MOST_ENTRIES} at once.")
        left = MOST_BYTES
        for entry in entries:
            found = _refusal(entry) or _read(archive, entry, min(limits.bytes, left))
            if isinstance(found, Unpacked):
                left -= len(found.content)
                if left <= 0:
                    raise ArchiveRefused(f"The pictures take more than {MOST_BYTES // MEBI} MiB; send fewer at once.")
            yield found


def label(name: str) -> str:
    """Return the last part of a file's name as it may be shown: without control characters, not too long."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", shown).strip()[:LONGEST_NAME] or "unnamed"


def _open(file: IO[bytes]) -> zipfile.ZipFile:
    """Open an archive whose list of entries is short enough to be parsed. Raises ArchiveRefused."""
    size = file.seek(0, 2)
    start = max(0, size - END_SIZE - LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    # As zipfile finds it: at the very end, or before a comment.
    at = len(tail) - END_SIZE if tail[-END_SIZE:].startswith(END) and tail.endswith(b"\0\0") else tail.rfind(END)
    if at < 0 or len(tail) < at + END_SIZE:
        raise ArchiveRefused(DAMAGED)
    list_size = struct.unpack_from("<L", tail, at + 12)[0]
    if list_size > LONGEST_LIST:
        raise ArchiveRefused(f"The archive lists far too many files; send at most {MOST_ENTRIES} at once.")
    try:
        return zipfile.ZipFile(file)
    except BROKEN as failure:
        raise ArchiveRefused(DAMAGED) from failure


def _is_no_file(entry: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, or what a Mac puts beside each file."""
    return entry.is_dir() or entry.filename.startswith("__MACOSX/") or label(entry.filename) == ".DS_Store"


def _refusal(entry: zipfile.ZipInfo) -> Refused | None:
    """Return why an entry is not even read."""
    shown, name = label(entry.filename), entry.filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return Refused(shown, "crm.archive_path", "Its name leads out of the archive; pack the pictures anew.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Refused(shown, "crm.archive_link", "It is a link to another file; put the picture itself in.")
    if entry.flag_bits & 0x1:
        return Refused(shown, "crm.archive_encrypted", "It is encrypted; pack the pictures without a password.")
    if entry.compress_type not in METHODS:
        return Refused(shown, "crm.archive_method", "It is packed in a way that is not read; use plain ZIP.")
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> Unpacked | Refused:
    """Return a file, read no further than one byte over what it may have."""
    shown = label(entry.filename)
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except BROKEN:
        return Refused(shown, "crm.archive_damaged", "It is damaged in the archive; send it by itself.")
    if is_archive(content):
        return Refused(shown, "crm.archive_nested", "It is an archive in the archive; send it by itself.")
    return Unpacked(shown, content)
