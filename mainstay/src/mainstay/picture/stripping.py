"""Takes out of a picture's file all that is not the picture: places, names, comments, and what hangs behind its end.

The compressed pixels stay as they are, and so do colour profiles; of the metadata only the orientation is kept.
Formats: JPEG (ITU-T T.81, annex B), PNG (ISO/IEC 15948), WebP (RFC 9649).
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from mainstay.picture.refusal import PictureDamaged

# Application segments of a JPEG that decoders need: JFIF, colour profile (only that in APP2), Adobe's colour transform.
JFIF, PROFILE, ADOBE = 0xE0, 0xE2, 0xEE
COMMENT: Final = 0xFE
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
# In a scan, 0xFF is followed by 0 where it is data, and restart markers belong to it.
NEXT_MARKER: Final = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PNG_KEPT: Final = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"cICP",
        b"bKGD",
        b"pHYs",
    )
)
WEBP_KEPT: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))
HAS_EXIF, HAS_XMP = 0x08, 0x04
UPRIGHT: Final = 1


def stripped(content: bytes, media_type: str, orientation: int) -> bytes:
    """Return the file of the same picture and nothing else. Raises PictureDamaged when its end is missing."""
    strip = _STRIPPERS[media_type]
    try:
        return strip(content, b"" if orientation == UPRIGHT else _exif(orientation))
    except (struct.error, IndexError) as failure:
        raise PictureDamaged from failure


def _exif(orientation: int) -> bytes:
    """Return a TIFF structure with one directory of one entry, the orientation (0x0112, a short)."""
    return b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHLHHL", 1, 0x0112, 3, 1, orientation, 0, 0)


def _strip_jpeg(content: bytes, exif: bytes) -> bytes:
    if not content.startswith(b"\xff\xd8"):
        raise PictureDamaged
    parts = [b"\xff\xd8"]
    if exif:
        payload = b"Exif\x00\x00" + exif
        parts.append(b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload)
    place = 2
    while (found := NEXT_MARKER.search(content, place)) is not None:
        marker, start = found[1][0], found.end()
        if marker == END_OF_IMAGE:
            return b"".join((*parts, b"\xff\xd9"))
        end = start + struct.unpack_from(">H", content, start)[0]
        if marker == START_OF_SCAN:
            after = NEXT_MARKER.search(content, end)
            end = after.start() if after else len(content)
        if _is_needed(marker, content[start + 2 : start + 16]):
            parts.append(bytes((0xFF, marker)) + content[start:end])
        place = end
    raise PictureDamaged


def _is_needed(marker: int, payload: bytes) -> bool:
    if marker == PROFILE:
        return payload.startswith(b"ICC_PROFILE\x00")
    is_application = 0xE0 <= marker <= 0xEF
    return marker in {JFIF, ADOBE} if is_application else marker != COMMENT


def _strip_png(content: bytes, exif: bytes) -> bytes:
    parts = [PNG_SIGNATURE]
    kind = b""
    for kind, chunk in _png_chunks(content):
        if kind in PNG_KEPT:
            parts.append(chunk)
        if kind == b"IHDR" and exif:
            parts.append(struct.pack(">L", len(exif)) + b"eXIf" + exif + struct.pack(">L", zlib.crc32(b"eXIf" + exif)))
    if kind != b"IEND":
        raise PictureDamaged
    return b"".join(parts)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks up to the end of the image; one that is cut off comes as it is."""
    place = len(PNG_SIGNATURE)
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">L4s", content, place)
        yield kind, content[place : place + size + 12]
        if kind == b"IEND":
            return
        place += size + 12


def _strip_webp(content: bytes, exif: bytes) -> bytes:
    parts = []
    place, end = 12, struct.unpack_from("<L", content, 4)[0] + 8
    if end > len(content):
        raise PictureDamaged
    while place + 8 <= end:
        kind, size = struct.unpack_from("<4sL", content, place)
        chunk = content[place : min(place + 8 + size + size % 2, end)]
        if kind == b"VP8X":
            flags = chunk[8] & ~HAS_XMP
            flags = flags | HAS_EXIF if exif else flags & ~HAS_EXIF
            chunk = chunk[:8] + bytes((flags,)) + chunk[9:]
        if kind in WEBP_KEPT:
            parts.append(chunk)
        place += 8 + size + size % 2
    if exif:
        parts.append(b"EXIF" + struct.pack("<L", len(exif)) + exif)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<L", len(body)) + body


_STRIPPERS: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "image/jpeg": _strip_jpeg,
    "image/png": _strip_png,
    "image/webp": _strip_webp,
}
