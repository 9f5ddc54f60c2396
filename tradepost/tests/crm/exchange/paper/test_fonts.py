"""Which fonts a text needs, and what is said of letters without one."""

from pathlib import Path

import pytest

from tradepost.crm.exchange.paper.fonts import FOLDERS, choose_fonts, is_drawn, named


def test_a_text_gets_the_fonts_of_its_scripts_and_no_others() -> None:
    families = [font.family for font in choose_fonts("Zoë Борис Αλέξ สมชาย").fonts]
    assert families == ["Noto Sans", "Noto Sans Thai"]


def test_bold_letters_come_from_the_same_family() -> None:
    [font] = choose_fonts("Zoë").fonts
    assert (font.path.name, font.bold and font.bold.name) == ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


def test_letters_that_no_font_has_are_told() -> None:
    """U+10FFFF is no letter; of Egypt's signs one is left to be missing where folders hold nothing."""
    choice = choose_fonts("A\u200d\ufe0f \U0010ffff田", [Path("/nowhere")])
    assert (choice.fonts, choice.missing) == ((), frozenset("田"))


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"no font")
    assert choose_fonts("Ж", [tmp_path]).missing == frozenset("Ж")
    assert choose_fonts("Ж", [tmp_path, *FOLDERS]).missing == frozenset()


@pytest.mark.parametrize(("letter", "expected"), [("a", True), ("\u0301", True), (" ", False), ("\u200f", False)])
def test_only_what_is_drawn_needs_a_font(letter: str, expected: bool) -> None:
    assert is_drawn(letter) is expected


@pytest.mark.parametrize(("letter", "text"), [("😀", "[grinning face]"), ("田", "[U+7530]"), ("€", "[U+20AC]")])
def test_a_missing_letter_is_written_so_that_it_can_be_read(letter: str, text: str) -> None:
    assert named(letter) == text
