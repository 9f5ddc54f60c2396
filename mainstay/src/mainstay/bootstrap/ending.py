"""How a process ends: in order, but without taking the interpreter down around threads that are not Python's."""

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import Final, NoReturn

# What the interpreter ends with when it cannot write out what was printed.
UNWRITTEN: Final = 120


def end(code: int) -> NoReturn:
    """Wait for threads, run what was registered for the end, write out what is written, and end with `code`.

    A library's own thread that is about to give Python a result (obstore's, for a bucket) is ended by Python 3.11 as
    soon as it asks for the interpreter while that is taken down. It cannot be unwound, so glibc aborts the whole
    process, without a word and with 134 for its code, though all of its work is done (decision 76). The steps are
    those of the interpreter itself before that point, and of `multiprocessing` for its children.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  nothing public waits as the interpreter does
    atexit._run_exitfuncs()  # noqa: SLF001  the same
    os._exit(code if _written() else code or UNWRITTEN)


def _written() -> bool:
    is_whole = True
    for stream in (sys.stdout, sys.stderr):
        # None where the process was given none.
        if stream is None or stream.closed:
            continue
        try:
            stream.flush()
        except BrokenPipeError:
            # Whoever read it has gone, as `head` does when it has seen enough.
            is_whole = False
        except OSError as failure:
            is_whole = False
            with suppress(OSError):  # it cannot be said either where standard error is on the same disk
                os.write(2, f"Not all could be written: {failure}\n".encode())
    return is_whole
