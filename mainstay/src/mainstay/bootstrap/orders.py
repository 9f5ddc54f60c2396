"""What the parent of `serve` tells its children, line by line on their standard input; never on a command line.

The first line is a child's orders, the second says that it may begin. Children that end early read nothing.
"""

import ctypes
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, field, replace
from typing import BinaryIO, Self

PR_SET_PDEATHSIG = 1
BEGIN = b"begin\n"


@dataclass(frozen=True, slots=True)
class Orders:
    """Settings for the child's environment, secrets among them, and the descriptors that it inherits.

    A worker with a `report` prepares the database first and writes there what it has to say. `is_alone` tells it that
    there is no other worker. `page` is what the page for new devices has to know.
    """

    parent: int
    environment: dict[str, str] = field(default_factory=dict)
    listener: int | None = None
    report: int | None = None
    with_sample: bool = False
    is_alone: bool = False
    page: dict[str, str] = field(default_factory=dict)

    def line(self) -> bytes:
        """Return the orders as a line."""
        return json.dumps(asdict(self)).encode() + b"\n"

    def named(self, package: str, name: str) -> Self:
        """Return these orders for the process that the others know by `name`."""
        return replace(self, environment={**self.environment, f"{package.upper()}_PROCESS_NAME": name})

    @classmethod
    def receive(cls, source: BinaryIO | None = None) -> Self:
        """Wait for the orders and put their settings into the environment; ends the process when the parent is gone."""
        orders = cls(**json.loads(_next_line(source)))
        if os.getppid() != orders.parent:
            sys.exit(0)
        os.environ.update(orders.environment)
        return orders


def wait_to_begin(source: BinaryIO | None = None) -> None:
    """Return when the parent says so; ends the process when the parent is gone."""
    _next_line(source)


def _next_line(source: BinaryIO | None) -> bytes:
    line = (source or sys.stdin.buffer).readline()
    if not line:
        sys.exit(0)
    return line


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends, however it ends (Linux, prctl(2)).

    A parent that is killed cannot stop its children, and an API that lives on would hold the port.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
