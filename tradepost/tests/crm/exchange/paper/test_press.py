"""Sheets as PDF: every script is drawn, and what cannot be is said; the text is read back from the file."""

import io
import json
import unicodedata
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from tradepost.crm.exchange.paper.content import Around, Language, make_sheet
from tradepost.crm.exchange.paper.press import print_sheet
from tradepost.crm.exchange.record import ContactRecord, Email

# Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Thai, Bengali, Tamil, Georgian, Armenian, and those of the East.
NAMES = (
    "Zoë Müller", "Борис Пастернак", "Αλέξανδρος", "محمد الأمين", "דוד בן", "अनुष्का शर्मा", "สมชาย ใจดี", "বাংলা",
    "தமிழ்", "გიორგი", "Հայկ", "王小明", "田中 さくら", "김민준",
)  # fmt: skip
NOTHING = [Path("/nowhere")]


def text_of(*names: str, language: Language = "en") -> str:
    """Return a sheet as the press takes it."""
    records = [ContactRecord(name, emails=(Email("somebody.with.a.long.name@example.com"),)) for name in names]
    sheet = make_sheet(records, Around("Zoë’s Café", date(2026, 11, 29), language, "FR"), "letter")
    return json.dumps(asdict(sheet), ensure_ascii=False)


def read(pdf: bytes) -> str:
    """Return the text of all pages, its spaces single."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def empty_boxes(pdf: bytes) -> int:
    """Return how many glyphs of a file are those that stand for a missing letter: the first of each font."""
    reader = PdfReader(io.BytesIO(pdf))
    streams = [ContentStream(page.get_contents(), reader) for page in reader.pages]
    shown = [
        operands[0] for stream in streams for operands, operator in stream.operations if operator in {b"Tj", b"TJ"}
    ]
    texts = [
        one for some in shown for one in (some if isinstance(some, list) else [some]) if hasattr(one, "original_bytes")
    ]
    glyphs = [
        text.original_bytes[place : place + 2] for text in texts for place in range(0, len(text.original_bytes), 2)
    ]
    assert glyphs
    return glyphs.count(b"\0\0")


@pytest.mark.parametrize("name", NAMES)
def test_the_letters_of_every_script_are_drawn(name: str) -> None:
    """Rule 33: each script is kept, also on paper; letters that are joined are still the same text."""
    text = read(print_sheet(text_of(name)))
    assert "[U+" not in text
    assert {letter for letter in name if not unicodedata.category(letter).startswith("M")} <= set(text)
    assert "29 November 2026" in text


def test_scripts_are_drawn_side_by_side_and_the_picture_is_not_empty() -> None:
    pdf = print_sheet(text_of(*NAMES))
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    dark = sum(count for level, count in enumerate(page.histogram()) if level < 128)
    assert dark > 3000
    assert empty_boxes(pdf) == 0
    assert "no font" not in read(pdf)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_sheet_says_which_letters_it_lacks(language: Language) -> None:
    text = read(print_sheet(text_of("田中 Ann", "Bob 🧑\u200d💻", language=language), NOTHING))
    assert "[U+7530][U+4E2D] Ann" in text
    assert "Bob [adult][personal computer]" in text
    assert "fonts-noto-cjk" in text
    assert ("have no font" in text) is (language == "en")


def test_nothing_that_is_written_is_read_as_markup() -> None:
    name = '#read("/etc/passwd") *bold* $x$ \\ "q" <b> [y] //'
    assert name in read(print_sheet(text_of(name)))


def test_a_long_address_stays_within_its_column() -> None:
    """What is copied from the sheet is the address and nothing else."""
    assert "somebody.with.a.long.name @example.com" in read(print_sheet(text_of("Ann")))


def test_many_contacts_fill_pages_with_their_numbers() -> None:
    pages = PdfReader(io.BytesIO(print_sheet(text_of(*(f"Ann {number}" for number in range(200)))))).pages
    assert len(pages) > 1
    assert f"2 / {len(pages)}" in pages[1].extract_text()
