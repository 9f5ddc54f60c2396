"""The files of an image as whoever runs it sees them: its layers laid over each other."""

import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import NamedTuple

# How a layer says that a file of a layer below is gone, or all that a folder had (OCI image specification, layers).
GONE = ".wh."
EMPTIED = ".wh..wh..opq"


class Entry(NamedTuple):
    """A file of a layer."""

    layer: tarfile.TarFile
    info: tarfile.TarInfo


@contextmanager
def laid(layers: Sequence[Path]) -> Iterator["Tree"]:
    """Lay layers over each other, the lowest first; they stay open for as long as the tree is used."""
    tree = Tree()
    with ExitStack() as stack:
        for layer in layers:
            tree.lay(stack.enter_context(tarfile.open(layer, "r:")))
        yield tree


class Tree:
    """Entries by their path, which starts with no slash."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        # Some layers name a file and not the folders it lies in.
        self._folders: set[str] = set()

    def lay(self, layer: tarfile.TarFile) -> None:
        """Lay one more layer over the others."""
        for info in layer:
            path = info.name.removeprefix("./").strip("/")
            folder, _, name = path.rpartition("/")
            if name == EMPTIED:
                self._remove(folder, with_itself=False)
            elif name.startswith(GONE):
                self._remove("/".join(filter(None, (folder, name.removeprefix(GONE)))))
            elif path not in {"", "."}:
                if path in self._folders and not info.isdir():
                    self._remove(path)
                self._folders.update(map(str, PurePosixPath(path).parents))
                self.entries[path] = Entry(layer, info)

    def _remove(self, path: str, *, with_itself: bool = True) -> None:
        for each in [each for each in self.entries if each.startswith(f"{path}/")]:
            del self.entries[each]
        if with_itself:
            self.entries.pop(path, None)

    def files(self) -> Iterator[tuple[str, tarfile.TarInfo]]:
        """Yield the path of each file with content, in order."""
        for path, entry in sorted(self.entries.items()):
            if entry.info.isreg() or entry.info.islnk():
                yield path, entry.info

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises FileNotFoundError when there is none."""
        entry = self.entries.get(path)
        stream = entry.layer.extractfile(entry.info) if entry and (entry.info.isreg() or entry.info.islnk()) else None
        if stream is None:
            raise FileNotFoundError(path)
        return stream.read()

    def real(self, path: str) -> str:
        """Return a path with the link of its first folder followed: `bin/ls` is `usr/bin/ls` on a merged /usr."""
        first, slash, rest = path.partition("/")
        entry = self.entries.get(first)
        if slash and entry is not None and entry.info.issym():
            return f"{entry.info.linkname.strip('/')}/{rest}"
        return path
