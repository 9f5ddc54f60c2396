"""What an image is made from: `deploy/image/image.toml`, the version, the commit and its time."""

import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path

from tools.process import ROOT

FILE = ROOT / "deploy" / "image" / "image.toml"


@dataclass(frozen=True, slots=True)
class User:
    """Who the program runs as: the name, the number of both user and group, and the folder of the data."""

    name: str
    id: int
    home: str


@dataclass(frozen=True, slots=True)
class Start:
    """How the image starts."""

    entrypoint: list[str]
    command: list[str]
    port: int
    environment: list[str]
    health: list[str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The suite of Debian and its packages, patterns of paths that are left out, and how the program runs."""

    suite: str
    packages: list[str]
    leave_out: list[str]
    user: User
    start: Start

    def leaves_out(self, path: str) -> bool:
        """Whether a path of the base stays out of the image."""
        return any(fnmatchcase(path, pattern) for pattern in self.leave_out)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an image is of: the version, the commit, and the commit's time in seconds, which all files bear at most."""

    version: str
    revision: str
    epoch: int

    @property
    def created(self) -> str:
        """The time as images tell it (RFC 3339)."""
        return datetime.fromtimestamp(self.epoch, UTC).isoformat().replace("+00:00", "Z")


def load(path: Path = FILE) -> Recipe:
    """Read the recipe."""
    with path.open("rb") as file:
        content = tomllib.load(file)
    return Recipe(**content["base"], user=User(**content["user"]), start=Start(**content["start"]))


def origin() -> Origin:
    """Return what the work tree is; a tree with changes says so, and SOURCE_DATE_EPOCH wins over the commit's time."""
    revision = _git("rev-parse", "HEAD")
    is_changed = bool(_git("status", "--porcelain"))
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct")
    return Origin(version("tradepost"), f"{revision}-changed" if is_changed else revision, int(epoch))


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
