"""The chain of engines: who reads first, who stands in, and which lines are read again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from structlog.testing import capture_logs

from tradepost.crm.cards.engines.chain import Chain, looks_foreign
from tradepost.crm.cards.engines.port import EngineFailed, ReadCard, Reading, TextLine
from tradepost.crm.cards.geometry import FlatCard
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import EngineCall

CARD = FlatCard(np.zeros((100, 400, 3), np.uint8), np.eye(3))
WIDE = Quad.box(10, 10, 310, 40)


def line(text: str, confidence: float = 0.98) -> TextLine:
    return TextLine(WIDE, text, confidence, "first")


@dataclass
class Engine:
    """An engine outside of the program that gives what it was told."""

    name: str
    lines: tuple[TextLine, ...] = ()
    readings: list[Reading] = field(default_factory=list)
    is_broken: bool = False
    version: str = "1"
    crops: int = 0
    knows_cyrillic: bool = False

    def read(self, card: FlatCard) -> ReadCard:
        if self.is_broken:
            raise EngineFailed("it is broken", "broken")
        return ReadCard(card, self.lines)

    def read_lines(self, crops: Sequence[Pixels]) -> list[Reading]:
        self.crops = len(crops)
        if self.is_broken:
            raise EngineFailed("it is broken", "broken")
        return self.readings


def test_the_first_engine_that_answers_reads_the_card() -> None:
    chain = Chain((Engine("a", is_broken=True), Engine("b", (line("Kestrel Tools Limited"),))))
    assert [one.text for one in chain.read(CARD).lines] == ["Kestrel Tools Limited"]


def test_without_any_answer_every_reason_is_told() -> None:
    with pytest.raises(EngineFailed, match="a: it is broken; b: it is broken"):
        Chain((Engine("a", is_broken=True), Engine("b", is_broken=True))).read(CARD)


def test_without_any_engine_that_is_told() -> None:
    with pytest.raises(EngineFailed, match="no engine of text recognition is installed"):
        Chain(()).read(CARD)


def test_lines_in_cyrillic_are_read_again_and_keep_the_first_reading() -> None:
    first = Engine("a", (line("TeneφoH: +7 831 426 45 96"), line("info@granit.example.ru")))
    second = Engine("b", readings=[Reading("Телефон: +7 831 426 45 96", 0.9)])
    again, net = Chain((first,), second).read(CARD).lines
    assert (again.text, again.also, again.engine) == ("Телефон: +7 831 426 45 96", "TeneφoH: +7 831 426 45 96", "b")
    assert net.engine == "first"
    assert second.crops == 1


def test_a_second_reading_that_is_not_cyrillic_or_not_sure_is_left() -> None:
    lines = (line("Λ Kestrel and Tools and more"), line("Hammersmiths"), line("Odalys Fennimore of"))
    second = Engine("b", readings=[Reading("Kestrel", 0.9), Reading("Наммер", 0.2), Reading("", 0.0)])
    read = Chain((Engine("a", lines),), second).read(CARD)
    assert read.lines == lines


def test_a_card_without_doubtful_lines_is_read_once() -> None:
    second = Engine("b")
    Chain((Engine("a", (line("Kestrel Tools Limited"),)),), second).read(CARD)
    assert second.crops == 0


@pytest.mark.parametrize(
    ("text", "confidence", "is_foreign"),
    [
        ("Kestrel Tools Limited", 0.98, False),
        ("Kestrel Tools Limited", 0.7, True),
        (". , . 35", 0.95, True),
        ("TeneφoH: and more of it", 0.97, True),
        ("+7 812", 0.6, False),
        ("a@b.ru", 0.5, False),
    ],
)
def test_what_an_engine_without_cyrillic_cannot_read_is_noticed(text: str, confidence: float, is_foreign: bool) -> None:
    assert looks_foreign(line(text, confidence)) is is_foreign


def test_a_narrow_mark_is_no_foreign_line() -> None:
    assert not looks_foreign(TextLine(Quad.box(0, 0, 30, 30), "", 0.0, "first"))


def test_the_version_names_every_engine_once() -> None:
    both = Engine("b", version="2")
    assert Chain((Engine("a"), both), both).version == "a/1 b/2"
    assert Chain((Engine("a"),), both).version == "a/1 b/2"


FOREIGN = line("TeneφoH: +7 831 426 45 96")


def told(calls: Sequence[EngineCall]) -> list[tuple[str, str]]:
    return [(call.engine, call.failure) for call in calls]


def test_each_call_is_told_with_its_failure_and_its_time() -> None:
    chain = Chain((Engine("a", is_broken=True), Engine("b", (FOREIGN,))), Engine("c", readings=[Reading("", 0.0)]))
    calls = chain.read(CARD).calls
    assert told(calls) == [("a", "broken"), ("b", ""), ("c", "")]
    assert all(0 <= call.milliseconds < 1000 for call in calls)


def test_an_engine_that_knows_cyrillic_leaves_nothing_to_read_again() -> None:
    second = Engine("b")
    read = Chain((Engine("a", (FOREIGN,), knows_cyrillic=True),), second).read(CARD)
    assert (told(read.calls), second.crops) == ([("a", "")], 0)


def test_lines_stay_as_they_were_read_when_the_second_engine_fails() -> None:
    read = Chain((Engine("a", (FOREIGN,)),), Engine("b", is_broken=True)).read(CARD)
    assert (read.lines, told(read.calls)) == ((FOREIGN,), [("a", ""), ("b", "broken")])


def test_a_failure_is_logged_by_engine_and_reason_alone() -> None:
    with capture_logs() as entries:
        Chain((Engine("a", is_broken=True), Engine("b", (line("Kestrel Tools Limited"),)))).read(CARD)
    assert entries == [{"log_level": "warning", "event": "cards.engine_failed", "engine": "a", "reason": "broken"}]
