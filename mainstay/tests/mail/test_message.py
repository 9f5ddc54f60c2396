"""A mail's head and parts: nothing that a person wrote makes a line of its own, and each try has the same bytes."""

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from uuid import UUID

import pytest

from mainstay.mail.address import BadAddress
from mainstay.mail.letter import Button, Letter
from mainstay.mail.message import Envelope, Mail, build

MOMENT = datetime(2026, 11, 29, 10, 8, tzinfo=UTC)
LETTER = Letter("en", "A subject", "A heading", ("A paragraph.",), button=Button("Open", "https://shop.example/"))
KNOWN = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}
INJECTIONS = [
    "Ada\r\nBcc: eve@evil.example",
    "Ada\nBcc: eve@evil.example",
    "Ada\rBcc: eve@evil.example",
    "Ada\r\n\r\n<script>alert(1)</script>",
    "Ada\u2028Bcc: eve@evil.example",
    "Ada\x85Bcc: eve@evil.example",
    "Ada\x0bBcc: eve@evil.example",
    "=?utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=",
    "=?utf-8?b?QWRhDQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
    "==??utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=",
    "Ada <eve@evil.example>, x",
    "Ada" + "\r\n " * 50 + "Bcc: eve@evil.example",
]


def envelope(name: str = "Ada", sender_name: str = "Shop", recipient: str = "ada@engine.example") -> Envelope:
    return Envelope(UUID(int=7), MOMENT, "desk@shop.example", sender_name, recipient, name)


def read(mail: Mail) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(mail.content)
    assert isinstance(message, EmailMessage)
    return message


def subject(text: str) -> Letter:
    return Letter("en", text, "A heading", ("A paragraph.",))


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("place", ["recipient", "sender", "subject"])
def test_no_text_adds_a_line_to_the_head(place: str, text: str) -> None:
    """Red without `head_line`: Python's library decodes the encoded words and writes a Bcc of its own, and raises for
    the others, so that the mail would never leave.
    """
    made = {
        "recipient": lambda: build(envelope(name=text), LETTER),
        "sender": lambda: build(envelope(sender_name=text), LETTER),
        "subject": lambda: build(envelope(), subject(text)),
    }[place]()

    message = read(made)
    assert set(message.keys()) == KNOWN
    assert [one.addr_spec for one in message["To"].addresses] == ["ada@engine.example"]
    assert [one.addr_spec for one in message["From"].addresses] == ["desk@shop.example"]
    assert (made.sender, made.recipient) == ("desk@shop.example", "ada@engine.example")
    assert {part.get_content_type() for part in message.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }


def test_an_address_that_is_more_than_one_is_never_built() -> None:
    with pytest.raises(BadAddress):
        build(envelope(recipient="ada@engine.example\r\nBcc: eve@evil.example"), LETTER)


def test_a_retry_is_recognised_and_nobodys_absence_note_answers() -> None:
    first, second = build(envelope(), LETTER), build(envelope(), LETTER)

    assert first.content == second.content
    message = read(first)
    assert message["Message-ID"] == f"<{UUID(int=7)}@shop.example>"
    assert message["Date"].datetime == MOMENT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"


def test_russian_goes_through_servers_of_seven_bits() -> None:
    letter = Letter("ru", "Новый пароль", "Задайте новый пароль", ("Здравствуйте, Ёжик!",))

    mail = build(envelope(name="Ёжик"), letter)

    assert mail.content.isascii()
    assert all(len(line) <= 998 for line in mail.content.split(b"\r\n"))
    message = read(mail)
    assert (message["Subject"], message["To"].addresses[0].display_name) == ("Новый пароль", "Ёжик")
    body = message.get_body(("plain",))
    assert body is not None
    assert "Здравствуйте, Ёжик!" in body.get_content()


def test_a_foreign_local_part_asks_for_a_server_that_knows_it() -> None:
    assert build(envelope(recipient="ада@engine.example"), LETTER).is_international
    assert not build(envelope(), LETTER).is_international


def test_a_line_that_is_a_dot_alone_ends_no_mail() -> None:
    mail = build(envelope(), Letter("en", "S", "H", ("before\n.\nafter", ".")))

    assert read(mail).get_body(("plain",)) is not None
    assert b"after" in mail.content
