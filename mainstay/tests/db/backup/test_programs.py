"""PostgreSQL's own programs: old ones are refused, what they say is told, and no password is seen."""

from pathlib import Path

import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.programs import Programs, connection_parts, dump
from mainstay.db.backup.stopping import Stop


def fake(folder: Path, script: str) -> Programs:
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return Programs(folder)


def test_the_embedded_ones_fit_the_embedded_server_and_no_newer_one() -> None:
    assert Programs().demand("pg_dump", 180000).name == "pg_dump"
    with pytest.raises(BackupError, match=r"PostgreSQL 99 and pg_dump is of version 18; set …_BACKUP_PROGRAMS"):
        Programs().demand("pg_dump", 990000)


def test_those_of_a_folder_that_the_settings_name_are_used(tmp_path: Path) -> None:
    newer = fake(tmp_path, 'echo "pg_dump (PostgreSQL) 99.1"')

    assert newer.demand("pg_dump", 990000) == tmp_path / "pg_dump"
    with pytest.raises(BackupError, match="There is no psql in"):
        newer.path("psql")


def test_one_that_tells_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"of version \?"):
        fake(tmp_path, "echo hello").demand("pg_dump", 180000)


@pytest.mark.parametrize("mode", [0o755, 0o644])
def test_one_that_does_not_run_is_told(tmp_path: Path, mode: int) -> None:
    broken = fake(tmp_path, "exit 127")
    broken.path("pg_dump").chmod(mode)

    with pytest.raises(BackupError, match="pg_dump does not run: "):
        broken.demand("pg_dump", 180000)


def test_what_a_program_says_is_told_in_one_sentence(tmp_path: Path, url: str) -> None:
    broken = fake(tmp_path, 'echo "pg_dump: detail" >&2; echo "pg_dump: error: no disk." >&2; exit 1')

    with pytest.raises(BackupError, match=r"cannot be read whole: pg_dump: error: no disk\.$"):
        list(dump(broken.path("pg_dump"), url, [], Stop()))


def test_a_password_is_not_among_the_arguments(tmp_path: Path, url: str) -> None:
    program = fake(tmp_path, 'echo "$@" "$PGPASSWORD"')
    address = url.replace("@", ":hidden-from-all@", 1)

    (said,) = list(dump(program.path("pg_dump"), address, [], Stop()))

    arguments, _, password = said.decode().strip().rpartition(" ")
    assert password == "hidden-from-all"
    assert "hidden" not in arguments


def test_an_address_is_taken_apart_for_another_database() -> None:
    parts = connection_parts("postgresql+asyncpg://me:pass@host:5433/shop?role=shop_runtime", "other")

    assert parts == {"user": "me", "password": "pass", "host": "host", "port": "5433", "dbname": "other"}
