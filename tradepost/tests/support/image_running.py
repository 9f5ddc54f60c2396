"""Run an image as a container is run: its layers unpacked, read-only, as its own user, with a volume for its data.

No program for containers takes part: a namespace of mounts and processes, and a changed root, are what such a program
makes as well.
"""

import json
import os
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.image.oci import Image

STOPS_WITHIN = 60.0
# Numbers of the user, the place of the root file system and of the volume, then the command.
ENTER = """
set -e
ids=$1 root=$2 data=$3
shift 3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount --bind "$data" "$root/var/lib/tradepost"
exec chroot --userspec="$ids" "$root" /usr/bin/env -i "$@"
"""


@dataclass(frozen=True, slots=True)
class Container:
    """An image that was unpacked, and the folder that stands for its volume."""

    config: dict[str, Any]
    root: Path
    data: Path

    @classmethod
    def unpack(cls, image: Image, folder: Path) -> "Container":
        """Unpack the layers, which take nothing away, with the numbers of their owners."""
        container = cls(json.loads(image.configuration)["config"], folder / "root", folder / "data")
        container.data.mkdir(parents=True)
        for layer in image.layers:
            with tarfile.open(layer) as archive:
                archive.extractall(container.root, numeric_owner=True, filter="fully_trusted")  # noqa: S202  made here
        os.chown(container.data, *map(int, container.config["User"].split(":")))
        return container

    def command(self, *words: str, **environment: str) -> list[str]:
        """Return the command that runs `words` in it, with the variables of the image and these."""
        variables = [*self.config["Env"], *(f"{name}={value}" for name, value in environment.items())]
        enter = ["unshare", "--mount", "--pid", "--fork", "sh", "-c", ENTER, "enter"]
        return [*enter, self.config["User"], str(self.root), str(self.data), *variables, *words]

    def ask(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it to its end."""
        return subprocess.run(
            self.command(*words, **environment), capture_output=True, text=True, check=False, timeout=60
        )

    @contextmanager
    def started(self, log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start it as the image says, and end it and all that it started."""
        words = [*self.config["Entrypoint"], *self.config["Cmd"]]
        with log.open("wb") as output:
            process = subprocess.Popen(self.command(*words, **environment), stdout=output, stderr=output)
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> int:
    """Ask the first process of a container to stop, as what runs containers does, and return its exit code.

    One that does not stop is killed, and all others of the container with it: it is the first of their namespace.
    """
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    first = [int(child) for child in children.read_text(encoding="ascii").split()] if process.poll() is None else []
    try:
        for child in first:
            os.kill(child, signal.SIGTERM)
        return process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        for child in first:
            os.kill(child, signal.SIGKILL)
        return process.wait()
