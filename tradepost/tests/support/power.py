"""A power cut: everything of a running program ends at once."""

import os
from contextlib import suppress
from itertools import product as pairs
from signal import SIGKILL, SIGSTOP

import psutil

from mainstay.testing.process import ProgramProcess


def cut_the_power(program: ProgramProcess) -> None:
    """Kill the parent, its children and its database server at once, as `kill -9` does.

    All stand still before the first one dies, so that none sees another's death and answers that it is out of order.
    """
    family = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
    for signal, process in pairs((SIGSTOP, SIGKILL), family):
        with suppress(ProcessLookupError):  # it ended with the one before
            os.kill(process.pid, signal)
    program.kill()
    psutil.wait_procs(family, timeout=20)
