"""Answers in the form that Google publishes for `images:annotate`, made for cards whose print is known."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from drawn_cards import LINES, SIZE, Line
from PIL import ImageFont

Point = tuple[int, int]
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Printed:
    """A word with its box (left, top, right, bottom) on the upright card, and the break after it."""

    text: str
    box: tuple[int, int, int, int]
    after: str = "SPACE"
    confidence: float = 0.98


def words_of(line: Line) -> list[Printed]:
    """Return the words of a line as `draw_card` prints it."""
    text, height, top = line
    font = ImageFont.load_default(height)
    words, start = text.split(), 0
    found = []
    for at, word in enumerate(words):
        start = text.index(word, start)
        left, right = (60 + round(font.getlength(text[:end])) for end in (start, start + len(word)))
        after = "LINE_BREAK" if at == len(words) - 1 else "SPACE"
        found.append(Printed(word, (left, top, right, top + round(1.2 * height)), after))
    return found


def answer(paragraphs: Sequence[Sequence[Printed]], quarters: int = 0, size: tuple[int, int] = SIZE) -> bytes:
    """Return the answer for a card that lies `quarters` of a turn clockwise from upright."""
    blocks = [
        {"blockType": "TEXT", "paragraphs": [{"words": [_word(one, quarters, size) for one in words]}]}
        for words in paragraphs
    ]
    text = "\n".join(" ".join(one.text for one in words) for words in paragraphs)
    width, height = size if quarters % 2 == 0 else size[::-1]
    page = {"width": width, "height": height, "blocks": blocks, "confidence": 0.97}
    found = {"textAnnotations": [{"description": text}], "fullTextAnnotation": {"pages": [page], "text": text}}
    return json.dumps({"responses": [found]}).encode()


def answer_for_card(lines: Sequence[Line] = LINES, quarters: int = 0) -> bytes:
    """Return the answer for what `draw_card` draws."""
    return answer([words_of(line) for line in lines], quarters)


def _word(word: Printed, quarters: int, size: tuple[int, int]) -> Json:
    left, top, right, bottom = word.box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    symbols: list[Json] = [{"text": letter, "confidence": word.confidence} for letter in word.text]
    if word.after:
        symbols[-1]["property"] = {"detectedBreak": {"type": word.after}}
    vertices = [_vertex(_turned(corner, quarters, size)) for corner in corners]
    return {"boundingBox": {"vertices": vertices}, "symbols": symbols, "confidence": word.confidence}


def _turned(point: Point, quarters: int, size: tuple[int, int]) -> Point:
    (x, y), (width, height) = point, size
    return {0: (x, y), 1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}[quarters]


def _vertex(point: Point) -> Json:
    """Return a corner without what is nought, as the service leaves it out."""
    return {name: value for name, value in zip("xy", point, strict=True) if value}
