"""Single properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.exchange.vcard.content_line import ContentLine, clean_line, parse_line

VALUES = st.text(st.sampled_from("aé ;,:\"^'\n="), min_size=1).map(str.strip).filter(bool)


@given(st.lists(VALUES, min_size=1).map(tuple), st.text(st.sampled_from("a;:\\,")))
def test_a_line_is_had_back(values: tuple[str, ...], value: str) -> None:
    line = ContentLine("ADR", value, (("LABEL", values),), "item1")
    assert parse_line(str(line)) == line


def test_a_parameter_without_a_name_is_known_by_its_value() -> None:
    line = parse_line("PHOTO;BASE64;INLINE;JPEG:x", is_old=True)
    assert line is not None
    assert line.parameters == (("ENCODING", ("BASE64",)), ("VALUE", ("INLINE",)), ("TYPE", ("JPEG",)))


@pytest.mark.parametrize("text", ['TEL;TYPE="work,VOICE":1', "TEL;TYPE=work;type=voice:1", "tel;WORK;;VOICE:1"])
def test_types_may_stand_in_many_ways(text: str) -> None:
    line = parse_line(text)
    assert line is not None
    assert (line.key, line.types(), line.value) == ("TEL", ["work", "voice"], "1")


def test_a_quoted_value_holds_every_separator() -> None:
    line = parse_line('item1.ADR;LABEL="a:b;c,d^n^^^\'":;;')
    assert line is not None
    assert (line.group, line.values("LABEL"), line.value) == ("item1", ['a:b;c,d\n^"'], ";;")


def test_carets_of_the_old_version_are_plain_signs() -> None:
    line = parse_line("X-A;X-B=^n:1", is_old=True)
    assert line is not None
    assert line.values("X-B") == ["^n"]


@pytest.mark.parametrize("text", ["", "no property", "ÄÖ:1", ":1", "TEL;TYPE=work"])
def test_what_is_no_property_is_none(text: str) -> None:
    assert parse_line(text) is None


def test_many_quotation_marks_take_no_long_time() -> None:
    assert parse_line("A" + ';B="' * 20_000) is None


def test_a_cleaned_line_is_one_line() -> None:
    line = clean_line(ContentLine("X-A", "e\u0301\r\nEND:VCARD\0", (("X-B", ("1\n2",)),)))
    assert str(line) == "X-A;X-B=1 2:é END:VCARD"
