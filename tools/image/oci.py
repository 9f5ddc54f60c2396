"""Images as files: read and write archives in the layout of the Open Container Initiative.

They are written here and not by a program that builds images, because a build then needs neither a daemon nor rights,
and the same sources give the same bytes. See docs/decisions/0069-images.md.
"""

import gzip
import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
NAME = "org.opencontainers.image.ref.name"
PIECE = 1 << 20


class NotAnImage(Exception):
    """What was given is no image that can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that lies open: who it runs as (None: nobody says), its configuration, its layers as tar files."""

    user: str | None
    configuration: str
    layers: tuple[Path, ...]


# -- reading ---------------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[Image]:
    """Open an archive or a folder in the layout, or the tar file of a root file system, which is only a layer."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if path.is_dir():
            yield _read(path, folder)
            return
        try:
            archive = tarfile.open(path)  # noqa: SIM115  closed below
        except (OSError, tarfile.TarError) as failure:
            raise NotAnImage(f"{path} cannot be read: {failure}") from failure
        with archive:
            if not {"oci-layout", "./oci-layout"} & set(archive.getnames()):
                yield Image(None, "", (_unpacked(path, folder / "layer.tar"),))
                return
            archive.extractall(folder / "layout", filter="data")
        yield _read(folder / "layout", folder)


def _read(layout: Path, folder: Path) -> Image:
    """Read the one image of a layout and unpack its layers into `folder`."""
    try:
        manifests = json.loads((layout / "index.json").read_bytes())["manifests"]
        if len(manifests) != 1 or manifests[0]["mediaType"] != MANIFEST:
            raise NotAnImage(f"{layout} holds {len(manifests)} images, or none for one machine: name one")
        manifest = json.loads(_blob(layout, manifests[0]["digest"]).read_bytes())
        text = _blob(layout, manifest["config"]["digest"]).read_text(encoding="utf-8")
        blobs = [_blob(layout, each["digest"]) for each in manifest["layers"]]
        layers = [_unpacked(blob, folder / f"{number}.tar") for number, blob in enumerate(blobs)]
        return Image(json.loads(text).get("config", {}).get("User", ""), text, tuple(layers))
    except (OSError, KeyError, ValueError) as failure:
        raise NotAnImage(f"{layout} cannot be read: {failure!r}") from failure


def _blob(layout: Path, digest: str) -> Path:
    """Return the file of a digest; one whose content is another is refused."""
    kind, _, value = digest.partition(":")
    path = layout / "blobs" / kind / value
    if kind != "sha256" or "/" in value or _sha256(path) != value:
        raise NotAnImage(f"{digest}: the content is not that of its digest")
    return path


def _unpacked(path: Path, target: Path) -> Path:
    """Return a tar file that is not compressed, `path` itself if it is one."""
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    if not is_gzip:
        return path
    with gzip.open(path) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, PIECE)
    return target


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- writing ---------------------------------------------------------------------------------------------------------


def write(target: Path, name: str, layers: Sequence[Path], configuration: Mapping[str, Any]) -> str:
    """Write an archive with one image, whole or not at all; return the digest of its manifest."""
    with TemporaryDirectory(dir=target.parent) as folder:
        layout = Path(folder) / "layout"
        (layout / "blobs" / "sha256").mkdir(parents=True)
        diffs = [f"sha256:{_sha256(layer)}" for layer in layers]
        described = [_described(_compressed(layout, layer), LAYER) for layer in layers]
        whole = {**configuration, "rootfs": {"type": "layers", "diff_ids": diffs}}
        config = _described(_kept(layout, whole), CONFIG)
        content = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": described}
        manifest = _described(_kept(layout, content), MANIFEST)
        index = {"schemaVersion": 2, "manifests": [{**manifest, "annotations": {NAME: name}}]}
        (layout / "index.json").write_text(json.dumps(index, sort_keys=True), encoding="utf-8")
        (layout / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}), encoding="utf-8")
        packed = Path(folder) / "archive.tar"
        with tarfile.open(packed, "w", format=tarfile.GNU_FORMAT) as archive:
            for path in sorted(layout.rglob("*")):
                archive.add(path, str(path.relative_to(layout)), recursive=False, filter=_of_nobody)
        packed.replace(target)
    return str(manifest["digest"])


def _of_nobody(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    info.mode = 0o755 if info.isdir() else 0o644
    return info


def _described(blob: Path, kind: str) -> dict[str, str | int]:
    return {"mediaType": kind, "digest": f"sha256:{blob.name}", "size": blob.stat().st_size}


def _kept(layout: Path, content: Mapping[str, Any]) -> Path:
    path = layout / "new"
    path.write_text(json.dumps(content, sort_keys=True, separators=(",", ":")), encoding="utf-8")
    return path.rename(layout / "blobs" / "sha256" / _sha256(path))


def _compressed(layout: Path, layer: Path) -> Path:
    path = layout / "new"
    with (
        layer.open("rb") as source,
        path.open("wb") as target,
        gzip.GzipFile("", "wb", fileobj=target, mtime=0, compresslevel=2) as packed,
    ):
        shutil.copyfileobj(source, packed, PIECE)
    return path.rename(layout / "blobs" / "sha256" / _sha256(path))
