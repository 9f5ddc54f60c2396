"""An archive as a file: read as it was written, or refused with one sentence."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from mainstay import clock
from mainstay.db.backup.archive import ArchiveWriter, ignore, read_archive, read_header
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.folder import archive_at
from mainstay.db.backup.manifest import Header, Manifest, Table
from mainstay.db.backup.sealing import key_label

KEY = b"a key of more than thirty-two characters"
PIECES = [b"one", b"", b"x" * 300_000, b"end"]
HEADER = Header("shop", UUID(int=1), UUID(int=2), clock.now(), "00", key_label(KEY, "00"))
PLAIN = replace(HEADER, key=None)


def write(path: Path, header: Header = HEADER, key: bytes | None = KEY) -> Manifest:
    with path.open("wb") as file:
        writer = ArchiveWriter(file, header, key)
        writer.add("database.dump", iter(PIECES))
        writer.add("settings.json", iter([b"{}"]))
        tables = (Table("public.note", 7, "00"),)
        manifest = Manifest(
            "shop", "1", header.database, header.made_at, 180000, ("a1",), (), tables, tuple(writer.parts)
        )
        writer.finish(manifest)
    return manifest


@pytest.mark.parametrize(("header", "key"), [(HEADER, KEY), (PLAIN, None)])
def test_parts_and_manifest_come_out_as_they_went_in(tmp_path: Path, header: Header, key: bytes | None) -> None:
    written, parts = write(tmp_path / "a", header, key), dict[str, bytes]()

    def take(name: str, piece: bytes) -> None:
        parts[name] = parts.get(name, b"") + piece

    assert read_archive(archive_at(tmp_path / "a"), key, take) == written
    assert parts == {"database.dump": b"".join(PIECES), "settings.json": b"{}"}
    assert read_header(archive_at(tmp_path / "a")) == header


def test_a_wrong_key_and_none_are_told_apart_from_damage(tmp_path: Path) -> None:
    write(tmp_path / "a")

    with pytest.raises(BackupError, match="encrypted with another key"):
        read_archive(archive_at(tmp_path / "a"), KEY + b"!", ignore)
    with pytest.raises(BackupError, match="The archive is encrypted; set the key"):
        read_archive(archive_at(tmp_path / "a"), None, ignore)


def test_an_archive_without_encryption_is_not_taken_for_one_with(tmp_path: Path) -> None:
    """Whoever can write into the folder could put one there, and a restore runs what is in it."""
    write(tmp_path / "a", PLAIN, None)

    with pytest.raises(BackupError, match="not encrypted and a key is set"):
        read_archive(archive_at(tmp_path / "a"), KEY, ignore)


def test_a_file_that_is_none_and_one_that_is_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("PGDMP")

    with pytest.raises(BackupError, match="is no backup"):
        read_archive(archive_at(tmp_path / "a"), None, ignore)
    with pytest.raises(BackupError, match=r"b cannot be read: No such file"):
        read_header(archive_at(tmp_path / "b"))


def places(size: int) -> Iterator[int]:
    yield from range(0, size, max(1, size // 60))
    yield size - 1


def test_an_archive_that_was_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a")
    text = (tmp_path / "a").read_bytes()

    for length in places(len(text)):
        (tmp_path / "b").write_bytes(text[:length])
        with pytest.raises(BackupError):
            read_archive(archive_at(tmp_path / "b"), KEY, ignore)


@pytest.mark.parametrize(("header", "key"), [(HEADER, KEY), (PLAIN, None)])
def test_an_altered_byte_anywhere_is_refused(tmp_path: Path, header: Header, key: bytes | None) -> None:
    write(tmp_path / "a", header, key)
    text = (tmp_path / "a").read_bytes()

    for place in places(len(text)):
        forged = bytearray(text)
        forged[place] ^= 4
        (tmp_path / "b").write_bytes(bytes(forged))
        with pytest.raises(BackupError):
            read_archive(archive_at(tmp_path / "b"), key, ignore)


def test_an_archive_without_its_manifest_is_none(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        writer = ArchiveWriter(file, PLAIN, None)
        writer.add("database.dump", iter([b"x"]))
        writer._chunks.close()

    with pytest.raises(BackupError, match="damaged"):
        read_archive(archive_at(tmp_path / "a"), None, ignore)


@pytest.mark.parametrize(
    "records",
    [
        [(b"D", b"x")],
        [(b"B", b"a"), (b"B", b"b")],
        [(b"E", b"")],
        [(b"B", b"\xff")],
        [(b"B", b"a"), (b"M", b"{}")],
        [(b"X", b"")],
        [(b"M", b"{}")],
        [(b"M", b"no json")],
    ],
)
def test_records_out_of_order_are_refused(tmp_path: Path, records: list[tuple[bytes, bytes]]) -> None:
    with (tmp_path / "a").open("wb") as file:
        writer = ArchiveWriter(file, PLAIN, None)
        for kind, data in records:
            writer._record(kind, data)
        writer._chunks.close()

    with pytest.raises(BackupError, match="damaged"):
        read_archive(archive_at(tmp_path / "a"), None, ignore)


@pytest.mark.parametrize("rest", [b"D\x7f\x00\x00\x00", b"D\x00\x00"])
def test_a_record_that_is_too_large_or_has_no_end_is_refused(tmp_path: Path, rest: bytes) -> None:
    with (tmp_path / "a").open("wb") as file:
        writer = ArchiveWriter(file, PLAIN, None)
        writer._chunks.write(rest)
        writer._chunks.close()

    with pytest.raises(BackupError, match="damaged"):
        read_archive(archive_at(tmp_path / "a"), None, ignore)
