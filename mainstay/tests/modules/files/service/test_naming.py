"""Names of files, made safe without losing a letter of any script."""

import pytest

from mainstay.modules.files.service.naming import LONGEST, ascii_name, disposition, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("dawn.png", "dawn.png"),
        ("Прайс-лист 2026.pdf", "Прайс-лист 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\dawn.png", "dawn.png"),
        ("a\u202egnp.exe", "agnp.exe"),
        ('a<b>:"c"|d?*.png', "a_b___c__d__.png"),
        ("con.png", "_con.png"),
        ("COM1", "_COM1"),
        ("  . a   b . ", "a b"),
        ("...", "file"),
        ("\x00\x1f", "file"),
        ("e\u0301.png", "é.png"),
    ],
)
def test_a_name_can_be_shown_and_saved_anywhere(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("ж" * 300 + ".webp")
    assert len(name) == LONGEST
    assert name.endswith("ж.webp")


def test_a_header_holds_a_plain_name_and_the_real_one() -> None:
    assert disposition('Прайс "1".pdf') == (
        "attachment; filename=\"_____ _1_.pdf\"; filename*=UTF-8''%D0%9F%D1%80%D0%B0%D0%B9%D1%81%20%221%22.pdf"
    )
    assert disposition("a.png", inline=True).startswith('inline; filename="a.png"')


def test_a_name_without_a_plain_letter_has_a_plain_name() -> None:
    assert ascii_name("Прайс") == "file"
    assert "\r" not in ascii_name("a\r\nb")
