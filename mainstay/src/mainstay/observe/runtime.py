"""What this process takes of its machine, under the names that Prometheus' own clients use."""

import asyncio
import gc
import os
import resource
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from mainstay import clock
from mainstay.observe.counters import Counters

LAG: Final = "mainstay_loop_lag_seconds"
# Seconds between two looks at whether the loop comes round in time.
ROUND: Final = 1.0
CPU: Final = "process_cpu_seconds_total"
MEMORY: Final = "process_resident_memory_bytes"
FILES: Final = "process_open_fds"
THREADS: Final = "process_threads"
COLLECTIONS: Final = "python_gc_collections_total"
COLLECTED: Final = "python_gc_objects_collected_total"
_PROC: Final = Path("/proc/self")


def runtime() -> dict[str, float]:
    """Return what the process has used and holds, by series without its process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {CPU: used.ru_utime + used.ru_stime, THREADS: float(threading.active_count())}
    with suppress(OSError):  # no Linux: what it does not tell is not told
        pages = int((_PROC / "statm").read_text().split()[1])
        found[MEMORY] = float(pages * os.sysconf("SC_PAGE_SIZE"))
        found[FILES] = float(sum(1 for _ in (_PROC / "fd").iterdir()) - 1)  # looking opens one
    for generation, each in enumerate(gc.get_stats()):
        found[f'{COLLECTIONS}{{generation="{generation}"}}'] = float(each["collections"])
        found[f'{COLLECTED}{{generation="{generation}"}}'] = float(each["collected"])
    return found


@asynccontextmanager
async def lag_watched(counters: Counters) -> AsyncIterator[None]:
    """Measure inside the block, once a second, how much later than asked the loop comes round to a task."""

    async def watch() -> None:
        while True:
            began = clock.monotonic()
            await asyncio.sleep(ROUND)
            counters.observe(LAG, max(0.0, clock.monotonic() - began - ROUND))

    task = asyncio.create_task(watch(), name="watch the loop")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
