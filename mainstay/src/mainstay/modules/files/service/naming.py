"""Names of files, made safe to show, to save and to put into a header; they never name a place of ours."""

import unicodedata
from typing import Final
from urllib.parse import quote

LONGEST: Final = 150
# Control, format (such as those that turn the direction of writing), lone surrogates and private use.
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN: Final = frozenset('<>:"|?*/\\')
# Windows opens devices by these names, whatever follows the dot.
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{each}" for each in range(10)), *(f"lpt{each}" for each in range(10)))
)


def safe_name(name: str) -> str:
    """Return the last part of a name as it can be shown and saved anywhere, in every script, with its ending."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(
        "_" if sign in _FORBIDDEN else sign
        for sign in unicodedata.normalize("NFC", last)
        if unicodedata.category(sign) not in _UNSAFE
    )
    shown = " ".join(shown.split()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = shown, "", ""
    if stem.partition(".")[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    return f"{stem[: LONGEST - len(dot + ending)].rstrip(' .') or 'file'}{dot}{ending}"


def ascii_name(name: str) -> str:
    """Return a name in the letters that every program understands."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in name)
    return plain if plain.strip("_ .") else "file"


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the header `Content-Disposition` for a name (RFC 6266): to be saved, unless it is to be shown."""
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
