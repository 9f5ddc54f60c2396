"""Addresses and lines of a mail's head: nothing that somebody wrote ends a line or an address there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.mail.address import BadAddress, checked_address, clean, mailbox

HOSTILE = [
    "ada@engine.example\r\nBcc: eve@evil.example",
    "ada@engine.example\nBcc: eve@evil.example",
    "ada\r\nRCPT TO:<eve@evil.example>@engine.example",
    "ada@engine.example>\r\nDATA",
    "ada>@engine.example",
    "<ada@engine.example>",
    "ada@engine.example,eve@evil.example",
    "ada@engine.example eve@evil.example",
    '"ada eve"@engine.example',
    "ada;eve@engine.example",
    "ada(eve)@engine.example",
    "ada\x00@engine.example",
    "ada\u2028@engine.example",
    "ada@engine.example\u2028Bcc: x@y",
    "ada@[127.0.0.1]",
    "=?utf-8?q?a=0D=0Ab?=@engine.example",
    "ada@engine..example",
    "ada@-engine.example",
    "ada@engine_1.example",
    "@engine.example",
    "ada@",
    "ada",
    "",
    ".ada@engine.example",
    "ada..b@engine.example",
    "a" * 65 + "@engine.example",
    "ada@" + "e" * 64 + ".example",
    "ada@" + ".".join(["e" * 60] * 5),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_be_more_than_one_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress) as failure:
        checked_address(text)

    assert "example" not in str(failure.value)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@engine.example", "ada@engine.example"),
        (" Ada.Love+lace@Engine.EXAMPLE ", "Ada.Love+lace@engine.example"),
        ("o'brien@engine.example", "o'brien@engine.example"),
        ("ада@почта.example", "ада@xn--80a1acny.example"),
    ],
)
def test_addresses_that_people_have_are_taken(text: str, address: str) -> None:
    """Rule 31: the domain in lower case and IDNA form, the local part as typed."""
    assert checked_address(text) == address


@given(st.text())
def test_whatever_is_taken_is_one_line_with_one_at(text: str) -> None:
    try:
        address = checked_address(text)
    except BadAddress:
        return
    assert address.count("@") == 1
    assert not set(address) & set('\r\n <>,;:"()[]\\')
    assert address.isprintable()


@given(st.text())
def test_a_cleaned_text_is_one_line(text: str) -> None:
    assert len(clean(text).splitlines()) <= 1
    assert not set(clean(text)) & set("\r\n\x00\u202e\u2066")


def test_names_keep_every_letter_of_every_script() -> None:
    for name in ("Ольга Ёлкина", "O’Brien-Smith", "علی\u200cرضا", "田中", "👩\u200d🔬 Ada"):
        assert clean(name) == name


def test_a_name_cannot_turn_the_direction_of_what_follows() -> None:
    assert clean("Ada\u202emoc.knab") == "Ada moc.knab"


def test_a_name_with_marks_is_quoted_and_stays_a_name() -> None:
    made = mailbox('Eve" <eve@evil.example>, "Ada', "ada@engine.example")

    assert made.addr_spec == "ada@engine.example"
    assert str(made) == '"Eve\\" <eve@evil.example>, \\"Ada" <ada@engine.example>'
