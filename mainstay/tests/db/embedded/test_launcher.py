"""The script that becomes a program of PostgreSQL."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.db.embedded import launcher
from mainstay.db.embedded.account import Account


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run the script by itself, as the program does."""
    command = [sys.executable, "-I", "-S", launcher.__file__, *map(str, arguments)]
    # Root starts it from a session with rights of its own; nobody else could give any.
    groups = [4, 24] if os.geteuid() == 0 else None
    return subprocess.run(command, capture_output=True, text=True, check=False, extra_groups=groups)


def own_order(*, parent: int, farewell: int = 0) -> list[str]:
    """Return what goes before the program's name for a start in this process, which keeps its account."""
    return [str(number) for number in (parent, farewell, os.geteuid(), os.getegid())]


def test_it_becomes_the_program(account: Account) -> None:
    said = run(os.getpid(), 0, account.uid, account.gid, "/bin/sh", "-c", "echo $0 $1; id -u", "first", "second")

    assert (said.returncode, said.stdout, said.stderr) == (0, f"first second\n{account.uid}\n", "")


def test_the_programs_further_groups_are_left_behind(account: Account) -> None:
    said = run(os.getpid(), 0, account.uid, account.gid, "/bin/sh", "-c", "id -G")

    own = {str(account.gid), *(map(str, os.getgroups()) if not account.is_switched else ())}
    assert set(said.stdout.split()) == own


def test_it_gives_up_when_its_program_has_ended_meanwhile() -> None:
    with pytest.raises(SystemExit, match="the program ended while its database was starting"):
        launcher.main([*own_order(parent=1), "/bin/echo", "started"])


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"cannot run {tmp_path}/none as account {os.geteuid()}: No such file"):
        launcher.main([*own_order(parent=os.getppid()), f"{tmp_path}/none"])


def test_a_farewell_that_is_no_signal_is_refused() -> None:
    with pytest.raises(SystemExit, match=f"cannot run /bin/true as account {os.geteuid()}: Invalid argument"):
        launcher.main([*own_order(parent=os.getppid(), farewell=1000), "/bin/true"])


def test_a_change_of_account_that_is_not_allowed_is_told(account: Account) -> None:
    # Root without the right to change accounts, as in a container with its capabilities dropped.
    prefix = ["setpriv", "--bounding-set=-setuid,-setgid"] if os.geteuid() == 0 else []
    arguments = map(str, (os.getpid(), int(signal.SIGINT), account.uid + 1, account.gid + 1, "/bin/true"))

    said = subprocess.run(
        [*prefix, sys.executable, "-I", "-S", launcher.__file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 1
    assert said.stderr == f"cannot run /bin/true as account {account.uid + 1}: Operation not permitted\n"


def test_an_incomplete_order_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        launcher.main(["1", "2"])
