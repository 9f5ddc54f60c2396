"""PostgreSQL's pg_dump and pg_restore as streams: those of the embedded wheel, or of a folder of the settings."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from mainstay.db.address import libpq_url, of_login
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.stopping import Stop
from mainstay.db.embedded import postgres_bin

PIECE = 128 * 1024
_VERSION = re.compile(r"\) (\d+)")


@dataclass(frozen=True, slots=True)
class Programs:
    """Where pg_dump and pg_restore are."""

    folder: Path | None = None

    def path(self, name: str) -> Path:
        """Return a program's path. Raises BackupError."""
        if self.folder is None:
            return postgres_bin(name)
        path = self.folder / name
        if not path.is_file():
            raise BackupError(f"There is no {name} in {self.folder}, the folder that …_BACKUP_PROGRAMS names.")
        return path

    def demand(self, name: str, server: int) -> Path:
        """Return a program that is not older than the server (a version such as 180006). Raises BackupError."""
        path = self.path(name)
        try:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603  PostgreSQL's own program
        except (OSError, subprocess.CalledProcessError) as failure:
            raise BackupError(f"The program {path} does not run: {failure}") from failure
        found = _VERSION.search(said)
        if found is None or int(found[1]) < server // 10000:
            raise BackupError(
                f"The server is PostgreSQL {server // 10000} and {name} is of version {found[1] if found else '?'}; "
                "set …_BACKUP_PROGRAMS to the folder with the programs of the server's version."
            )
        return path


def connection_parts(url: str, database: str | None = None) -> dict[str, str]:
    """Return what libpq needs to reach `url` as its tables' owner, or another `database` of the same server."""
    parts = {name: str(value) for name, value in conninfo_to_dict(libpq_url(of_login(url))).items() if value}
    return {**parts, "dbname": database} if database else parts


def dump(program: Path, url: str, options: list[str], stop: Stop) -> Iterator[bytes]:
    """Yield what pg_dump writes of the database at `url`. Raises BackupError when it fails or `stop` is set."""
    command: list[Path | str] = [program, "--format=custom", "--compress=3", "--no-owner", "--no-privileges", *options]
    with _running(command, url, stop, stdout=subprocess.PIPE) as (process, reason):
        assert process.stdout is not None  # noqa: S101  it was asked for
        while piece := process.stdout.read(PIECE):
            stop.refuse()
            yield piece
        if process.wait() != 0:
            stop.refuse()
            raise BackupError(f"The database cannot be read whole: {reason()}")


@contextmanager
def load(program: Path, url: str, stop: Stop) -> Iterator[IO[bytes]]:
    """Yield what takes a dump into the empty database at `url`, all of it or nothing.

    Raises BackupError when the server refuses it.
    """
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with _running([program, *options], url, stop, stdin=subprocess.PIPE) as (process, reason):
        assert process.stdin is not None  # noqa: S101  it was asked for
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError as failure:
            process.wait()
            stop.refuse()
            raise BackupError(f"The database does not take the archive: {reason()}") from failure
        if process.wait() != 0:
            stop.refuse()
            raise BackupError(f"The database does not take the archive: {reason()}")


@contextmanager
def _running(
    command: list[Path | str],
    url: str,
    stop: Stop,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> "Iterator[tuple[subprocess.Popen[bytes], _Reason]]":
    """Run a program on the database at `url`, and end it with the block. The password is no argument: all see those."""
    parts = connection_parts(url)
    secret = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    with tempfile.TemporaryFile() as told:
        arguments = [*command, f"--dbname={make_conninfo(**parts)}"]
        process = subprocess.Popen(  # noqa: S603  PostgreSQL's own program
            arguments, stdin=stdin, stdout=stdout, stderr=told, env={**_environment(), **secret}
        )
        try:
            with stop.ending(process.kill):
                yield process, _Reason(told)
        finally:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)
            process.wait()


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        # What was left in the buffer is for nobody: the program has ended, and its reader was told why.
        return


def _environment() -> Mapping[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}


class _Reason:
    """What a program said, as the end of a sentence."""

    def __init__(self, told: IO[bytes]) -> None:
        self._told = told

    def __call__(self) -> str:
        self._told.seek(0)
        lines = self._told.read().decode(errors="replace").strip().splitlines()
        errors = [line for line in lines if "error:" in line] or lines[-1:] or ["it ended without a word"]
        return errors[0].strip().rstrip(".") + "."
