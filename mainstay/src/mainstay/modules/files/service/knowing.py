"""What a file is, by its content and never by its name or by what its sender says of it."""

import re
from typing import Final

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
# So much of a file tells what it is.
START: Final = 4096
_SIGNS: Final = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", PDF))
# What no plain text has: control characters besides tabs and line ends.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What a browser, an office program or a shell could take for something else than text.
_MARKUP: Final = re.compile(r"<[!?/a-z]", re.IGNORECASE)
_FOREIGN: Final = ("#!", "{\\rtf", "%!ps", "mz")


def type_of(start: bytes) -> str | None:
    """Return the media type of a file that begins so; None for all that is not known."""
    for sign, media_type in _SIGNS:
        if start.startswith(sign):
            return media_type
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if _is_text(start) else None


def _is_text(start: bytes) -> bool:
    try:
        # The last letter may be cut off.
        text = start.decode("utf-8-sig") if len(start) < START else start.decode("utf-8-sig", errors="ignore")
    except UnicodeDecodeError:
        return False
    if len(start) >= START and len(text.encode()) < len(start) - 6:
        return False
    plain = text.lstrip().lower()
    return bool(plain) and not (_CONTROL.search(text) or _MARKUP.search(text) or plain.startswith(_FOREIGN))
