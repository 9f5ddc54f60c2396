"""The port of text recognition: what an engine gets, what it gives back, and how it is known to a cache."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradepost.crm.cards.geometry import FlatCard
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import EngineCall


@dataclass(frozen=True, slots=True)
class Reading:
    """What one engine made of one line, and how sure it is, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line: its place on the flat card, what it says, and what else an engine made of it.

    `also` is the other engine's reading where two read the line: digits are often better there.
    """

    quad: Quad
    text: str
    confidence: float
    engine: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card as it is read upright, with its lines in no particular order, and which engines were asked for them."""

    card: FlatCard
    lines: tuple[TextLine, ...]
    calls: tuple[EngineCall, ...] = ()


class Recogniser(Protocol):
    """An engine that finds and reads the print on a flat card, whichever way up it lies."""

    @property
    def name(self) -> str:
        """The engine's name in settings, caches and metrics."""

    @property
    def version(self) -> str:
        """What changes whenever the same picture may be read differently."""

    @property
    def knows_cyrillic(self) -> bool:
        """Whether it reads Cyrillic, so that no other engine has to."""

    def read(self, card: FlatCard) -> ReadCard:
        """Return the lines. Raises EngineFailed."""


class LineReader(Protocol):
    """An engine that reads lines which another engine found."""

    @property
    def name(self) -> str:
        """The engine's name in settings, caches and metrics."""

    @property
    def version(self) -> str:
        """What changes whenever the same picture may be read differently."""

    def read_lines(self, crops: Sequence[Pixels]) -> list[Reading]:
        """Return a reading for each crop, empty where nothing was read. Raises EngineFailed."""


class EngineFailed(Exception):
    """The engine is not there, took too long or gave an answer that makes no sense; `code` is the reason in figures."""

    def __init__(self, sentence: str, code: str = "failed") -> None:
        super().__init__(sentence)
        self.code = code
