"""Small images and a small mirror of Debian, for the tests of what is built and looked into."""

import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from pathlib import Path
from typing import Self

from mainstay import clock
from tools.image import oci

ARCHITECTURE = subprocess.run(
    ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
).stdout.strip()
SYSTEM = 'ID=debian\nVERSION_CODENAME="bookworm"\n'


@dataclass(frozen=True, slots=True)
class Made:
    """An image to be written: its user, its variables, its files with their content, and modes other than plain."""

    files: Mapping[str, bytes]
    user: str = "10001:10001"
    environment: Sequence[str] = ()
    modes: Mapping[str, int] = field(default_factory=dict)

    def having(self, path: str, content: str | bytes, mode: int = 0o644) -> Self:
        """Return the same with one more file."""
        raw = content.encode() if isinstance(content, str) else content
        return replace(self, files={**self.files, path: raw}, modes={**self.modes, path: mode})

    def write(self, folder: Path) -> Path:
        """Write the archive into a folder."""
        layer = write_layer(folder / "layer.tar", self.files, self.modes)
        configuration = {"config": {"User": self.user, "Env": list(self.environment)}}
        oci.write(folder / "image.tar", "made", [layer], configuration)
        return folder / "image.tar"


def write_layer(path: Path, files: Mapping[str, bytes], modes: Mapping[str, int] | None = None) -> Path:
    """Write a layer; a path that ends with a slash is a folder."""
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name.rstrip("/"))
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            info.size, info.mode = len(content), (modes or {}).get(name, 0o755 if name.endswith("/") else 0o644)
            archive.addfile(info, io.BytesIO(content))
    return path


def stanza(name: str, version: str, **fields: str) -> str:
    """Return what dpkg and apt write of a package."""
    more = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"Package: {name}\nArchitecture: {ARCHITECTURE}\nVersion: {version}\n{more}"


def debian(*packages: str) -> Made:
    """Return an image of Debian with these packages as dpkg's status has them."""
    status = "\n".join(packages)
    return Made({"usr/lib/os-release": SYSTEM.encode(), "var/lib/dpkg/status": status.encode()})


def installed(name: str, version: str) -> str:
    """Return what dpkg writes of an installed package."""
    return stanza(name, version, Status="install ok installed")


class Mirror:
    """Suites of Debian in a folder, as the machine's apt finds them once `settings` are in its environment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: list[str] = []
        folder.mkdir()
        # What does not answer at once does not answer a second later either, and apt asks for seven.
        options = {"Dir::Etc::SourceList": f"{folder}/sources.list", "Dir::Etc::SourceParts": "/dev/null"}
        lines = [f'{name} "{value}";\n' for name, value in {**options, "Acquire::Retries": "0"}.items()]
        (folder / "apt.conf").write_text("".join(lines), encoding="utf-8")

    @property
    def settings(self) -> dict[str, str]:
        """The variables by which apt takes this mirror for its own."""
        return {"APT_CONFIG": str(self._folder / "apt.conf")}

    def offer(self, suite: str, *packages: str, **fields: str) -> None:
        """Have a suite with these packages; `fields` are more of its Release, such as `Codename`."""
        place = f"main/binary-{ARCHITECTURE}/Packages"
        content = "\n".join(packages).encode()
        listing = self._folder / "dists" / suite / place
        listing.parent.mkdir(parents=True, exist_ok=True)
        listing.write_bytes(content)
        told = {"Origin": "Debian", "Codename": suite, "Date": format_datetime(clock.now(), usegmt=True), **fields}
        digest = f" {hashlib.sha256(content).hexdigest()} {len(content)} {place}\n"
        text = "".join(f"{key}: {value}\n" for key, value in told.items()) + f"SHA256:\n{digest}"
        (self._folder / "dists" / suite / "Release").write_text(text, encoding="utf-8")
        self.name(f"file:{self._folder}", suite)

    def name(self, address: str, suite: str) -> None:
        """Name a source."""
        self._lines.append(f"deb [trusted=yes] {address} {suite} main\n")
        (self._folder / "sources.list").write_text("".join(self._lines), encoding="utf-8")


def without_proxy() -> dict[str, str]:
    """Return variables that keep apt from asking a proxy of this machine for 127.0.0.1."""
    return {name: "" for name in os.environ if name.lower().endswith("_proxy")}
