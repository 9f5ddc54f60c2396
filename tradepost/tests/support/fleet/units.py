"""The part of systemd that runbooks use: starts, stops and restarts the services of `deploy/systemd` in a folder.

It reads the shipped files as systemd does, with their environment, their command and their patience. It leaves out
accounts, sandboxes, and starting again what ended by itself. The files' paths lie below a folder that stands for the
machine, whose `bin/systemctl` calls this module: `python -m fleet.units <folder> restart NAME@8001`.
"""

import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

UNITS = Path(__file__).parents[4] / "deploy" / "systemd"
# Where the files have the program, its settings, its data and its sockets.
PLACES = ("/opt/tradepost", "/etc/tradepost", "/var/lib/tradepost", "/run/tradepost")


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a machine, such as `tradepost-api@8001`."""

    machine: Path
    name: str

    @property
    def log(self) -> Path:
        """What the service has said, over all starts."""
        return self.machine / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        """The process, as long as it runs."""
        with suppress(FileNotFoundError, ProcessLookupError):
            pid = int((self.machine / f"{self.name}.pid").read_text())
            os.kill(pid, 0)
            return None if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text() else pid
        return None

    def start(self) -> None:
        """Start the process, unless it runs."""
        if self.pid is not None:
            return
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for key, value in self._lines():
            if key == "Environment":
                environment |= _variables([value])
            elif key == "EnvironmentFile":
                environment |= _variables(Path(value).read_text().splitlines())
        command = next(value for key, value in self._lines() if key == "ExecStart")
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                shlex.split(command),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        (self.machine / f"{self.name}.pid").write_text(str(process.pid))
        process.returncode = 0  # it outlives this process

    def stop(self) -> None:
        """Ask the process to end and wait until it has; raises TimeoutError when its time is over, and kills it."""
        pid = self.pid
        if pid is None:
            return
        seconds = next(float(value) for key, value in self._lines() if key == "TimeoutStopSec")
        handle = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(handle, signal.SIGTERM)
            if not select.select([handle], [], [], seconds)[0]:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                raise TimeoutError(f"{self.name} did not stop within {seconds:g} s and was killed.")
        finally:
            os.close(handle)

    def kill(self) -> None:
        """End the process at once."""
        if (pid := self.pid) is not None:
            os.kill(pid, signal.SIGKILL)

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Yield what the file says, for this instance and this machine."""
        kind, _, instance = self.name.partition("@")
        for line in (UNITS / f"{kind}@.service").read_text().splitlines():
            key, is_setting, value = line.partition("=")
            if is_setting and not line.startswith("#"):
                for place in PLACES:
                    value = value.replace(place, f"{self.machine}{place}")
                yield key, value.replace("%i", instance)


def _variables(lines: Sequence[str]) -> dict[str, str]:
    """Return what lines say of which systemd and a shell read the same: a value may stand in single quotes."""
    return {name: value for name, _, value in (shlex.split(line)[0].partition("=") for line in lines)}


def install(machine: Path) -> None:
    """Give a machine its folders and its `bin/systemctl`."""
    for place in PLACES:
        (machine / place.removeprefix("/")).mkdir(parents=True)
    command = machine / "bin" / "systemctl"
    command.parent.mkdir()
    paths = os.pathsep.join((str(Path(__file__).parents[1]), *filter(None, sys.path)))
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(paths)} exec {sys.executable} -m {__name__} {machine} "$@"\n'
    )
    command.chmod(0o755)


def main(machine: str, action: str, *arguments: str) -> None:
    """Do what the command line says."""
    names = [each for each in arguments if not each.startswith("-")]
    for service in (Service(Path(machine), name) for name in names):
        if action in {"stop", "restart"}:
            service.stop()
        if action in {"start", "restart"} or (action == "enable" and "--now" in arguments):
            service.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
