"""Escaped values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.exchange.vcard.escaping import escape, escape_uri, from_old_value, split, unescape

TEXT = st.text(st.sampled_from("a\\,;:n\n"))


@given(TEXT)
def test_what_was_escaped_is_had_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text(st.sampled_from("a\\,;:nN")))
def test_a_uri_is_had_back(text: str) -> None:
    assert unescape(escape_uri(text)) == text


@given(st.lists(TEXT, min_size=1))
def test_parts_are_had_back(parts: list[str]) -> None:
    assert [unescape(part) for part in split(";".join(map(escape, parts)), ";")] == parts


def test_a_backslash_that_escapes_nothing_stays() -> None:
    assert unescape("C:\\Temp\\") == "C:\\Temp\\"


@pytest.mark.parametrize(
    ("value", "is_list", "text"),
    [
        ("a, b", False, "a, b"),
        ("a\\;b", False, "a;b"),
        ("a\\, b\\:c", False, "a, b:c"),
        ("C:\\new", False, "C:\\new"),
        ("one\r\ntwo\rthree", False, "one\ntwo\nthree"),
    ],
)
def test_old_values_say_the_same_in_the_later_syntax(value: str, is_list: bool, text: str) -> None:
    assert unescape(from_old_value(value, is_list=is_list)) == text


def test_old_lists_are_parted_by_commas_and_old_texts_are_not() -> None:
    assert split(from_old_value("a,b", is_list=True), ",") == ["a", "b"]
    assert split(from_old_value("a,b", is_list=False), ",") == ["a\\,b"]
