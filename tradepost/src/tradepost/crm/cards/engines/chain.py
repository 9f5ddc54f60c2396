"""The chain of engines: the first that is there reads the card, another reads the lines of the script it lacks."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

import structlog

from mainstay import clock
from tradepost.crm.cards.engines.port import EngineFailed, LineReader, ReadCard, Recogniser, TextLine
from tradepost.crm.cards.engines.rapid import cut
from tradepost.crm.cards.geometry import FlatCard
from tradepost.crm.cards.reading import EngineCall

CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
GREEK: Final = re.compile(r"[\u0370-\u03ff]")
# What is certain whatever the script: addresses of the net, and, as a clue, digits.
NET: Final = re.compile(r"@|www|https?:", re.IGNORECASE)
DIGITS: Final = re.compile(r"^[\d\s+()./:-]+$")
# Letters for each height of a line that its width has room for: Latin print has two, spaced print one.
SPARSE: Final = 0.7
SURE: Final = 0.9
# Lines read again at most: more than a card has are of the page under it.
MOST_LINES: Final = 40
SURE_ENOUGH: Final = 0.45
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Chain:
    """Reads with `engines` in their order until one answers; `cyrillic` reads again what does not look Latin."""

    engines: tuple[Recogniser, ...]
    cyrillic: LineReader | None = None

    @property
    def version(self) -> str:
        """Name and version of every engine that can have a part in a reading."""
        parts: list[Recogniser | LineReader] = list(self.engines)
        if self.cyrillic is not None and self.cyrillic not in parts:
            parts.append(self.cyrillic)
        return " ".join(f"{one.name}/{one.version}" for one in parts)

    def read(self, card: FlatCard) -> ReadCard:
        """Return the lines of the card. Raises EngineFailed when no engine answers."""
        calls: list[EngineCall] = []
        engine, found = self._first(card, calls)
        second = self.cyrillic
        if second is not None and not engine.knows_cyrillic and any(map(looks_foreign, found.lines)):
            # One reading is better than none; the call is kept as failed, so that a later run may read the rest.
            with suppress(EngineFailed):
                lines = _called(second, partial(self._again, found, second), calls)
                found = replace(found, lines=tuple(lines))
        return replace(found, calls=tuple(calls))

    def _first(self, card: FlatCard, calls: list[EngineCall]) -> tuple[Recogniser, ReadCard]:
        reasons = []
        for engine in self.engines:
            try:
                return engine, _called(engine, partial(engine.read, card), calls)
            except EngineFailed as error:
                reasons.append(f"{engine.name}: {error}")
        raise EngineFailed("; ".join(reasons) or "no engine of text recognition is installed")

    def _again(self, found: ReadCard, reader: LineReader) -> Sequence[TextLine]:
        lines = list(found.lines)
        doubtful = [at for at, line in enumerate(lines) if not NET.search(line.text)][:MOST_LINES]
        readings = reader.read_lines([cut(found.card.pixels, lines[at].quad) for at in doubtful])
        for at, one in zip(doubtful, readings, strict=True):
            if _is_cyrillic(one.text) and one.confidence >= SURE_ENOUGH:
                old = lines[at]
                lines[at] = TextLine(old.quad, one.text, one.confidence, reader.name, old.text)
        return lines


def _called(engine: Recogniser | LineReader, ask: Callable[[], Answer], calls: list[EngineCall]) -> Answer:
    """Return what an engine answers; note how long it took and whether it failed. Raises EngineFailed.

    The log is told the reason and nothing else: what a card says and how an engine is reached are nobody's business.
    """
    began, failure = clock.monotonic(), ""
    try:
        return ask()
    except EngineFailed as error:
        failure = error.code
        structlog.get_logger().warning("cards.engine_failed", engine=engine.name, reason=failure)
        raise
    finally:
        calls.append(EngineCall(engine.name, round((clock.monotonic() - began) * 1000), failure))


def looks_foreign(line: TextLine) -> bool:
    """Whether an engine without Cyrillic met it here: few letters for the room, Greek ones, or doubt."""
    room = line.quad.width / max(line.quad.height, 1)
    if room < 1.5 or NET.search(line.text) or DIGITS.match(line.text):
        return False
    if GREEK.search(line.text) or sum(map(str.isalnum, line.text)) < SPARSE * room:
        return True
    return line.confidence < SURE


def _is_cyrillic(text: str) -> bool:
    """Whether most letters are Cyrillic, and enough of them to be no misread icon."""
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    return cyrillic >= 2 and cyrillic > latin
