"""The fonts of this machine that a text needs, and its letters that none of them has.

Looked for are Noto's fonts for one script each, which are the best to read, then those that most machines have.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
# By preference; each stands for the file with this name, or all that begin so.
WANTED = (
    "NotoSans-Regular",
    "DejaVuSans",
    "NotoSansArabic-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansThai-Regular",
    "NotoSansCJK-Regular",
    "DroidSansFallbackFull",
    "DroidSansFallback",
    "NotoSans*-Regular",
    "NotoEmoji-Regular",
    "NotoColorEmoji",
    "Symbola",
)
# Up to here the press has letters of its own.
LAST_GRANTED = "\u00ff"
ENDINGS = frozenset({".ttf", ".otf", ".ttc"})
_BOLD = (("-Regular", "-Bold"), ("DejaVuSans", "DejaVuSans-Bold"))
# What is never drawn: controls, spaces, joiners, and signs that choose a form.
_UNDRAWN = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"})
_SELECTORS = frozenset(chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@dataclass(frozen=True, slots=True)
class Font:
    """A font's file, its family, and the one with its bold letters, where there is one."""

    path: Path
    family: str
    bold: Path | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The fonts for a text, the best first, and the letters that none of them has."""

    fonts: tuple[Font, ...]
    missing: frozenset[str]


def choose_fonts(text: str, folders: Iterable[Path] = FOLDERS) -> Choice:
    """Return as few fonts as cover a text, in the order of preference."""
    left = {letter for letter in text if is_drawn(letter)}
    granted = {letter for letter in left if letter <= LAST_GRANTED}
    files = {path.stem: path for path in _files(folders)}
    chosen: list[Font] = []
    for path in _preferred(files):
        if not left:
            break
        family, letters = _read(path)
        if left & letters:
            left -= letters
            chosen.append(Font(path, family, _bold(path.stem, files)))
    return Choice(tuple(chosen), frozenset(left - granted))


def is_drawn(letter: str) -> bool:
    """Say whether a letter needs a font."""
    return unicodedata.category(letter) not in _UNDRAWN and letter not in _SELECTORS


def named(letter: str) -> str:
    """Return a letter that no font has as one can read it: a picture by its name, others by their number."""
    name = unicodedata.name(letter, "").lower()
    is_picture = unicodedata.category(letter) in {"So", "Sk", "Sm"} and name
    return f"[{name}]" if is_picture else f"[U+{ord(letter):04X}]"


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS)


def _preferred(files: dict[str, Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for name in WANTED:
        beginning, _, end = name.partition("*")
        exact = [files[name]] if name in files else []
        some = [path for stem, path in files.items() if stem.startswith(beginning) and stem.endswith(end)]
        found |= dict.fromkeys(some if "*" in name else exact)
    return list(found)


def _read(path: Path) -> tuple[str, frozenset[str]]:
    """Return the family of a font and its letters; of a damaged one none."""
    try:
        with path.open("rb") as file, TTFont(file, lazy=True, fontNumber=0) as font:
            family = font["name"].getBestFamilyName() or path.stem
            return str(family), frozenset(map(chr, font.getBestCmap() or {}))
    except (TTLibError, OSError):
        return path.stem, frozenset()


def _bold(stem: str, files: dict[str, Path]) -> Path | None:
    return next((files[stem.replace(plain, bold)] for plain, bold in _BOLD
                 if plain in stem and stem.replace(plain, bold) in files), None)  # fmt: skip
