"""Turns its process into a program of PostgreSQL that runs unprivileged and ends when the program that wanted it ends.

It is started as a script by the program's own interpreter, still as root where the program is root, because that
interpreter may lie where the server's account cannot read. It replaces itself, so no process of its own stays.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become `program arguments…` given as `parent-pid signal uid gid program arguments…`.

    The kernel sends `signal` when the thread that started this process ends (prctl(2), PR_SET_PDEATHSIG). The request
    is lost by a change of account and kept by the execution of a plain program: hence the order.
    """
    parent, signal, uid, gid = (int(argument) for argument in arguments[:4])
    program = arguments[4:]
    try:
        if uid != os.geteuid():
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        if os.getppid() != parent:
            sys.exit("the program ended while its database was starting")
        os.execv(program[0], program)  # noqa: S606 - no shell is wanted, and the path is the caller's
    except OSError as error:
        sys.exit(f"cannot run {program[0]} as account {uid}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
