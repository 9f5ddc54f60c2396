"""Letters: both parts say the same, values stay text, and dates are written as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mainstay.mail.letter import Button, Catalogue, Letter, count_text, lay_out, moment_text
from mainstay.mail.settings import Language

MOMENT = datetime(2026, 5, 3, 7, 5, tzinfo=UTC)
LETTERS = Catalogue("mainstay.modules.identity")
VALUES = {
    "name": "Ada",
    "brand": "Corner Shop",
    "account": "ada@engine.example",
    "role": "Cashier",
    "at": "now",
    "until": "then",
    "inviter": "Olga",
    "kind": "passkey",
}


def test_both_parts_say_everything() -> None:
    letter = Letter(
        "en",
        "Subject",
        "Heading",
        ("First.", "Second."),
        facts=(("Role", "Cashier"),),
        button=Button("Open", "https://shop.example/x#token"),
        notes=("Small print.",),
        reason="Because.",
    )

    for part in lay_out(letter, "Corner Shop"):
        for text in ("Heading", "First.", "Second.", "Role", "Cashier", "Open", "Small print.", "Because."):
            assert text in part
        assert "https://shop.example/x#token" in part
        assert "Corner Shop" in part


def test_the_page_is_in_the_letters_language_and_brings_nothing_from_elsewhere() -> None:
    _, html = lay_out(Letter("ru", "Тема", "Заголовок", ("Абзац.",)), "Лавка")

    assert '<html lang="ru"' in html
    for foreign in ("<img", "<link", "<script", "@import", "url(", "src="):
        assert foreign not in html


def test_markup_in_a_value_is_shown_and_does_nothing() -> None:
    """Practice 9: red without autoescape."""
    hostile = '<script>alert(1)</script> & <a href="https://evil.example">x</a>'

    letter = LETTERS.write("invitation", "en", {**VALUES, "name": hostile}, 'https://shop.example/"><b>')

    text, html = lay_out(letter, hostile)
    assert "<script>" not in html
    assert '<a href="https://evil.example' not in html
    assert '"><b>' not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in html
    assert hostile in text


def test_a_value_that_looks_like_a_place_to_fill_in_stays_as_it_is() -> None:
    letter = LETTERS.write("invitation", "en", {**VALUES, "name": "{brand.__class__} {{ 7 * 7 }}"}, "https://x.example")

    text, html = lay_out(letter, "Shop")
    assert "{brand.__class__} {{ 7 * 7 }}" in text
    assert "{brand.__class__} {{ 7 * 7 }}" in html


def test_a_letter_is_the_same_after_it_was_kept() -> None:
    letter = LETTERS.write("invitation", "ru", VALUES, "https://shop.example/join#x")

    assert Letter.from_json(letter.to_json()) == letter
    bare = Letter("en", "s", "h", ("p",))
    assert Letter.from_json(bare.to_json()) == bare


def test_a_fact_without_a_value_is_left_out() -> None:
    letter = LETTERS.write("invitation", "en", {**VALUES, "role": ""}, "https://shop.example")

    assert [label for label, _ in letter.facts] == ["Account", "Link works until"]


@pytest.mark.parametrize(("language", "text"), [("en", "3 May 2026, 07:05 UTC"), ("ru", "3 мая 2026 г., 07:05 UTC")])
def test_a_moment_is_written_in_utc_whatever_its_zone(language: Language, text: str) -> None:
    assert moment_text(MOMENT.astimezone(timezone(timedelta(hours=5))), language) == text


def test_a_word_that_the_catalogue_lacks_is_shown_as_people_named_it() -> None:
    assert LETTERS.word("ru", "roles", "cashier") == "Кассир"
    assert LETTERS.word("ru", "roles", "Ночная смена") == "Ночная смена"


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [(7, "7", "7"), (3000, "3,000", "3 000"), (1234567, "1,234,567", "1 234 567")],
)
def test_thousands_stand_apart_as_the_language_has_it(count: int, english: str, russian: str) -> None:
    assert (count_text(count, "en"), count_text(count, "ru")) == (english, russian)
