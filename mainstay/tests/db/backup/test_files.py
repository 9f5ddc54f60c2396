"""The files of a folder in an archive: all that were whole, byte for byte, and none that leads out of its folder."""

import io
import tarfile
from pathlib import Path

import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.files import Unpacker, packed, size_of
from mainstay.db.backup.stopping import Stop

CONTENT = {"content/a/1": b"x" * 512, "content/b/2": b"", "forms/c/3": b"yz" * 700_000, "incoming/d/4": b"w"}


def folder_with(folder: Path) -> Path:
    for name, content in {**CONTENT, ".partial/half": b"half"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("size", [1, 511, 512, 70_001, 10_000_000])
def test_files_come_out_as_they_went_in_however_the_stream_is_cut(tmp_path: Path, size: int) -> None:
    stream = b"".join(packed(folder_with(tmp_path / "old"), Stop()))[: 9_000 if size == 1 else None]
    unpacker = Unpacker(tmp_path / "new")
    for start in range(0, len(stream), size):
        unpacker.write(stream[start : start + size])
    unpacker.close()
    new = tmp_path / "new"
    found = {path.relative_to(new).as_posix(): path.read_bytes() for path in new.rglob("*") if path.is_file()}
    expected = dict(CONTENT) if size > 1 else {name: CONTENT[name] for name in ("content/a/1", "content/b/2")}
    assert {name: found[name] for name in expected} == expected
    assert set(found) <= set(CONTENT)
    assert (new / "content/a/1").stat().st_mode & 0o777 == 0o600


def test_any_program_can_read_the_part(tmp_path: Path) -> None:
    stream = b"".join(packed(folder_with(tmp_path), Stop()))
    with tarfile.open(fileobj=io.BytesIO(stream)) as archive:
        assert archive.getnames() == sorted(CONTENT)
    assert size_of(tmp_path) == sum(map(len, CONTENT.values()))


@pytest.mark.parametrize("name", ["Thumbs.db", "content/Copy of 1", f"content/{'a' * 90}/{'b' * 99}/{'c' * 99}"])
def test_what_somebody_else_laid_there_makes_no_archive_that_cannot_be_restored(tmp_path: Path, name: str) -> None:
    old = folder_with(tmp_path / "old")
    (old / name).parent.mkdir(parents=True, exist_ok=True)
    (old / name).write_bytes(b"foreign")
    (tmp_path / "secret").write_bytes(b"of this machine")
    (old / "content/link").symlink_to(tmp_path / "secret")
    unpacker = Unpacker(tmp_path / "new")

    unpacker.write(b"".join(packed(old, Stop())))
    unpacker.close()

    new = tmp_path / "new"
    assert {path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()} == set(CONTENT)


def test_where_there_is_no_folder_there_are_no_files(tmp_path: Path) -> None:
    assert size_of(None) == size_of(tmp_path / "absent") == 0
    assert b"".join(packed(tmp_path / "absent", Stop())) == bytes(1024)


def entry(name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    made = tarfile.TarInfo(name)
    made.type = kind
    return made.tobuf(tarfile.USTAR_FORMAT)


def negative() -> bytes:
    """An entry of minus one byte, in the form that tar has for large numbers."""
    made = bytearray(entry("content/a"))
    made[124:136] = b"\xff" * 12
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made[:512])
    return bytes(made)


@pytest.mark.parametrize(
    "header",
    [
        negative(),
        entry("../evil"),
        entry("/etc/evil"),
        entry("a/.hidden"),
        entry("content/a", tarfile.SYMTYPE),
        b"no header" * 60,
    ],
    ids=["negative", "up", "root", "hidden", "link", "noise"],
)
def test_what_leads_out_of_the_folder_or_is_no_file_is_refused(tmp_path: Path, header: bytes) -> None:
    with pytest.raises(BackupError):
        Unpacker(tmp_path / "new").write(header)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "new").exists()
