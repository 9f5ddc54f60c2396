"""Write layers: tar files in which nothing tells when, by whom or on which machine they were made."""

import stat
import tarfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.image.tree import Tree

# Neither files that run with the rights of their owner, nor a folder that gives its group to what is made in it.
KEPT = 0o1777


class Layer:
    """A layer that is being written; paths start with no slash."""

    def __init__(self, path: Path, epoch: int) -> None:
        self._archive = tarfile.open(path, "w:", format=tarfile.GNU_FORMAT)  # noqa: SIM115  closed on exit
        self._epoch = epoch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def folder(self, path: str, owner: int = 0, mode: int = 0o755) -> None:
        """Add a folder."""
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.uid, info.gid = tarfile.DIRTYPE, mode, owner, owner
        self.add(info)

    def file(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Add a file of root."""
        info = tarfile.TarInfo(path)
        info.mode = mode
        self.add(info, content)

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        info = tarfile.TarInfo(path)
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
        self.add(info)

    def add(self, info: tarfile.TarInfo, content: bytes = b"") -> None:
        """Add what `info` describes: without names of users, no younger than the image, with plain rights alone."""
        info.mode &= KEPT
        info.size = len(content)
        info.mtime = min(int(info.mtime), self._epoch) or self._epoch
        info.uname = info.gname = ""
        info.pax_headers = {}
        self._archive.addfile(info, BytesIO(content))


def write_base(tree: Tree, leaves_out: Callable[[str], bool], layer: Layer) -> None:
    """Write what a base has, as one layer; links between files become files."""
    for path, entry in sorted(tree.entries.items()):
        if leaves_out(path):
            continue
        info = tarfile.TarInfo(path)
        info.mode, info.uid, info.gid = entry.info.mode, entry.info.uid, entry.info.gid
        info.mtime, info.type, info.linkname = entry.info.mtime, entry.info.type, entry.info.linkname
        if entry.info.isreg() or entry.info.islnk():
            info.type, info.linkname = tarfile.REGTYPE, ""
            layer.add(info, tree.read(path))
        else:
            layer.add(info)


def write_folder(folder: Path, prefix: str, layer: Layer, skipped: Iterable[str] = ()) -> None:
    """Write what lies in a folder of this machine as files of root below `prefix`."""
    left = set(skipped)
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name in left:
            continue
        if path.is_symlink():
            layer.link(f"{prefix}/{name}", str(path.readlink()))
        elif path.is_dir():
            layer.folder(f"{prefix}/{name}")
        else:
            is_program = path.stat().st_mode & stat.S_IXUSR
            layer.file(f"{prefix}/{name}", path.read_bytes(), 0o755 if is_program else 0o644)
