"""Who belongs to a running program, as far as they can be asked: its database's processes come and go."""

from contextlib import suppress

import psutil


def family_of(pid: int) -> dict[psutil.Process, list[str]]:
    """Return a program's process and all below it, each with its command line, without those that end meanwhile."""
    parent = psutil.Process(pid)
    found = {}
    for process in (parent, *parent.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found[process] = process.cmdline()
    return found
