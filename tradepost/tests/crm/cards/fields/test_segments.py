"""Lines as the rules read them."""

import pytest

from tradepost.crm.cards.engines.port import TextLine
from tradepost.crm.cards.fields.segments import clean, segments_of
from tradepost.crm.cards.quad import Quad


def line(text: str, left: float, top: float, also: str = "") -> TextLine:
    return TextLine(Quad.box(left, top, left + 200, top + 30), text, 0.9, "engine", also)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Tel：+49 （0）30", "Tel:+49 (0)30"),
        ("☎ • Odalys  Fennimore ", "Odalys Fennimore"),
        ("АННА BYPOBA", "АННА ВУРОВА"),
        ("téléνision", "télévision"),
        ('000 "Орбита"', 'ООО "Орбита"'),
        ("OOO «Гранит»", "ООО «Гранит»"),
        ("Benoi\u0302t", "Benoît"),
        ("Модель BMW", "Модель BMW"),
    ],
)
def test_print_is_read_as_it_was_meant(read: str, meant: str) -> None:
    """Rule 33: NFC, every letter of its script kept; only marks and letters of the wrong script are mended."""
    assert clean(read) == meant


def test_lines_come_in_rows_from_the_left() -> None:
    lines = [line("third", 10, 100), line("second", 300, 14), line("first", 10, 10), line("|", 10, 50)]
    assert [(one.line, one.text) for one in segments_of(lines)] == [(0, "first"), (1, "second"), (2, "third")]


def test_a_part_of_a_line_takes_its_share_of_the_box() -> None:
    (segment,) = segments_of([line("abcd efgh ", 0, 0)])
    part = segment.part(5, 9)
    assert part.text == "efgh"
    assert (round(part.quad.left), round(part.quad.right)) == (111, 200)


def test_the_other_reading_of_a_line_is_kept() -> None:
    (segment,) = segments_of([line("Телефон: 1", 0, 0, also="TeneφoH： 1")])
    assert segment.also == "TeneφoH: 1"
