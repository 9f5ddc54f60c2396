"""The printed lines as the rules read them: cleaned, upright, in the order of reading, with the places they take."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.quad import Quad

# Full-width marks that an engine trained on Chinese prints between Latin words.
WIDE: Final = str.maketrans("：；（），．／－＋＠｜！？＆＃～", ":;(),./-+@|!?&#~")
WORD: Final = re.compile(r"[^\W\d_]+")
LATIN_LIKE, CYRILLIC_LIKE = "ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху"
TO_CYRILLIC: Final = str.maketrans(LATIN_LIKE, CYRILLIC_LIKE)
FROM_GREEK: Final = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρΛ", "ABEZHIKMNOPTYXovpA")
# The Russian legal form, which looks like three noughts.
LIMITED: Final = re.compile(r"^[0OО]{3}(?=\s*[«\"“„'<])")
SPACES: Final = re.compile(r"\s+")
# Icons and bullets at the beginning of a line.
MARKS_BEFORE: Final = re.compile(r"^[\s•·●○◦■□▪▫◆◇►▶☎✆✉⌂✓|①②③④⑤©®°*_~=<>»”’\]\[]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Segment:
    """A printed line, or a part of one, with what else an engine made of it; `line` numbers the printed line."""

    text: str
    confidence: float
    quad: Quad
    line: int
    also: str = ""

    @property
    def height(self) -> float:
        """The height of the print in pixels of the flat card."""
        return self.quad.height

    @property
    def middle(self) -> float:
        """The vertical middle."""
        return (self.quad.top + self.quad.bottom) / 2

    def part(self, start: int, end: int) -> "Segment":
        """Return the characters from `start` to `end`, with the share of the box that they take."""
        size = max(len(self.text), 1)
        return replace(self, text=self.text[start:end].strip(), quad=self.quad.piece(start / size, end / size))


def clean(text: str) -> str:
    """Return the text in NFC, with plain marks, single spaces, and without icons before it (rule 33)."""
    plain = unicodedata.normalize("NFC", text.translate(WIDE))
    plain = LIMITED.sub("ООО", plain)
    plain = WORD.sub(lambda match: _in_one_script(match[0], plain), plain)
    return MARKS_BEFORE.sub("", SPACES.sub(" ", plain)).strip()


def _in_one_script(word: str, text: str) -> str:
    """Return a word in the script of its neighbours, where all of it looks the same there: engines mix them up."""
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in text)
    if cyrillic * 2 > sum(map(str.isalpha, text)) - len(word):
        return word.translate(TO_CYRILLIC) if all(c in LATIN_LIKE for c in word) and len(word) > 1 else word
    return word.translate(FROM_GREEK)


def segments_of(lines: Iterable[TextLine]) -> list[Segment]:
    """Return the lines that say something, from top to bottom, left before right on one level."""
    found = [
        Segment(text, line.confidence, line.quad, 0, clean(line.also))
        for line in lines
        if _says_something(text := clean(line.text))
    ]
    return [replace(one, line=at) for at, one in enumerate(in_reading_order(found))]


def _says_something(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= 2


def in_reading_order(segments: Sequence[Segment]) -> list[Segment]:
    """Order by rows: what overlaps in height by more than half is one row, read from the left."""
    rows: list[list[Segment]] = []
    for one in sorted(segments, key=lambda segment: segment.middle):
        row = rows[-1] if rows else None
        if row and abs(one.middle - row[-1].middle) < 0.5 * min(one.height, row[-1].height):
            row.append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda segment: segment.quad.left)]
