"""Starts PostgreSQL's programs, and finds and ends those that an earlier program left behind."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from mainstay.db.embedded import launcher
from mainstay.db.embedded.account import Account

# The program's own environment holds secrets, and PG* variables that would change what the server does.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"}


def launch(
    command: Sequence[str | os.PathLike[str]],
    *,
    account: Account,
    folder: Path,
    output: IO[bytes],
    farewell: signal.Signals,
) -> subprocess.Popen[bytes]:
    """Start `command` as `account` inside `folder`; the kernel sends `farewell` when the calling thread ends.

    The process has a session of its own, so that Ctrl-C in a terminal reaches the program alone, which ends the
    server when its last request is answered.
    """
    settings = map(str, (os.getpid(), int(farewell), account.uid, account.gid))
    return subprocess.Popen(  # noqa: S603 - fixed programs by path, no shell, nothing a user typed
        [sys.executable, "-I", "-S", launcher.__file__, *settings, *map(str, command)],
        cwd=folder,
        env=ENVIRONMENT,
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def processes_in(folder: Path) -> list[int]:
    """Return the process ids of PostgreSQL's programs whose working folder is `folder`.

    A server's working folder is its cluster, from the postmaster to the last backend, so this knows them however they
    were started, and never takes a process that got the number of a dead one for a server.
    """
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit() and _is_in(Path(entry), folder)]


def end_processes_in(folder: Path, *, patience: float = 30.0) -> list[int]:
    """End PostgreSQL's programs in `folder` and return the process ids of those that had to be told.

    The postmaster gets `patience` seconds for an orderly stop, with which its backends end. Backends end by themselves
    when it is gone. Who stays a second longer is told to quit at once, and killed when that takes five seconds (less
    when `patience` is less). What was committed is in the log files either way.
    """
    told: dict[int, int] = {}
    with ExitStack() as stack:
        handles = _open_handles(folder, stack)
        postmaster = postmaster_pid(folder)
        if postmaster in handles:
            told[postmaster] = handles[postmaster]
            send(told[postmaster], signal.SIGINT)
            has_ended(told[postmaster], patience)
        told |= {pid: handle for pid, handle in handles.items() if not has_ended(handle, min(patience, 1.0))}
        for blow in (signal.SIGQUIT, signal.SIGKILL):
            for handle in told.values():
                send(handle, blow)
            for handle in told.values():
                has_ended(handle, min(patience, 5.0))
    return sorted(told)


def _open_handles(folder: Path, stack: ExitStack) -> dict[int, int]:
    """Return pidfds, closed by `stack`, of PostgreSQL's programs in `folder` by process id."""
    handles: dict[int, int] = {}
    for pid in processes_in(folder):
        # The process may end in between.
        with suppress(ProcessLookupError):
            handles[pid] = os.pidfd_open(pid)
            stack.callback(os.close, handles[pid])
    # Looked at again through an open handle: a number that was given to another process meanwhile is not touched.
    return {pid: handle for pid, handle in handles.items() if _is_in(Path("/proc", str(pid)), folder)}


def postmaster_pid(cluster: Path) -> int | None:
    """Return the process id in the cluster's `postmaster.pid`, whether it lives or not; None without a sound file."""
    lines = read_own(cluster / "postmaster.pid").splitlines()
    return int(lines[0]) if lines and lines[0].isdigit() else None


def send(handle: int, number: signal.Signals) -> None:
    """Send a signal to the process behind the pidfd `handle`; harmless when it has ended."""
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, number)


def has_ended(handle: int, seconds: float) -> bool:
    """Wait up to `seconds` for the process behind the pidfd `handle` to end, and say whether it has."""
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def read_own(path: Path, limit: int = 65536) -> str:
    """Return the last `limit` bytes of a file that the server writes, as text; empty when there is none.

    Symbolic links are refused: the server's account must not make root read (and show) another file.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return ""
    try:
        return os.pread(file, limit, max(0, os.fstat(file).st_size - limit)).decode(errors="replace")
    finally:
        os.close(file)


def _is_in(process: Path, folder: Path) -> bool:
    """Whether the process behind the /proc folder `process` is one of PostgreSQL's and works in `folder`."""
    # It ended while being looked at, or belongs to another account: then it is no server of ours.
    with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        # Its name and not its executable: that is gone from a process on its way out, which still holds shared memory.
        name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
        return name in {"postgres", "initdb"} and (process / "cwd").samefile(folder)
    return False
