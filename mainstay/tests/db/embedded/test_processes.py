"""Finding and ending what earlier programs left, and nothing else."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded.account import Account
from mainstay.db.embedded.processes import (
    end_processes_in,
    has_ended,
    launch,
    postmaster_pid,
    processes_in,
    read_own,
    send,
)

StartOrphan = Callable[[Path], "subprocess.Popen[bytes]"]
Eventually = Callable[..., bool]


@pytest.fixture
def idle_cluster(server: EmbeddedPostgres, cluster: Path) -> Path:
    """A cluster that no server runs."""
    server.start()
    server.stop()
    return cluster


@pytest.fixture
def shell_in_cluster(idle_cluster: Path) -> Iterator[int]:
    """An operator's command that works in the cluster's folder; gives its process id."""
    with subprocess.Popen(["/bin/sleep", "600"], cwd=idle_cluster) as shell:
        yield shell.pid
        shell.kill()


def is_ready(cluster: Path) -> bool:
    return "ready" in read_own(cluster / "postmaster.pid")


def backend_of(cluster: Path, postmaster: int, title: str) -> int:
    """Return the process id of the postmaster's child with this title."""
    processes = {pid: Path("/proc", str(pid), "cmdline").read_text() for pid in processes_in(cluster)}
    return next(pid for pid, line in processes.items() if title in line and pid != postmaster)


def test_a_left_server_is_found_whole_and_ended_in_order(
    idle_cluster: Path, start_orphan: StartOrphan, eventually: Eventually
) -> None:
    orphan = start_orphan(idle_cluster)
    assert eventually(lambda: is_ready(idle_cluster))
    assert len(processes_in(idle_cluster)) > 3

    assert end_processes_in(idle_cluster) == [orphan.pid]

    assert orphan.wait() == 0
    assert processes_in(idle_cluster) == []
    assert "database system is shut down" in "".join(path.read_text() for path in (idle_cluster / "../log").iterdir())


def test_a_server_that_does_not_answer_is_killed(
    idle_cluster: Path, start_orphan: StartOrphan, eventually: Eventually
) -> None:
    orphan = start_orphan(idle_cluster)
    assert eventually(lambda: is_ready(idle_cluster))
    orphan.send_signal(signal.SIGSTOP)

    assert orphan.pid in end_processes_in(idle_cluster, patience=0.1)

    assert orphan.wait() == -signal.SIGKILL
    assert processes_in(idle_cluster) == []


def test_backends_without_a_postmaster_are_ended(
    idle_cluster: Path, start_orphan: StartOrphan, eventually: Eventually
) -> None:
    orphan = start_orphan(idle_cluster)
    assert eventually(lambda: is_ready(idle_cluster))
    # It writes the log until the last writer is gone.
    writer = backend_of(idle_cluster, orphan.pid, "logger")
    stuck = backend_of(idle_cluster, orphan.pid, "checkpointer")
    os.kill(stuck, signal.SIGSTOP)
    orphan.kill()
    orphan.wait()

    assert end_processes_in(idle_cluster, patience=0.1) == sorted([stuck, writer])

    assert processes_in(idle_cluster) == []


def test_other_clusters_and_other_programs_in_the_folder_are_left_alone(
    idle_cluster: Path, shell_in_cluster: int, start_orphan: StartOrphan, tmp_path: Path
) -> None:
    (idle_cluster / "postmaster.pid").write_text(f"{shell_in_cluster}\n")
    with EmbeddedPostgres(tmp_path / "other", database="shop") as other:
        assert end_processes_in(idle_cluster) == []

        with psycopg.connect(other.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    os.kill(shell_in_cluster, 0)


def test_a_folder_that_does_not_exist_has_no_processes(tmp_path: Path) -> None:
    assert end_processes_in(tmp_path / "none") == []


@pytest.mark.parametrize(("content", "pid"), [("4711\n/data\n", 4711), ("", None), ("-4711\n", None), ("x\n", None)])
def test_only_a_sound_pid_file_names_a_process(tmp_path: Path, content: str, pid: int | None) -> None:
    (tmp_path / "postmaster.pid").write_text(content)

    assert postmaster_pid(tmp_path) == pid


def test_a_link_in_place_of_a_servers_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("1\n")
    (tmp_path / "postmaster.pid").symlink_to(tmp_path / "secret")

    with pytest.raises(OSError, match="symbolic links"):
        postmaster_pid(tmp_path)


def test_of_a_long_file_the_end_is_read(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("x" * 100 + "end")

    assert read_own(tmp_path / "log", limit=3) == "end"


def test_a_signal_to_an_ended_process_is_harmless(account: Account) -> None:
    with Path(os.devnull).open("wb") as nothing:
        process = launch(["/bin/true"], account=account, folder=Path("/"), output=nothing, farewell=signal.SIGKILL)
    handle = os.pidfd_open(process.pid)
    assert process.wait() == 0

    send(handle, signal.SIGKILL)

    assert has_ended(handle, 0)
    os.close(handle)


def test_a_launched_program_has_the_account_and_none_of_the_environment(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEPOST_SECRET_KEY", "do not pass on")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    said = tmp_path / "said"

    with said.open("wb") as output:
        command = ["/bin/sh", "-c", "id -u; id -g; umask; pwd; env"]
        process = launch(command, account=account, folder=Path("/usr"), output=output, farewell=signal.SIGKILL)
    assert process.wait() == 0

    uid, gid, umask, folder, *environment = said.read_text().splitlines()
    assert (uid, gid, umask, folder) == (str(account.uid), str(account.gid), "0077", "/usr")
    assert {line.split("=")[0] for line in environment} <= {"PATH", "HOME", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"}
