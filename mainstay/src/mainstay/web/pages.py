"""The web app: index.html for every page, its assets for ever, and a sentence when it has not been built."""

from collections.abc import Iterator
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from mainstay.errors import NotFound
from mainstay.web.errors import MethodNotAllowed
from mainstay.web.files import FOR_EVER, REVALIDATE, File, media_type

# Larger files are read from disk for each request.
MAX_IN_MEMORY = 1024 * 1024
_NOT_PAGES = ("/api/", "/health/")
# The smallest first.
_ENCODINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not built yet</title></head>
<body><main><h1>The web app is not built yet</h1>
<p>Run <code>make run</code>: it builds the app and starts the program again.
The API is described at <a href="/api/docs">/api/docs</a>.</p>
</main></body></html>
"""


class Pages:
    """Serves the files that were in `folder` when the program started; nothing else can be reached through it."""

    def __init__(self, folder: Path | None) -> None:
        self._files: dict[str, File] = {}
        self._large: dict[str, Path] = {}
        for path in _files_in(folder):
            self._add(path, "/" + path.relative_to(folder or path).as_posix())
        self._index = self._files.get("/index.html")
        self._not_built = File.of(_NOT_BUILT.encode(), media_type(".html"), "no-store")

    def _add(self, path: Path, address: str) -> None:
        if path.suffix in _ENCODINGS.values() and path.with_suffix("").exists():
            return
        if path.stat().st_size > MAX_IN_MEMORY:
            self._large[address] = path
            return
        others = {name: path.with_name(path.name + ending) for name, ending in _ENCODINGS.items()}
        compressed = {name: other.read_bytes() for name, other in others.items() if other.exists()}
        cache = FOR_EVER if address.startswith("/assets/") else REVALIDATE
        self._files[address] = File.of(path.read_bytes(), media_type(path.name), cache, compressed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that no operation is for; raises NotFound and MethodNotAllowed."""
        path: str = scope["path"]
        is_page = self._is_page(path)
        if not is_page and path not in self._files and path not in self._large:
            raise NotFound("There is nothing at this address.")
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed("This is a page: it can only be read.", headers={"Allow": "GET, HEAD"})
        if is_page and self._index is None:
            await self._not_built.send(scope, send, status=503)
        elif path in self._large:
            await self._large_file(path)(scope, receive, send)
        else:
            file = self._files.get(path) or self._index
            assert file is not None  # noqa: S101  the first branch has answered pages without an index
            await file.send(scope, send)

    def _is_page(self, path: str) -> bool:
        last = path.rpartition("/")[2]
        is_ours = path in {"/api", "/health"} or path.startswith(_NOT_PAGES)
        return path not in self._files and path not in self._large and "." not in last and not is_ours

    def _large_file(self, path: str) -> FileResponse:
        cache = FOR_EVER if path.startswith("/assets/") else REVALIDATE
        return FileResponse(self._large[path], media_type=media_type(path), headers={"cache-control": cache})


def _files_in(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
