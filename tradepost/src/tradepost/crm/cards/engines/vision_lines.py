"""Printed lines from the words of Google's answer, and which way up they lie."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.engines.vision_format import Paragraph, TextAnnotation, Word
from tradepost.crm.cards.geometry import Matrix
from tradepost.crm.cards.quad import Quad

SPACES: Final = frozenset({"SPACE", "SURE_SPACE"})
LINE_ENDS: Final = frozenset({"EOL_SURE_SPACE", "LINE_BREAK", "HYPHEN"})
# In heights of the print: words further apart, or further beside each other, are two lines.
WIDEST_GAP: Final = 2.5
FURTHEST_BESIDE: Final = 0.7


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word with its place, what joins it to the next one, and how sure it is."""

    text: str
    corners: Matrix
    confidence: float
    after: str
    before: str

    @property
    def along(self) -> Matrix:
        """The direction in which it is read, of length 1."""
        return _direction(self.corners)

    @property
    def height(self) -> float:
        """How high its print is."""
        a, b, c, d = self.corners
        return float(np.hypot(*(d - a)) + np.hypot(*(c - b))) / 2


def quarters_to_upright(lines: Sequence[TextLine]) -> int:
    """Return how many turns of 90 degrees clockwise make most of the print run from left to right."""
    votes = [0.0] * 4
    for line in lines:
        (left, top), (right, bottom) = line.quad.corners[:2]
        across, down = right - left, bottom - top
        if abs(across) >= abs(down):
            votes[0 if across >= 0 else 2] += abs(across)
        else:
            votes[3 if down > 0 else 1] += abs(down)
    return votes.index(max(votes))


def lines_of(annotation: TextAnnotation, engine: str) -> list[TextLine]:
    """Return the lines, each with the corners in the order in which it is read."""
    paragraphs = (
        paragraph
        for page in annotation.pages
        for block in page.blocks
        if block.block_type != "BARCODE"
        for paragraph in block.paragraphs
    )
    return [_line(pieces, engine) for paragraph in paragraphs for pieces in _parted(paragraph)]


def _parted(paragraph: Paragraph) -> Iterator[list[_Piece]]:
    """Yield the pieces of each line: one ends where the answer says so, or where the next word stands elsewhere."""
    line: list[_Piece] = []
    for word in paragraph.words:
        piece = _piece(word)
        if piece is None:
            continue
        if line and (line[-1].after in LINE_ENDS or piece.before in LINE_ENDS or _stands_apart(line[-1], piece)):
            yield line
            line = []
        line.append(piece)
    if line:
        yield line


def _piece(word: Word) -> _Piece | None:
    """Return a word that has letters and a place."""
    text = "".join(symbol.text for symbol in word.symbols)
    if not text.strip() or len(word.bounding_box.vertices) != 4:
        return None
    first, last = word.symbols[0].property.detected_break, word.symbols[-1].property.detected_break
    known = [symbol.confidence for symbol in word.symbols if symbol.confidence is not None]
    sure = word.confidence if word.confidence is not None else sum(known) / len(known) if known else 0.0
    return _Piece(
        text=text,
        corners=np.array([(one.x, one.y) for one in word.bounding_box.vertices], dtype=np.float64),
        confidence=sure,
        after="" if last.is_prefix else last.type,
        before=first.type if first.is_prefix else "",
    )


def _stands_apart(one: _Piece, other: _Piece) -> bool:
    """Whether two words that follow each other are no neighbours of one line; some scripts run to the left."""
    height = max(one.height, other.height, 1.0)
    along, beside = _axes(one.along, one.corners), _axes(one.along, other.corners)
    gap = max(beside[0].min() - along[0].max(), along[0].min() - beside[0].max())
    return bool(gap > WIDEST_GAP * height or abs(beside[1].mean() - along[1].mean()) > FURTHEST_BESIDE * height)


def _line(pieces: Sequence[_Piece], engine: str) -> TextLine:
    text = ""
    for piece in pieces:
        text += " " if piece.before in SPACES and text and not text.endswith(" ") else ""
        text += piece.text
        # A hyphen at the end of a line is printed, but no letter of the answer.
        text += " " if piece.after in SPACES else "-" if piece.after == "HYPHEN" else ""
    letters = [len(piece.text) for piece in pieces]
    sure = sum(piece.confidence * weight for piece, weight in zip(pieces, letters, strict=True)) / sum(letters)
    return TextLine(_around(pieces), " ".join(text.split()), sure, engine)


def _around(pieces: Sequence[_Piece]) -> Quad:
    """Return the narrowest shape around all words that is turned as they are."""
    points = np.vstack([piece.corners for piece in pieces])
    along = _direction(np.vstack([pieces[0].corners[0], pieces[-1].corners[1]])) if len(pieces) > 1 else pieces[0].along
    if float(along @ pieces[0].along) <= 0:
        along = pieces[0].along
    across, down = _axes(along, points)
    back = np.vstack([along, _down(along)])
    left, right, top, bottom = across.min(), across.max(), down.min(), down.max()
    return Quad.of(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) @ back)


def _direction(points: Matrix) -> Matrix:
    """Return the direction from the first point to the second, of length 1; to the right when they are one."""
    x, y = points[1] - points[0]
    length = math.hypot(x, y)
    return np.array([x, y]) / length if length else np.array([1.0, 0.0])


def _down(along: Matrix) -> Matrix:
    return np.array([-along[1], along[0]])


def _axes(along: Matrix, points: Matrix) -> tuple[Matrix, Matrix]:
    """Return where points are along a direction and below it."""
    return points @ along, points @ _down(along)
