"""The commands that need no running program: what they refuse, and what they tell."""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from backup_calls import rows
from bucket_server import KEY, KEY_ID, BucketServer
from typer.testing import CliRunner, Result

from mainstay import clock, ids
from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.db.backup.bucket import BucketShelf
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.folder import FolderShelf
from mainstay.db.backup.making import Source, Target, make
from mainstay.db.backup.moments import Outcome
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.backup.stopping import Stop
from mainstay.db.upgrading import State
from mainstay.modules.backup import cli
from mainstay.modules.backup.service import commands, making
from mainstay.setup import About
from mainstay.testing.database import plain
from mainstay.work import WorkOpener


@pytest.fixture
def archive(program: Program, fresh_database_url: str, tmp_path: Path) -> Path:
    """An archive of the program, of when it was older by a migration."""
    url = plain(fresh_database_url)
    migrate.downgrade(url, program.migrations, "mainstay@m0016")
    source = Source(url, program.name, "0.9", b"{}")
    made = make(source, Target(FolderShelf(tmp_path), UUID(int=7), ids.new_id(), clock.now()), Stop())
    return Path(str(made.archive))


def run(program: Program, *arguments: object) -> Result:
    return CliRunner().invoke(create_cli(program), [str(each) for each in arguments])


def test_an_archive_is_verified_without_a_database(program: Program, archive: Path) -> None:
    result = run(program, "verify", archive)

    assert result.exit_code == 0, result.output
    assert "All is well: " in result.stdout
    assert "made by vault 0.9 at 20" in result.stdout


@pytest.fixture
def bucket(bucket_server: BucketServer, monkeypatch: pytest.MonkeyPatch) -> BucketShelf:
    """The bucket of the program's settings."""
    settings = {"URL": bucket_server.url("vault"), "BUCKET_KEY_ID": KEY_ID, "BUCKET_KEY": KEY}
    for name, value in settings.items():
        monkeypatch.setenv(f"VAULT_BACKUP_{name}", value)
    found = BackupSettings.load("vault").place(Path("nowhere"))
    assert isinstance(found, BucketShelf)
    return found


def test_what_lies_in_the_bucket_is_listed_and_verified_without_a_database(
    program: Program, archive: Path, bucket: BucketShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody else laid there is no archive; another key than the bucket's opens nothing."""
    for name, content in (("vault-1.backup", archive.read_bytes()), ("notes.backup", b"not ours")):
        with bucket.writing(name) as file:
            file.write(content)

    listed = run(program, "backups", "--stored")

    assert listed.exit_code == 0, listed.output
    ((made_at, name, state, size, address),) = (line.split("\t") for line in listed.stdout.splitlines())
    assert (made_at[:2], name, state, size) == ("20", "vault", "open", f"{archive.stat().st_size} bytes")
    assert address == f"{bucket.address}/vault-1.backup"
    assert "All is well: " in run(program, "verify", address).stdout
    monkeypatch.setenv("VAULT_BACKUP_BUCKET_KEY", KEY[::-1])
    refused = run(program, "backups", "--stored")
    assert "The bucket of backups cannot be used" in str(refused.exception)
    assert KEY[::-1] not in str(refused.exception)


@pytest.mark.parametrize("address", ["s3://elsewhere/archives/a.backup", "https://vault.example/a.backup"])
def test_an_address_in_no_bucket_of_the_settings_is_refused(
    program: Program, bucket: BucketShelf, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    refusals = [str(run(program, "verify", address).exception)]
    monkeypatch.delenv("VAULT_BACKUP_URL")
    refusals.append(str(run(program, "verify", f"{bucket.address}/a.backup").exception))

    assert all("The address is none in the bucket of backups" in each for each in refusals)


def test_a_damaged_one_is_refused(program: Program, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-1])

    result = run(program, "verify", archive)

    assert result.exit_code != 0
    assert isinstance(result.exception, BackupError)
    assert "damaged" in str(result.exception)


@pytest.mark.parametrize(("more", "pending"), [((), ["m0032"]), (("--upgrade",), [])])
def test_an_older_archive_is_migrated_only_when_that_is_asked(
    program: Program, archive: Path, empty_database_url: str, more: tuple[str, ...], pending: list[str]
) -> None:
    url = plain(empty_database_url)

    result = run(program, "restore", archive, "--to", url, *more)

    assert result.exit_code == 0, result.output
    assert migrate.pending(url, program.migrations) == pending
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM mainstay_event").fetchone() == (0,)


@dataclass(frozen=True)
class Reached:
    """A program whose database is reached already."""

    about: About
    open_work: WorkOpener

    def __call__(self) -> AbstractAsyncContextManager[WorkOpener]:
        """Hand out how work is opened."""
        return nullcontext(self.open_work)


async def test_a_command_that_is_broken_off_is_in_nobodys_way(
    program: Program, committed: WorkOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version refused every backup for the next six hours."""

    def interrupt(*_arguments: object) -> None:
        raise RuntimeError("Something else broke.")

    reach = Reached(program.about, committed)
    with monkeypatch.context() as patch:
        patch.setattr(making, "make", interrupt)
        with pytest.raises(RuntimeError):
            await cli._make(reach, tmp_path)
    assert await rows(committed) == [("failed", "It was broken off.", True)]

    assert (await cli._make(reach, tmp_path)).state == "verified"


def test_what_is_there_is_never_restored_over(program: Program, archive: Path, tmp_path: Path) -> None:
    result = run(program, "restore", archive, "--to", tmp_path)

    assert "There is something at" in str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "yesterday"), "is no moment; write one as 2026-11-30T14:05:00+01:00"),
        (("--at", "latest"), "No folder is known that received the database's log"),
        (("--at", "latest", "--from", "/nowhere"), "There is no log of a database in /nowhere."),
    ],
)
def test_a_moment_needs_a_form_and_a_place_to_come_from(
    program: Program, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(program, "restore", "--to", tmp_path / "new", *arguments)

    assert isinstance(result.exception, BackupError)
    assert said in str(result.exception)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("files", [0, 3])
def test_a_moment_with_files_says_that_they_are_to_be_copied(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    """Where the second place has none: a shop without its pictures would be found out much later."""
    state = State({"public.files_file": files}, {})
    monkeypatch.setattr(commands, "restored_to", lambda *_given: Outcome(state, None))

    result = run(program, "restore", "--at", "latest", "--to", tmp_path / "new")

    assert result.exit_code == 0
    assert ("copy the folder `files` of the former data folder" in result.output) == bool(files)


def test_a_moment_says_how_many_files_came_with_it(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = Outcome(State({"public.files_file": 3}, {}), None, files=4)
    monkeypatch.setattr(commands, "restored_to", lambda *_given: outcome)

    result = run(program, "restore", "--at", "latest", "--to", tmp_path / "new")

    assert "With 4 files, as the second place had them." in result.output
    assert "copy the folder" not in result.output


@pytest.mark.parametrize("arguments", [(), ("an.archive", "--at", "latest")])
def test_one_restores_an_archive_or_a_moment(program: Program, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(program, "restore", *arguments, "--to", tmp_path / "new")

    assert result.exit_code == 2
    assert "Name an archive, or a moment" in result.output


def test_a_moment_without_a_zone_is_utc() -> None:
    assert commands.moment_of("2026-11-30 13:05") == commands.moment_of("2026-11-30T14:05:00+01:00")
    assert commands.moment_of("latest") is None
