"""Makes a race certain: a thread that hands a result over pauses in Python, and the interpreter's end takes a second.

A process with this folder in its PYTHONPATH loads it at its start.
"""

import asyncio
import sys
import time
import types
from typing import Any

_hand_over = asyncio.SelectorEventLoop.call_soon_threadsafe


def _hand_over_late(loop: asyncio.SelectorEventLoop, *arguments: Any, **options: Any) -> asyncio.Handle:  # noqa: ANN401
    handle = _hand_over(loop, *arguments, **options)
    time.sleep(0.3)
    return handle


class _Slow:
    def __del__(self) -> None:
        time.sleep(1)


asyncio.SelectorEventLoop.call_soon_threadsafe = _hand_over_late  # type: ignore[method-assign, assignment]
_holder: Any = types.ModuleType("slow_to_go")
_holder.thing = _Slow()
sys.modules["slow_to_go"] = _holder
del _holder
