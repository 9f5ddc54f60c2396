"""What a file is, told from its bytes."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.sheet.encoding import Encoding, Survey
from mainstay.sheet.problem import SheetProblem

WESTERN = "name;price\nCrème brûlée;2,49\nGoûter à l'œuf – 3 €;1,00\nJus d'été;3,20\n"
CYRILLIC = "наименование;цена\nМолоко топлёное;89,90\nХлеб «Бородинский»;45,00\n"


def survey(content: bytes, size: int = 7) -> Encoding:
    """Return the encoding of a file that arrives in pieces of `size` bytes."""
    found = Survey()
    for start in range(0, len(content), size):
        found.feed(content[start : start + size])
    return found.encoding()


@pytest.mark.parametrize("size", [1, 7, 4096])
@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        ("name,price\nBread,1.00\n", "ascii", Encoding("utf-8")),
        (WESTERN, "utf-8", Encoding("utf-8")),
        (CYRILLIC, "utf-8", Encoding("utf-8")),
        (WESTERN, "utf-8-sig", Encoding("utf-8", 3)),
        (WESTERN, "cp1252", Encoding("cp1252")),
        (CYRILLIC, "cp1251", Encoding("cp1251")),
        (CYRILLIC, "utf-16", Encoding("utf-16-le", 2)),
        (WESTERN, "utf-16-le", Encoding("utf-16-le")),
        (WESTERN, "utf-16-be", Encoding("utf-16-be")),
    ],
)
def test_encodings_of_spreadsheets_are_told_apart(text: str, codec: str, expected: Encoding, size: int) -> None:
    assert survey(text.encode(codec), size) == expected


def test_a_mark_of_the_other_byte_order_is_seen() -> None:
    assert survey(codecs.BOM_UTF16_BE + WESTERN.encode("utf-16-be")) == Encoding("utf-16-be", 2)


def test_letters_that_come_late_in_a_file_are_seen() -> None:
    assert survey(b"name,price\n" + b"Bread,1.00\n" * 10_000 + "Crème,1.00\n".encode("cp1252"), 4096).codec == "cp1252"


def test_bytes_that_one_code_page_lacks_decide() -> None:
    assert survey("name,price\nЏак,1\n".encode("cp1251")).codec == "cp1251"
    with pytest.raises(SheetProblem, match="encoding of this file is unknown"):
        survey(b"name,price\n\x81\x98,1\n")


def test_half_a_character_at_the_end_is_not_utf_8() -> None:
    assert survey("name,price\nCrème,1 €".encode()[:-1]).codec == "cp1252"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><title>Name</title>", "page of the web"),
        (b"<HTML>\nname,price\n", "page of the web"),
        (b'<?xml version="1.0"?><svg/>', "page of the web"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x1f\x8b\x08\x00", "packed"),
        (bytes(range(256)) * 20, "not a table"),
        (b"\x7fELF\x02\x01\x01" + bytes(64), "not a table"),
    ],
)
def test_files_of_other_kinds_are_named(content: bytes, sentence: str) -> None:
    with pytest.raises(SheetProblem, match=sentence):
        survey(content)


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_are_an_encoding_or_a_problem(content: bytes, size: int) -> None:
    try:
        found = survey(content, size)
    except SheetProblem:
        return
    assert codecs.lookup(found.codec)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1))
def test_what_was_written_as_utf_8_is_read_as_utf_8(text: str) -> None:
    content = b"name,price\n" + text.encode()
    assert survey(content).codec == "utf-8"
