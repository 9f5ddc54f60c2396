"""Making an archive: of one moment, whole or not at all, and never when the disk would be full of it."""

import resource
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from mainstay import clock, ids
from mainstay.db.backup.archive import SETTINGS, read_archive, read_header
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.making import Made, Source, Target, alone, connected, make
from mainstay.db.backup.measuring import measure
from mainstay.db.backup.restoring import Recipe, restore
from mainstay.db.backup.stopping import Stop
from mainstay.testing.database import plain

KEY = b"a key of more than thirty-two characters"
NEVER = Stop()
EITHER_PLACE = pytest.mark.parametrize("target", ["folder_shelf", "bucket_shelf"], indirect=True)
# A backup in a process of its own that ends by a signal, or may write no large files.
CHILD = """
import sys, uuid, resource, os, signal
from pathlib import Path
from mainstay import clock, ids
from mainstay.db.backup import making, programs
from mainstay.db.backup.folder import FolderShelf
from mainstay.db.backup.making import Source, Target, make
from mainstay.db.backup.stopping import Stop
way, url, folder = sys.argv[1:]
if way == "kill":
    original = programs.dump
    def dump(*arguments):
        for piece in original(*arguments):
            yield piece
            os.kill(os.getpid(), signal.SIGKILL)
    programs.dump = dump
else:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
target = Target(FolderShelf(Path(folder)), uuid.UUID(int=77), ids.new_id(), clock.now())
make(Source(url, "sample", "1", b"{}"), target, Stop())
"""


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def folder_of(target: Target) -> Path:
    return Path(target.shelf.address)


def child(way: str, url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", CHILD, way, url, str(folder)], capture_output=True, text=True, check=False
    )


def test_an_archive_tells_where_it_comes_from_and_what_is_in_it(made: Made, source: Source, target: Target) -> None:
    parts: dict[str, bytes] = {}

    def take(name: str, piece: bytes) -> None:
        parts[name] = parts.get(name, b"") + piece

    manifest = read_archive(made.archive, KEY, take)

    assert manifest == made.manifest
    assert (manifest.program, manifest.database) == ("sample", target.database)
    assert {table.name: table.rows for table in manifest.tables}["public.sample_note"] == 50
    assert "public.backup_database" not in {table.name for table in manifest.tables}
    assert manifest.heads == ("m0032", "s0001")
    assert parts[SETTINGS] == source.settings
    assert parts["database.dump"].startswith(b"PGDMP")
    assert files(folder_of(target)) == [made.archive.name]
    assert Path(str(made.archive)).stat().st_mode & 0o777 == 0o600
    assert folder_of(target).stat().st_mode & 0o777 == 0o700


def test_two_of_one_moment_have_two_names(source: Source, target: Target) -> None:
    other = replace(target, made_at=target.made_at, id=type(target.id)(int=target.id.int ^ 1))

    assert make(source, target, NEVER).archive != make(source, other, NEVER).archive


def test_what_is_committed_meanwhile_is_in_no_part(
    source: Source, target: Target, url: str, empty_database_url: str
) -> None:
    """Pairs of rows that are always written together are restored together, and as the manifest says."""
    stop, empty = threading.Event(), plain(empty_database_url)

    def write() -> None:
        with psycopg.connect(url) as connection:
            while not stop.is_set():
                for table in ("left_half", "right_half"):
                    connection.execute(f"INSERT INTO {table} VALUES (1)".encode())
                connection.commit()

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE left_half (n int)")
        connection.execute("CREATE TABLE right_half (n int)")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        deadline = clock.monotonic() + 30
        while count(url, "left_half") < 20:
            assert clock.monotonic() < deadline
        before = count(url, "left_half")
        made = make(source, target, NEVER)
        after = count(url, "left_half")
    finally:
        stop.set()
        writer.join()

    restore(Recipe(made.archive, KEY), made.manifest, empty)
    held = {table.name: table.rows for table in made.manifest.tables}
    assert before <= held["public.left_half"] == held["public.right_half"] < after
    assert count(empty, "left_half") == count(empty, "right_half") == held["public.left_half"]


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_backup_leaves_no_archive_and_the_next_one_clears_its_remains(
    source: Source, target: Target, url: str
) -> None:
    assert child("kill", url, folder_of(target)).returncode == -signal.SIGKILL
    (remains,) = files(folder_of(target))
    assert remains.startswith(".")
    assert not list(folder_of(target).glob("*.backup"))

    made = make(source, target, NEVER)

    assert files(folder_of(target)) == [made.archive.name]


def test_the_file_of_a_backup_that_runs_is_left_alone(source: Source, target: Target) -> None:
    import fcntl  # noqa: PLC0415  for this test alone

    folder_of(target).mkdir()
    running = folder_of(target) / ".sample-1.backup.partial"
    with running.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        made = make(source, target, NEVER)

    assert files(folder_of(target)) == [running.name, made.archive.name]


def test_what_no_one_can_remove_hinders_no_backup(source: Source, target: Target) -> None:
    """As when another account's program, which shares the folder, was killed."""
    (folder_of(target) / ".bakery-1.backup.partial").mkdir(parents=True)

    assert make(source, target, NEVER).size


@EITHER_PLACE
def test_of_a_backup_that_failed_no_archive_stays(made: Made, source: Source, target: Target) -> None:
    """A backup that is killed while it is tried out has an archive of full size that no rule would let go."""
    other = make(source, replace(target, database=UUID(int=8), id=ids.new_id()), NEVER)
    with target.shelf.writing("foreign.backup") as file:
        file.write(b"x")
    next_one = replace(target, id=ids.new_id(), failed=frozenset({target.id, other_id(other)}))

    new = make(source, next_one, NEVER)

    assert sorted(target.shelf.sizes()) == sorted(["foreign.backup", other.archive.name, new.archive.name])


def other_id(made: Made) -> UUID:
    return read_header(made.archive).id


def test_a_full_disk_is_told_and_nothing_is_left(target: Target, url: str) -> None:
    answer = child("full", url, folder_of(target))

    assert answer.returncode == 1
    assert "BackupError: The archive cannot be written to" in answer.stderr
    assert "File too large" in answer.stderr
    assert files(folder_of(target)) == []


def test_nothing_is_begun_when_the_disk_has_too_little_room(source: Source, target: Target) -> None:
    with pytest.raises(BackupError, match=r"There is too little space in .* MB are free"):
        make(source, replace(target, reserve=1 << 62), NEVER)

    assert files(folder_of(target)) == []


def test_a_folder_that_cannot_be_made_is_named(source: Source, target: Target, tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("a file")

    with pytest.raises(BackupError, match=r"cannot be written to .*archives: "):
        make(source, target, NEVER)


@EITHER_PLACE
def test_a_backup_that_is_stopped_leaves_nothing(source: Source, target: Target) -> None:
    stop = Stop()
    stop.set()

    with pytest.raises(BackupError, match="stopped before"):
        make(source, target, stop)

    assert target.shelf.sizes() == {}


def test_one_backup_at_a_time(url: str) -> None:
    with alone(url), pytest.raises(BackupError, match="Another backup of this database is under way"), alone(url):
        pass
    with alone(url):
        pass


def test_a_database_that_is_not_there_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(BackupError, match="The database cannot be reached"), connected(url, "nowhere"):
        pass
    with pytest.raises(BackupError, match="The database refused"), connected(url) as connection:
        connection.execute("SELECT * FROM nowhere")


@pytest.mark.long
@pytest.mark.parametrize(("target", "most_mb"), [("folder_shelf", 16), ("bucket_shelf", 56)], indirect=["target"])
def test_an_archive_of_many_megabytes_is_written_in_little_memory(
    source: Source, target: Target, url: str, most_mb: int
) -> None:
    """Constant memory: 128 MB that cannot be compressed go by; a bucket has three parts of 16 MB on their way."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE large (content bytea)")
        connection.execute("ALTER TABLE large ALTER content SET STORAGE EXTERNAL")
        connection.execute(
            "INSERT INTO large SELECT (SELECT string_agg(sha256((n * 40000 + m)::text::bytea), ''::bytea) "
            "FROM generate_series(1, 32768) AS m) FROM generate_series(1, 128) AS n"
        )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    made = make(source, target, NEVER)
    read_archive(made.archive, KEY, lambda _name, _piece: None)

    assert made.size > 120 << 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < most_mb << 10


def test_the_snapshot_is_the_one_that_is_measured(made: Made, url: str) -> None:
    with psycopg.connect(url) as connection:
        assert made.manifest.differences(measure(connection, made.manifest.left_out)) == []
