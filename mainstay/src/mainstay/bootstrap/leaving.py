"""The errors of the process that starts all others: it has no database, and leaves them for one that has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from threading import Event, Thread

from mainstay.observe import troubles
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import PARENT, Gatherer, Origin, aside
from mainstay.observe.spool import Spool

PAUSE = 1.0
# Different errors that wait at most.
MOST = 100


@contextmanager
def leaving(data_dir: Path) -> Iterator[None]:
    """Leave inside the block the errors of this process in the data folder; whoever writes them knows the release."""
    gatherer = Gatherer(Origin.of(PARENT, "", gethostname()), Counters(), MOST)
    spool, stopping = Spool.of(data_dir), Event()
    thread = Thread(target=_leave_all, args=(gatherer, spool, stopping), name="leave errors", daemon=True)
    thread.start()
    try:
        with troubles.heard(gatherer.take):
            yield
    finally:
        stopping.set()
        thread.join()


def _leave_all(gatherer: Gatherer, spool: Spool, stopping: Event) -> None:
    with aside():
        is_last = False
        while not is_last:
            is_last = stopping.wait(PAUSE)
            while (batch := gatherer.batch()) is not None:
                # Of what cannot be left there is the line of the log.
                spool.leave(batch)
                gatherer.handed_on()
